"""The bare engine as a program: reads the image whose path stands on each line of its input, answers one line each."""

import sys
from pathlib import Path

from media.engines import rapidocr, vips


def main() -> None:
    """Answer each path with the number of characters that were read."""
    for line in sys.stdin:
        found = rapidocr.bare(vips.rgb_array(Path(line.rstrip("\n"))))
        print(sum(map(len, found)), flush=True)


if __name__ == "__main__":
    main()
