"""The report on a delivery as a table for people (CSV) and for programs (JSON)."""

import csv
import json
from io import StringIO
from typing import Final

from core.text import inert
from media.intake.delivery import Plan

COLUMNS: Final = ("severity", "code", "file", "unit", "message", "remedy")


def as_csv(plan: Plan) -> str:
    """One row for each finding, with a byte order mark so that spreadsheets read the Chinese; no cell is a formula."""
    output = StringIO()
    writer = csv.DictWriter(output, COLUMNS)
    writer.writeheader()
    for finding in plan.findings:
        writer.writerow({name: inert(value) for name, value in finding.as_row().items()})
    return "\ufeff" + output.getvalue()


def as_json(plan: Plan) -> str:
    """The findings, and every file that would be taken in with its unit and page, in order."""
    return json.dumps(
        {
            "key": plan.key,
            "files": plan.total,
            "to_take": len(plan.files),
            "left_out": plan.left_out,
            "units": plan.unit_count,
            "bytes": plan.size,
            "is_stopped": plan.is_stopped,
            "findings": [finding.as_row() for finding in plan.findings],
            "taken": [{"file": file.name, "unit": file.unit_code, "page": file.page} for file in plan.files],
        },
        ensure_ascii=False,
        indent=2,
    )
