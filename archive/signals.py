"""News of the archive, sent inside the transaction that made it; the only way upwards."""

from django.dispatch import Signal

records_changed = Signal()
"""Records were created, changed, or became visible or invisible; ``record_ids``: their keys."""

opening_asked = Signal()
"""Somebody wants to open the record ``record``; each receiver answers with a list of reasons against it."""
