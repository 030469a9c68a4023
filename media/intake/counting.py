"""The pages of one unit in a delivery: order, gaps, repetitions, their number against the catalogue (D-10)."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from media import ingest
from media.intake.catalogue import Kept, UnitRow
from media.intake.delivery import Placed
from media.intake.findings import Code, Finding, found

_MOST_SHOWN = 12


def in_order(group: Sequence[Placed], row: UnitRow, kept: Kept, findings: list[Finding]) -> list[Placed]:
    """The files of a unit by page, those without a number after them by name; what is wrong goes to ``findings``."""
    numbered: dict[int, Placed] = {}
    others: list[Placed] = []
    for each in sorted(group, key=lambda each: ingest.natural(each.entry.name)):
        if each.page is None:
            others.append(each)
            continue
        twin = numbered[each.page].name.shown if each.page in numbered else kept.numbers.get(each.page)
        if twin is None:
            numbered[each.page] = each
        else:
            findings.append(
                found(Code.DUPLICATE_PAGE, file=each.name.shown, unit=row.code, page=each.page, detail=twin)
            )
    files = [*(numbered[page] for page in sorted(numbered)), *others]
    findings += _order(numbered, others, row, kept)
    findings += _gaps(numbered, row, kept)
    findings += _extent(numbered, files, row, kept)
    return files


def spans(numbers: Iterable[int]) -> str:
    """Numbers as they are said: 3–5, 9; after a dozen an ellipsis."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_MOST_SHOWN]]
    return ", ".join(shown) + (" …" if len(runs) > _MOST_SHOWN else "")


def _order(numbered: dict[int, Placed], others: Sequence[Placed], row: UnitRow, kept: Kept) -> Iterator[Finding]:
    if numbered:
        for each in others:
            yield found(
                Code.OUT_OF_ORDER, file=each.name.shown, unit=row.code, detail=_("it has no page number, others have")
            )
    last = max(kept.numbers, default=0)
    early = [page for page in numbered if page < last]
    if early:
        detail = _("pages %(pages)s would come after page %(last)d, which is there") % {
            "pages": spans(early),
            "last": last,
        }
        yield found(Code.OUT_OF_ORDER, unit=row.code, detail=detail)


def _gaps(numbered: dict[int, Placed], row: UnitRow, kept: Kept) -> Iterator[Finding]:
    """Numbers that nobody has between the first page and the last; a first page of 0 is a cover."""
    there = numbered.keys() | kept.numbers.keys()
    if not numbered or (kept.files and not kept.numbers):
        return
    span = min(max(there), len(there) * 100 + 1000)
    lacking = [page for page in range(1, span + 1) if page not in there]
    if lacking:
        yield found(Code.GAP, unit=row.code, detail=spans(lacking))


def _extent(numbered: dict[int, Placed], files: Sequence[Placed], row: UnitRow, kept: Kept) -> Iterator[Finding]:
    if row.pages is None:
        return
    for page, each in sorted(numbered.items()):
        if page > row.pages:
            yield found(Code.SURPLUS, file=each.name.shown, unit=row.code, page=page, detail=row.pages)
    frames = [each.frames for each in files]
    if files and None not in frames:
        total = kept.pages + sum(frame or 0 for frame in frames)
        if total != row.pages:
            yield found(Code.PAGE_COUNT, unit=row.code, detail=row.pages, page=total)
