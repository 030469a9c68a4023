"""The bare engine as a program: reads the image whose path stands on each line of its input, answers one line each."""

import sys
from pathlib import Path

from media.engines import rapidocr


def main() -> None:
    """Answer each path with the number of characters that were read."""
    for line in sys.stdin:
        found = rapidocr.recognise(Path(line.rstrip("\n")))
        print(sum(len(each.text) for each in found.lines), flush=True)


if __name__ == "__main__":
    main()
