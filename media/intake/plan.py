"""What a delivery would give, matched with the catalogue both ways (data link 100 %, D-14), before anything is written.

Files are matched with units by the names of their folders and their own (D-07), units with files by what the catalogue
says is there. The plan says of every file where it goes and in which order, and names everything that is missing,
surplus or out of order.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from archive.models import Unit
from media import ingest
from media.intake import catalogue, counting, looking, names
from media.intake.catalogue import Kept, UnitRow
from media.intake.delivery import Entry, Placed, Plan, PlannedFile
from media.intake.findings import Code, Finding, found
from media.intake.names import ScanName


def entries_in(paths: Sequence[Path]) -> list[Entry]:
    """The files named, and those in the folders named, under the name of the folder, in natural order.

    Raises:
        InvalidInput: a path is neither a file nor a folder.
    """
    entries = []
    for given in paths:
        for path in ingest.files_in([given]):
            within = Path(given.resolve().name) / path.relative_to(given) if given.is_dir() else Path(path.name)
            try:
                size = path.stat().st_size
            except OSError:
                size = 0
            entries.append(Entry(str(within), size, path))
    return entries


def draw_up(entries: Iterable[Entry], *, unit: Unit | None = None, scope: Unit | None = None) -> Plan:
    """Match a delivery with the catalogue.

    With ``unit`` everything belongs to that unit, whatever the names say. Otherwise the names decide; with ``scope``
    the delivery must belong to that unit or what is below, and every unit there must have its files.
    """
    read = [(entry, names.read(entry.name)) for entry in entries]
    findings = [finding for _entry, name in read for finding in name.findings]
    within = catalogue.row_of(scope) if scope is not None else None
    placed = _by_unit(read, catalogue.row_of(unit)) if unit is not None else _by_names(read, within, findings)
    safe = [each for each in placed if not _is_refused(each.name)]
    rows = {each.row.pk: each.row for each in safe}
    expected = catalogue.expected_under(within) if within is not None else []
    kept = catalogue.kept_in([*rows, *(row.pk for row in expected)])
    there: list[int] = []
    files = _without_twins(_without_unreadable(safe, findings), findings, there)
    taken: list[PlannedFile] = []
    for row, group in _grouped(files):
        group = counting.in_order(group, row, kept.get(row.pk, Kept()), findings)
        taken += (PlannedFile(each.entry, each.name.name, row.pk, row.code, each.page) for each in group)
    findings += _without_files(expected, rows, kept)
    findings.sort(key=lambda finding: (finding.severity != "stop", finding.severity != "refused"))
    stopped = any(finding.stops_all for finding in findings)
    return Plan(
        files=() if stopped else tuple(taken),
        findings=tuple(findings),
        total=len(read),
        unit_count=len({file.unit_id for file in taken}),
        key=_key(read, unit or scope),
        there=tuple(there),
    )


def _by_unit(read: Sequence[tuple[Entry, ScanName]], row: UnitRow) -> Iterator[Placed]:
    for entry, name in read:
        yield Placed(entry, name, row, catalogue.page_in(name))


def _by_names(
    read: Sequence[tuple[Entry, ScanName]], scope: UnitRow | None, findings: list[Finding]
) -> Iterator[Placed]:
    units = catalogue.units_by_code(code for _entry, name in read for code in name.codes)
    for entry, name in read:
        if _is_refused(name):
            continue
        found_place = place(entry, name, units)
        if isinstance(found_place, Finding):
            findings.append(found_place)
        elif scope is not None and not found_place.row.is_under(scope):
            findings.append(found(Code.OUTSIDE, file=name.shown, unit=found_place.row.code, detail=scope.code))
        else:
            yield found_place


def place(entry: Entry, name: ScanName, units: dict[str, UnitRow]) -> Placed | Finding:
    """Where a file belongs. The folder decides; a name that contradicts it, or can be read in two ways, is no guess."""
    folder = next((units[code] for code in name.folders if code in units), None)
    whole, by_page = units.get(name.whole), units.get(name.code)
    if folder is None:
        if whole is not None and by_page is not None:
            return found(Code.NAME_AMBIGUOUS, file=name.shown, unit=by_page.code, detail=whole.code)
        if whole is not None:
            return Placed(entry, name, whole, None)
        if by_page is not None:
            return Placed(entry, name, by_page, name.page)
        return found(Code.UNIT_UNKNOWN, file=name.shown, detail=names.visible(", ".join(name.codes[:3])))
    if by_page is not None and by_page.pk == folder.pk:
        return Placed(entry, name, folder, name.page)
    for row, page in ((whole, None), (by_page, name.page)):
        if row is not None and row.is_under(folder):
            return Placed(entry, name, row, page)
    other = whole or by_page
    if other is not None:
        return found(Code.NAME_OTHER_UNIT, file=name.shown, unit=folder.code, detail=other.code)
    return Placed(entry, name, folder, catalogue.page_in(name))


def _is_refused(name: ScanName) -> bool:
    return any(finding.stops_file for finding in name.findings)


def _without_unreadable(placed: Iterable[Placed], findings: list[Finding]) -> Iterator[Placed]:
    for each in placed:
        path = each.entry.path
        seen = looking.look(path) if path is not None else looking.promised(each.name.name)
        if seen.fault:
            code, detail = Code.UNREADABLE, seen.fault
        elif seen.category is None:
            code, detail = Code.FORMAT, ""
        else:
            each.frames = seen.pages
            yield each
            continue
        findings.append(found(code, file=each.name.shown, unit=each.row.code, detail=detail))


def _without_twins(placed: Iterable[Placed], findings: list[Finding], there: list[int]) -> Iterator[Placed]:
    """Leave out what is kept already or came twice. Only files of one size are read: only they can be alike."""
    all_ = list(placed)
    sizes = Counter(each.entry.size for each in all_)
    known = catalogue.known_by_size(sizes)
    seen: dict[str, str] = {}
    for each in all_:
        path, size = each.entry.path, each.entry.size
        if path is None or (sizes[size] == 1 and size not in known):
            yield each
            continue
        digest = looking.digest(path)
        file, code = each.name.shown, each.row.code
        twins = [twin for twin in known.get(size, []) if twin.sha512 == digest]
        here = [twin.pk for twin in twins if twin.unit_id == each.row.pk]
        if here:
            there += here
            findings.append(found(Code.ALREADY_THERE, file=file, unit=code))
        elif twins:
            findings.append(found(Code.KEPT_ELSEWHERE, file=file, unit=code, detail=twins[0].unit_code))
        elif digest in seen:
            findings.append(found(Code.DUPLICATE_FILE, file=file, unit=code, detail=seen[digest]))
        else:
            seen[digest] = file
            yield each


def _grouped(placed: Iterable[Placed]) -> list[tuple[UnitRow, list[Placed]]]:
    """The files of each unit; the units in the order of the first of their files."""
    groups: dict[int, list[Placed]] = defaultdict(list)
    for each in placed:
        groups[each.row.pk].append(each)
    return [(group[0].row, group) for group in groups.values()]


def _without_files(expected: Iterable[UnitRow], rows: dict[int, UnitRow], kept: dict[int, Kept]) -> Iterator[Finding]:
    """The other way round: the units of the catalogue for which nothing came and nothing is there."""
    for row in expected:
        if row.pk not in rows and row.pk not in kept:
            yield found(Code.MISSING, unit=row.code)


def _key(read: Iterable[tuple[Entry, ScanName]], unit: Unit | None) -> str:
    digest = hashlib.sha256(str(unit.pk if unit is not None else "").encode())
    for name, size in sorted((entry.name, entry.size) for entry, _name in read):
        digest.update(f"\n{size} {name}".encode(errors="surrogatepass"))
    return digest.hexdigest()[:12]
