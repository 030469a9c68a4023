"""Quality control of scans: measured by machine, judged by people, signed off by the lot (DA/T 31-2017)."""

from media.quality import findings
from media.quality.checking import check
from media.quality.units import Order, check_unit, order

__all__ = ["Order", "check", "check_unit", "findings", "order"]
