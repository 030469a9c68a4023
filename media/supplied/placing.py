"""From the units of a supplied file to pixels of the page; and places for a text that came without any."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import mean

from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein

from core.errors import InvalidInput
from media.lines import Box, Direction, TextLine
from media.supplied.sheets import GivenLine, Place, Run, Sheet

_COLUMN_RATIO = 1.5
_OTHER_SHAPE = 0.05
"""How far the proportions of the file's page may differ from those of the image."""


def lines_of(sheet: Sheet, width: int, height: int, *, dpi: float | None, name: str) -> list[TextLine]:
    """The lines of a sheet on a page image of so many pixels.

    Raises:
        InvalidInput: the file describes a page of another shape, does not tell its unit, or no places at all, or
            places beyond every number.
    """
    across, down = _scales(sheet, width, height, dpi, name)
    found = []
    for line in sheet.lines:
        try:
            placed = _line(line, across, down, (width, height))
        except (OverflowError, ValueError) as fault:
            # Numbers that are finite each, but whose sum or product is not.
            raise InvalidInput(
                _("“%(name)s” holds a place that is no number (%(reason)s).") % {"name": name, "reason": fault}
            ) from fault
        if placed is None:
            raise InvalidInput(
                _("“%(name)s” does not tell where the line “%(line)s” stands. Supply it as plain text instead.")
                % {"name": name, "line": "".join(run.text for run in line.runs)[:40]}
            )
        found.append(placed)
    return found


def aligned(text: str, machine: Sequence[TextLine], width: int, height: int) -> list[TextLine]:
    """A text without places, each character where the machine read it or its counterpart.

    What the machine did not read stands between its neighbours of the same line; a line of which it read nothing is
    given the whole page, for nothing better is known.
    """
    known = [(box, line.direction) for line in machine for box in line.characters]
    read = "".join(line.text for line in machine)
    wanted = [line.strip() for line in text.splitlines()]
    given = "".join(wanted)
    boxes: list[Box | None] = [None] * len(given)
    directions: list[Direction] = ["h"] * len(given)
    for edit in Levenshtein.opcodes(read, given):
        if edit.tag not in {"equal", "replace"}:
            continue
        for source, target in zip(
            range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end), strict=False
        ):
            boxes[target], directions[target] = known[source]
    found, offset, block = [], 0, 0
    for line in wanted:
        if not line:
            block += 1
            continue
        end = offset + len(line)
        found.append(_aligned_line(line, boxes[offset:end], directions[offset:end], Box(0, 0, width, height), block))
        offset = end
    return found


def _scales(sheet: Sheet, width: int, height: int, dpi: float | None, name: str) -> tuple[float, float]:
    """Pixels per unit of the file, across and down."""
    if sheet.width and sheet.height and sheet.width > 0 and sheet.height > 0:
        across, down = width / sheet.width, height / sheet.height
        if abs(across / down - 1) > _OTHER_SHAPE:
            raise InvalidInput(
                _(
                    "“%(name)s” describes a page of %(wide)g × %(high)g, the image has %(width)d × %(height)d pixels: "
                    "the proportions differ. Is it the file of another page?"
                )
                % {"name": name, "wide": sheet.width, "high": sheet.height, "width": width, "height": height}
            )
        return across, down
    if sheet.per_inch is None:
        return 1.0, 1.0
    if dpi is None:
        raise InvalidInput(
            _("“%(name)s” gives places in parts of an inch, but no page size, and the image states no resolution.")
            % {"name": name}
        )
    return dpi / sheet.per_inch, dpi / sheet.per_inch


def _line(line: GivenLine, across: float, down: float, page: tuple[int, int]) -> TextLine | None:
    """The line in pixels; None where no place in it is known."""
    text = "".join(run.text for run in line.runs)
    outline = line.place or _hull([place for run in line.runs for place in run.places])
    if outline is None:
        return None
    tall = (outline.bottom - outline.top) * down >= _COLUMN_RATIO * (outline.right - outline.left) * across
    direction: Direction = "v" if tall and len(text) > 1 else "h"
    places = _places(line.runs, outline, direction)
    boxes = tuple(_box(place, across, down, page) for place in places)
    sure = [share for run in line.runs for share in run.confidences]
    told = [share for share in sure if share is not None]
    is_told = len(told) == sum(not character.isspace() for character in text)
    average = mean(told) if told else 1.0
    return TextLine(
        text=text,
        box=Box.around((_box(outline, across, down, page), *boxes)),
        direction=direction,
        confidence=min(max(average, 0.0), 1.0),
        characters=boxes,
        block=line.block,
        confidences=tuple(min(max(average if share is None else share, 0.0), 1.0) for share in sure) if is_told else (),
    )


def _places(runs: Sequence[Run], outline: Place, direction: Direction) -> list[Place]:
    """One place per character: the run's own, the run's place divided evenly, or a share of the line."""
    if not any(run.places for run in runs):
        return list(_divided(outline, direction, sum(len(run.text) for run in runs)))
    found: list[Place] = []
    for number, run in enumerate(runs):
        if len(run.places) == len(run.text):
            found += run.places
            continue
        place = run.places[0] if run.places else _between(found, runs[number + 1 :], outline, direction)
        found += _divided(place, direction, len(run.text))
    return found


def _between(before: Sequence[Place], after: Sequence[Run], outline: Place, direction: Direction) -> Place:
    """The gap before the next run that has a place."""
    following = next((run.places[0] for run in after if run.places), None)
    beside = before[-1] if before else following or outline
    if direction == "v":
        start = before[-1].bottom if before else outline.top
        end = following.top if following else outline.bottom
        return Place(beside.left, start, beside.right, max(end, start))
    start = before[-1].right if before else outline.left
    end = following.left if following else outline.right
    return Place(start, beside.top, max(end, start), beside.bottom)


def _divided(place: Place, direction: Direction, count: int) -> Iterator[Place]:
    """The place cut into equal parts along the line."""
    start, end = (place.top, place.bottom) if direction == "v" else (place.left, place.right)
    for one, two in pairwise(start + (end - start) * number / count for number in range(count + 1)):
        yield Place(place.left, one, place.right, two) if direction == "v" else Place(one, place.top, two, place.bottom)


def _hull(places: Sequence[Place]) -> Place | None:
    if not places:
        return None
    return Place(
        min(place.left for place in places),
        min(place.top for place in places),
        max(place.right for place in places),
        max(place.bottom for place in places),
    )


def _box(place: Place, across: float, down: float, page: tuple[int, int]) -> Box:
    """A place in whole pixels inside the page; at least one."""
    width, height = page
    left, top = (
        min(max(round(place.left * across), 0), width - 1),
        min(max(round(place.top * down), 0), height - 1),
    )
    right, bottom = min(round(place.right * across), width), min(round(place.bottom * down), height)
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))


def _aligned_line(
    text: str, boxes: Sequence[Box | None], directions: Sequence[Direction], page: Box, block: int
) -> TextLine:
    known = [box for box in boxes if box is not None]
    if not known:
        return TextLine(text, page, "h", 1.0, (page,) * len(text), block)
    upright = sum(direction == "v" for direction, box in zip(directions, boxes, strict=True) if box is not None)
    direction: Direction = "v" if 2 * upright > len(known) else "h"
    filled = tuple(box or _nearest(boxes, place) for place, box in enumerate(boxes))
    return TextLine(text, Box.around(filled), direction, 1.0, filled, block)


def _nearest(boxes: Sequence[Box | None], place: int) -> Box:
    """The place of the nearest character that has one; there is one."""
    order = sorted(range(len(boxes)), key=lambda other: abs(other - place))
    return next(box for box in (boxes[other] for other in order) if box is not None)
