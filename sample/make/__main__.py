"""Make the sample sheets: ``python -m sample.make [NAME …]``, from the root of the project.

Writes ``sample/sheets/<name>.json`` and the images beside it. The fonts come from Debian packages (``fonts-noto-cjk``,
``fonts-noto-cjk-extra``, ``fonts-lxgw-wenkai``); they are needed here only.
"""

from __future__ import annotations

import logging
import sys

from sample.make import arrangement
from sample.make.sheets import make
from sample.make.texts import read_sheets

logger = logging.getLogger("sample.make")


def main(names: list[str]) -> None:
    """Make the named sheets, or all of them."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    sheets = read_sheets()
    logger.info("arrangement: %d units", arrangement.write(sheets))
    for sheet in sheets:
        if not names or sheet.name in names or sheet.name[:2] in names:
            written = make(sheet)
            logger.info("%s: %d lines, %d facts, %d kB", sheet.name, written.lines, written.facts, written.kilobytes)


if __name__ == "__main__":
    main(sys.argv[1:])
