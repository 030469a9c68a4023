"""A unit as one PDF: the pictures of its pages, and unseen over them their text (O-02, PDF/A-2u).

The pictures of JPEG masters go in as they are where nothing is masked, turned or too large; all others are drawn from
the pyramid. Nothing of a PDF that was received goes in, so no script, attachment or link of it can. The pages are
written in parts and joined, so that memory does not grow with the document.
"""

import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pikepdf
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, NumberTree, OutlineItem
from PIL import ImageCms

from core.errors import Unavailable
from media import storage
from media.assembly import glyphless, jpegs, text_layer
from media.assembly.glyphless import Codes
from media.assembly.jpegs import Jpeg
from media.assembly.sheets import AT_ONCE, Sheet
from media.engines import vips

POINTS = 72.0
ASSUMED_DPI = 300
SHOWN_DPI = 200
"""Resolution of pictures that are drawn anew: what DA/T 31 asks of a scan for reading (D-01)."""

MOST_PIXELS = 20_000_000
"""Of a picture that is drawn anew."""

MOST_UNTOUCHED = 1_500_000
"""Bytes of a master that go in as they are; a larger one would make the document too heavy to be sent."""

_LONGEST = 14_400.0  # points: the longest side that readers must show (PDF 32000-1, annex C)


@dataclass(frozen=True, slots=True)
class About:
    """What the document says of itself: its title, where it comes from, who may use it how, how good its text is."""

    title: str
    identifiers: Sequence[str]
    creator: str
    source: str
    rights: str
    state: str
    language: str


def write(pages: Iterable[Sheet], about: About, target: Path) -> None:
    """Write the document; there must be at least one page, and all must have images.

    Raises:
        NotFound: a page is masked and has not been redrawn yet.
        InvalidInput: the image of a page cannot be read.
        Unavailable: the disk cannot take it.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="assembly-") as folder, ExitStack() as stack:
            document = stack.enter_context(pikepdf.new())
            numbers: list[int] = []
            for count, part in enumerate(_parts(pages)):
                place = Path(folder) / f"{count}.pdf"
                _write_part(part, place)
                document.pages.extend(stack.enter_context(pikepdf.open(place)).pages)
                numbers += [sheet.page.number for sheet in part]
            _label(document, numbers)
            _describe(document, about)
            document.save(target, linearize=True, deterministic_id=True, object_stream_mode=_COMPACT)
    except (OSError, pikepdf.PikepdfError) as fault:
        raise Unavailable(
            _("The document could not be written (%(reason)s). Check the disk, then try again.") % {"reason": fault}
        ) from fault


_COMPACT = pikepdf.ObjectStreamMode.generate


def _parts(pages: Iterable[Sheet]) -> Iterator[list[Sheet]]:
    waiting = iter(pages)
    while part := list(islice(waiting, AT_ONCE)):
        yield part


def _write_part(part: Sequence[Sheet], place: Path) -> None:
    """Some pages with fonts of their own."""
    codes = Codes()
    with pikepdf.new() as document:
        for sheet in part:
            _add_page(document, sheet, codes)
        fonts = document.make_indirect(glyphless.embed(document, codes)) if codes.given else None
        for page in document.pages:
            if fonts is not None:
                page.obj.Resources.Font = fonts
        document.save(place, object_stream_mode=_COMPACT)


def _add_page(document: pikepdf.Pdf, sheet: Sheet, codes: Codes) -> None:
    picture = _picture(sheet)
    scale = POINTS / (sheet.page.dpi or ASSUMED_DPI)
    scale = min(scale, _LONGEST / max(sheet.page.width, sheet.page.height))
    wide, high = sheet.page.width * scale, sheet.page.height * scale
    image = document.make_stream(picture.content)
    image.Type, image.Subtype = Name.XObject, Name.Image
    image.Width, image.Height, image.BitsPerComponent = picture.width, picture.height, 8
    image.ColorSpace = Name.DeviceGray if picture.colours == 1 else Name.DeviceRGB
    image.Filter = Name.DCTDecode
    shown = f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm /Picture Do Q\n".encode("ascii")
    layer = text_layer.operators(sheet.lines, sheet.page.height, scale, codes)
    page = document.add_blank_page(page_size=(round(wide, 4), round(high, 4)))
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=image))
    page.obj.Contents = document.make_stream(shown + layer)


def _picture(sheet: Sheet) -> Jpeg:
    """The picture of a page: the master's own data where that is allowed, otherwise drawn from the pyramid."""
    page = sheet.page
    place = sheet.image
    untouched = _untouched(sheet)
    if untouched is not None:
        return untouched
    factor = min(1.0, SHOWN_DPI / (page.dpi or ASSUMED_DPI), (MOST_PIXELS / (page.width * page.height)) ** 0.5)
    wide, high = max(1, round(page.width * factor)), max(1, round(page.height * factor))
    content = vips.region(place, 0, 0, page.width, page.height, wide, high)
    return Jpeg(content, wide, high, 3)


def _untouched(sheet: Sheet) -> Jpeg | None:
    page, source = sheet.page, sheet.page.digital_object
    may_be = source.media_type == "image/jpeg" and source.size <= MOST_UNTOUCHED and page.turn == 0
    if not may_be or (page.is_masked and not sheet.for_desk):
        return None
    try:
        found = jpegs.bare(storage.original_path(source.sha512).read_bytes())
    except OSError as fault:
        raise Unavailable(
            _("The file storage does not work (%(reason)s). Check its disk and rights, then try again.")
            % {"reason": fault.strerror or type(fault).__name__}
        ) from fault
    return found if found is not None and (found.width, found.height) == (page.width, page.height) else None


def _label(document: pikepdf.Pdf, numbers: Sequence[int]) -> None:
    """Page labels and an outline by the numbers of the pages within their unit (PDF 32000-1, 12.4.2 and 12.3.3)."""
    labels = NumberTree.new(document)
    for index, number in enumerate(numbers):
        if index == 0 or number != numbers[index - 1] + 1:
            labels[index] = Dictionary(S=Name.D, St=number)
    document.Root.PageLabels = labels.obj
    with document.open_outline() as outline:
        outline.root.extend(
            OutlineItem(_("Page %(number)d") % {"number": number}, index) for index, number in enumerate(numbers)
        )


def _describe(document: pikepdf.Pdf, about: About) -> None:
    """Language, colours, and metadata as XMP (ISO 19005-2, 6.2.2 and 6.6)."""
    root = document.Root
    root.Lang = about.language
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    profile = document.make_stream(_srgb())
    profile.N, profile.Alternate = 3, Name.DeviceRGB
    root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name.GTS_PDFA1,
                OutputConditionIdentifier="sRGB",
                Info="sRGB IEC61966-2.1",
                DestOutputProfile=profile,
            )
        ]
    )
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = about.title
        metadata["dc:description"] = about.state
        metadata["dc:identifier"] = "; ".join(about.identifiers)
        metadata["dc:publisher"] = {about.source}
        metadata["dc:source"] = about.source
        metadata["dc:language"] = {about.language}
        if about.creator:
            metadata["dc:creator"] = [about.creator]
        if about.rights:
            metadata["dc:rights"] = about.rights
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "U"


def _srgb() -> bytes:
    """The colour space of all pictures, as an ICC profile that is the same whenever it is made."""
    stream = io.BytesIO(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    stream.seek(24)
    stream.write(bytes.fromhex("07d0 0001 0001 0000 0000 0000"))
    return stream.getvalue()
