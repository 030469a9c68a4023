"""The text of a page as ALTO 4.4: blocks, lines, runs and characters with their places (O-02, O-03).

It is written from the stored text whenever somebody asks, so it is never older than the text, its state and its masks.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from media.assembly import layout
from media.assembly.layout import Block, Table
from media.assembly.sheets import Sheet
from media.lines import Box, TextLine
from media.models import PageText

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
VERSION = "4.4"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
MASKED = "█"
_STATE, _MASK = "state", "masked"
_FILE_NAMES = frozenset({"file"})
"""Settings that name a file as it was received, which may hold the name of a person: for the desk alone."""

# What XML 1.0 cannot carry, even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class _Numbers:
    """Identifiers, counted by kind."""

    reached: dict[str, int] = field(default_factory=dict)

    def next(self, kind: str) -> str:
        self.reached[kind] = self.reached.get(kind, 0) + 1
        return f"{kind}{self.reached[kind]}"


def write(sheet: Sheet) -> bytes:
    """One page as an ALTO document; boxes are in pixels of the upright page image."""
    root = Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {SCHEMA}",
            "SCHEMAVERSION": VERSION,
        },
    )
    arranged = layout.arrange(sheet.lines)
    steps = _describe(SubElement(root, "Description"), sheet)
    _tag(SubElement(root, "Tags"), sheet, arranged)
    order = Element("ReadingOrder")
    page = SubElement(SubElement(root, "Layout"), "Page", _page_attributes(sheet, steps))
    space = SubElement(page, "PrintSpace", _place(Box(0, 0, sheet.page.width, sheet.page.height)))
    blocks = _Writer(sheet).write(space, arranged)
    if blocks:
        root.insert(2, order)
        group = SubElement(order, "OrderedGroup", {"ID": "order"})
        for number, block in enumerate(blocks, start=1):
            SubElement(group, "ElementRef", {"ID": f"order{number}", "REF": block})
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


class _Writer:
    """Writes the blocks of one page."""

    def __init__(self, sheet: Sheet) -> None:
        self.numbers = _Numbers()
        self.is_corrected = sheet.reading is not None and sheet.reading.quality == PageText.Quality.PROOFREAD
        self.marks_masks = sheet.page.is_masked and not sheet.for_desk

    def write(self, parent: Element, arranged: Iterable[Block | Table]) -> list[str]:
        """The blocks below ``parent``; the identifiers of the text blocks in reading order."""
        written = []
        for part in arranged:
            if isinstance(part, Block):
                written.append(self._block(parent, part, _STATE))
                continue
            table = {"ID": self.numbers.next("table"), "TYPE": "table", "TAGREFS": _STATE, **_place(part.box)}
            frame = SubElement(parent, "ComposedBlock", table)
            for row, cells in enumerate(part.rows, start=1):
                for column, cell in enumerate(cells, start=1):
                    written.append(self._block(frame, cell, f"{_STATE} row{row} column{column}"))
        return written

    def _block(self, parent: Element, block: Block, tags: str) -> str:
        identifier = self.numbers.next("block")
        attributes = {"ID": identifier, "TAGREFS": tags, **_place(block.box)}
        attributes["BASEDIRECTION"] = "ttb" if block.direction == "v" else "ltr"
        if self.is_corrected:
            attributes["CS"] = "true"
        element = SubElement(parent, "TextBlock", attributes)
        for line in block.lines:
            self._line(element, line)
        return identifier

    def _line(self, parent: Element, line: TextLine) -> None:
        attributes = {"ID": self.numbers.next("line"), **_place(line.box)}
        attributes["BASEDIRECTION"] = "ttb" if line.direction == "v" else "ltr"
        element = SubElement(parent, "TextLine", attributes)
        before = 0
        for start, end in layout.words(line):
            if before:
                SubElement(element, "SP", _place(Box.around(line.characters[before:start])))
            self._string(element, line, start, end)
            before = end

    def _string(self, parent: Element, line: TextLine, start: int, end: int) -> None:
        sure = line.confidences[start:end]
        attributes = {
            "ID": self.numbers.next("string"),
            "CONTENT": _written(line.text[start:end]),
            **_place(Box.around(line.characters[start:end])),
            "WC": _share(sum(sure) / len(sure) if sure else line.confidence),
        }
        if self.marks_masks and MASKED in line.text[start:end]:
            attributes["TAGREFS"] = _MASK
        element = SubElement(parent, "String", attributes)
        for index in range(start, end):
            glyph = {"CONTENT": _written(line.text[index]), **_place(line.characters[index])}
            if sure:
                glyph["GC"] = _share(line.confidences[index])
            SubElement(element, "Glyph", glyph)


def _describe(description: Element, sheet: Sheet) -> list[str]:
    """What was measured and done; the identifiers of the steps."""
    SubElement(description, "MeasurementUnit").text = "pixel"
    source = SubElement(description, "sourceImageInformation")
    SubElement(source, "fileName").text = _written(sheet.file_name)
    SubElement(source, "fileIdentifier", {"fileIdentifierLocation": "SHA-512"}).text = sheet.page.digital_object.sha512
    SubElement(
        source, "documentIdentifier", {"documentIdentifierLocation": "ARK"}
    ).text = sheet.page.unit.record.ark_text
    steps = []
    for number, reading in enumerate(_history(sheet), start=1):
        steps.append(f"processing{number}")
        settings = {
            name: value for name, value in reading.settings.items() if sheet.for_desk or name not in _FILE_NAMES
        }
        _process(SubElement(description, "Processing", {"ID": steps[-1]}), reading, settings)
    return steps


def _history(sheet: Sheet) -> list[PageText]:
    """The reading by machine, and the last correction of it where there is one."""
    current = sheet.reading
    if current is None:
        return []
    if current.origin != PageText.Origin.CORRECTED:
        return [current]
    earlier = sheet.page.texts.exclude(origin=PageText.Origin.CORRECTED).filter(pk__lt=current.pk)
    machine = earlier.defer("text", "lines", "public_text", "public_lines").order_by("-pk").first()
    return [machine, current] if machine is not None else [current]


def _process(step: Element, reading: PageText, settings: Mapping[str, object]) -> None:
    """One step of the making of the text (O-03); who corrected it is not told, for it is not public."""
    is_correction = reading.origin == PageText.Origin.CORRECTED
    SubElement(step, "processingCategory").text = "contentModification" if is_correction else "contentGeneration"
    SubElement(step, "processingDateTime").text = reading.created_at.isoformat(timespec="seconds")
    SubElement(step, "processingStepDescription").text = reading.get_origin_display()
    SubElement(step, "processingStepDescription").text = f"quality: {reading.quality}"
    if reading.confidence is not None:
        SubElement(step, "processingStepDescription").text = f"mean confidence: {_share(reading.confidence)}"
    if settings:
        SubElement(step, "processingStepSettings").text = _written(json.dumps(settings, sort_keys=True))
    software = SubElement(step, "processingSoftware")
    SubElement(software, "softwareName").text = _written(reading.engine)
    SubElement(software, "softwareVersion").text = _written(reading.engine_version)


def _tag(tags: Element, sheet: Sheet, arranged: Sequence[Block | Table]) -> None:
    """The state of the text (O-04), places in tables, and what stands for masked characters."""
    tables = [part for part in arranged if isinstance(part, Table)]
    for number in range(1, max((len(table.rows) for table in tables), default=0) + 1):
        SubElement(tags, "StructureTag", {"ID": f"row{number}", "TYPE": "row", "LABEL": str(number)})
    columns = max((len(row) for table in tables for row in table.rows), default=0)
    for number in range(1, columns + 1):
        SubElement(tags, "StructureTag", {"ID": f"column{number}", "TYPE": "column", "LABEL": str(number)})
    quality = sheet.reading.quality if sheet.reading else "none"
    told = sheet.reading.get_quality_display() if sheet.reading else _("This page has not been read yet.")
    SubElement(tags, "OtherTag", {"ID": _STATE, "TYPE": "text quality", "LABEL": quality, "DESCRIPTION": told})
    if sheet.page.is_masked and not sheet.for_desk:
        told = _("Masked: each █ stands for characters that may not be shown.")
        SubElement(tags, "OtherTag", {"ID": _MASK, "TYPE": "masking", "LABEL": "masked", "DESCRIPTION": told})


def _page_attributes(sheet: Sheet, steps: Sequence[str]) -> dict[str, str]:
    page = sheet.page
    attributes = {
        "ID": f"page{page.number}",
        "PHYSICAL_IMG_NR": str(page.number),
        "WIDTH": str(page.width),
        "HEIGHT": str(page.height),
        "ROTATION": "0",
        "LANG": page.unit.language,
    }
    if page.printed_number:
        attributes["PRINTED_IMG_NR"] = _written(page.printed_number)
    if sheet.reading is not None and sheet.reading.confidence is not None:
        attributes["PC"] = _share(sheet.reading.confidence)
    if steps:
        attributes["PROCESSINGREFS"] = " ".join(steps)
    return attributes


def _place(box: Box) -> dict[str, str]:
    return {"HPOS": str(box.x), "VPOS": str(box.y), "WIDTH": str(box.w), "HEIGHT": str(box.h)}


def _share(number: float) -> str:
    """A share between 0 and 1, as the schema asks."""
    return f"{min(max(number, 0.0), 1.0):.3g}"


def _written(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
