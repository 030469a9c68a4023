"""ALTO 2, 3 and 4 as others write it: pages, blocks, lines, strings, and glyphs where there are any."""

import math
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.supplied.sheets import Given, GivenLine, Place, Run, Sheet
from media.supplied.trees import local

_PER_INCH = {"mm10": 254.0, "inch1200": 1200.0}
_NAMESPACE = re.compile(r"\{http://(?:www\.loc\.gov/standards/alto|schema\.ccs-gmbh\.com)/?(?:ns-v(\d)#?|.*)\}alto")
_READ = frozenset({"2", "3", "4"})


def read(root: Element, *, name: str) -> Given:
    """The pages of an ALTO file.

    Raises:
        InvalidInput: another version, or numbers that are none.
    """
    version = _version(root)
    if version not in _READ:
        raise InvalidInput(
            _("“%(name)s” is ALTO %(version)s; versions 2, 3 and 4 are read.") % {"name": name, "version": version}
        )
    per_inch = _PER_INCH.get(_text(root, "MeasurementUnit"))
    try:
        sheets = [_sheet(page, per_inch) for page in root.iter() if local(page) == "Page"]
    except (ValueError, OverflowError) as fault:
        raise InvalidInput(
            _("“%(name)s” holds a place that is no number (%(reason)s).") % {"name": name, "reason": fault}
        ) from fault
    maker = " ".join(word for word in (_text(root, "softwareName"), _text(root, "softwareVersion")) if word)
    return Given(f"ALTO {version}", maker, sheets)


def _version(root: Element) -> str:
    """The major version, by the namespace or by what the file says; 2 where it says nothing."""
    named = _NAMESPACE.fullmatch(root.tag)
    if named is not None and named[1]:
        return named[1]
    return (root.get("SCHEMAVERSION") or "2").partition(".")[0]


def _text(root: Element, wanted: str) -> str:
    return next(((element.text or "").strip() for element in root.iter() if local(element) == wanted), "")


def _sheet(page: Element, per_inch: float | None) -> Sheet:
    sheet = Sheet(_number(page, "WIDTH"), _number(page, "HEIGHT"), per_inch)
    for number, block in enumerate(each for each in page.iter() if local(each) == "TextBlock"):
        for line in (each for each in block.iter() if local(each) == "TextLine"):
            given = GivenLine(number, _place(line), list(_runs(line)))
            if given.runs:
                sheet.lines.append(given)
    return sheet


def _runs(line: Element) -> Iterator[Run]:
    is_apart = False
    before: Run | None = None
    for element in line:
        kind = local(element)
        if kind == "SP":
            is_apart = True
        elif kind in {"String", "HYP"}:
            run = _run(element)
            if run is None:
                continue
            if before is not None and (
                is_apart or (before.text[-1].isascii() and run.text[0].isascii() and kind != "HYP")
            ):
                yield Run(" ", [], [None])
            yield run
            before, is_apart = run, False


def _run(element: Element) -> Run | None:
    text = element.get("CONTENT", "")
    if not text.strip():
        return None
    place = _place(element)
    glyphs = [each for each in element if local(each) == "Glyph"]
    if "".join(each.get("CONTENT", "") for each in glyphs) == text and len(glyphs) == len(text):
        places = [_place(each) or place for each in glyphs]
        if all(each is not None for each in places):
            sure = [_number(each, "GC") for each in glyphs]
            return Run(text, [each for each in places if each is not None], sure)
    return Run(text, [] if place is None else [place], _sure(element, len(text)))


def _sure(element: Element, count: int) -> list[float | None]:
    """``CC`` tells how unsure each character is, from 0 to 9; ``WC`` how sure the whole is, from 0 to 1."""
    unsure = re.findall(r"\d", element.get("CC", ""))
    if len(unsure) == count:
        return [1 - int(digit) / 9 for digit in unsure]
    return [_number(element, "WC")] * count


def _place(element: Element) -> Place | None:
    left, top = _number(element, "HPOS"), _number(element, "VPOS")
    wide, high = _number(element, "WIDTH"), _number(element, "HEIGHT")
    if left is None or top is None or wide is None or high is None:
        return None
    place = Place(left, top, left + wide, top + high)
    return None if place.is_empty else place


def _number(element: Element, key: str) -> float | None:
    text = element.get(key, "").strip()
    if not text:
        return None
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
