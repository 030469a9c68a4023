"""Contrast of the colours (A-01) and the size of targets (A-04), read from the stylesheets."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
PAIRS = [
    (text, ground)
    for text in ("ink", "ink-soft", "red", "red-deep", "sea", "mountain")
    for ground in ("paper", "paper-deep", "sheet", "red-wash", "sea-wash", "mountain-wash")
] + [("ink", "hit"), ("paper", "ink")]


def colours() -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (STYLES / "tokens.css").read_text()))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_reaches_four_and_a_half_to_one(text: str, ground: str) -> None:
    found = colours()
    lighter, darker = sorted((luminance(found[text]), luminance(found[ground])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_targets_are_at_least_forty_four_pixels() -> None:
    tokens = (STYLES / "tokens.css").read_text()

    (target,) = re.findall(r"--target: ([\d.]+)rem", tokens)
    assert float(target) * 16 >= 44


def test_every_custom_property_that_is_used_is_defined() -> None:
    sheets = {name: (STYLES / name).read_text() for name in ("tokens.css", "base.css", "portal.css")}
    defined = set(re.findall(r"(--[a-z0-9-]+):", sheets["tokens.css"]))

    used = {name for sheet in sheets.values() for name in re.findall(r"var\((--[a-z0-9-]+)", sheet)}
    assert used <= defined
