"""PDF files, by PDFium: how many pages, whether they carry text, the page as an image, the text with its place.

PDFium must not be entered by two threads at once, so every public function holds one lock.
"""

import ctypes
import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.engines import pdf_limits, vips
from media.lines import Box, Direction, TextLine

MIN_CHARACTERS = 10
"""A page with fewer visible characters counts as an image of a page."""

_SCAN_COVERAGE = 0.7
_SCAN_CHARACTERS = 100
_MAX_GARBAGE = 0.1
_SAMPLE = 400  # characters looked at: enough to tell, and a long report is opened quickly
_INVISIBLE = 3  # PDF 32000-1, 9.3.6: neither filled nor stroked, as under a scan

_lock = threading.Lock()

# pypdfium2 is published without types: its objects are Any inside this module and never leave it.
_Page = Any


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF file holds; ``has_text`` makes one claim per page: its text can be used instead of recognition."""

    pages: int
    has_text: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character, its box in pixels, and whether PDFium inserted it (a space it saw as a gap)."""

    text: str
    box: Box
    is_generated: bool = False


def version() -> str:
    """The versions of pypdfium2 and PDFium."""
    return f"{pypdfium2.PYPDFIUM_INFO.tag} (PDFium {pypdfium2.PDFIUM_INFO.tag})"


def inspect(path: Path, *, name: str = "") -> PdfFacts:
    """Count the pages and look which of them carry text; ``name`` is the file's own name, for messages.

    A layer of invisible text under a scan, a text whose characters have no meaning, or a few words on top of an image
    that fills the page do not count as text.

    Raises:
        InvalidInput: the file is broken, without pages, encrypted, or would unpack to an absurd size.
    """
    pdf_limits.check(path, name=name)
    with _document(path, name) as document:
        has_text = tuple(_carries_text(document[number]) for number in range(len(document)))
    return PdfFacts(pages=len(has_text), has_text=has_text)


def count(path: Path, *, name: str = "") -> int:
    """Count the pages, and look at none of them.

    Raises:
        InvalidInput: as `inspect`.
    """
    with _document(path, name) as document:
        return len(document)


def render(path: Path, page: int, target: Path, *, dpi: int = 300, name: str = "") -> tuple[int, int]:
    """Write page ``page`` (from 0) as a JPEG; answer its width and height.

    Raises:
        InvalidInput: as `inspect`, or the page would have more pixels than an image may.
    """
    with _document(path, name) as document:
        drawn = document[page]
        width, height = _size(drawn, dpi)
        if width * height > vips.MAX_PIXELS:
            raise InvalidInput(
                _("Page %(page)d of “%(name)s” is too large to be drawn at %(dpi)d dpi. Divide or reduce the page.")
                % {"page": page + 1, "name": name or path.name, "dpi": dpi}
            )
        pixels = drawn.render(scale=dpi / 72, rev_byteorder=True, maybe_alpha=False).to_numpy()
        vips.save_rgb(pixels[:, :, :3], target, dpi=dpi)
    return int(pixels.shape[1]), int(pixels.shape[0])


def text_lines(path: Path, page: int, *, dpi: int = 300, name: str = "") -> list[TextLine]:
    """The visible text of a page, not yet in reading order.

    Boxes are in pixels of the image that `render` writes at the same ``dpi``. Lines are put together from characters
    that follow each other in the file and stand side by side, or one below the other; confidence is 1.

    Raises:
        InvalidInput: as `inspect`.
    """
    with _document(path, name) as document:
        glyphs = list(_glyphs(document[page], dpi))
    return [_line(run, direction) for run, direction in _runs(glyphs)]


@contextmanager
def _document(path: Path, name: str) -> Iterator[Any]:
    shown = name or path.name
    with _lock:
        try:
            # PDFium keeps the reason of its last failure, and a file without pages fails without one: set it anew.
            pdfium_c.FPDF_LoadMemDocument(b"", 0, None)
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
                raise _encrypted(shown) from error
            raise _broken(shown) from error
        try:
            # Rights restrictions also count: what is kept for good must not depend on a key.
            if pdfium_c.FPDF_GetSecurityHandlerRevision(document) != -1:
                raise _encrypted(shown)
            if len(document) == 0:
                raise _broken(shown)
            yield document
        except pypdfium2.PdfiumError as error:
            raise _broken(shown) from error
        finally:
            document.close()


def _encrypted(name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is encrypted (a password, or restricted rights). Save it without protection, then add it again.")
        % {"name": name}
    )


def _broken(name: str) -> InvalidInput:
    return InvalidInput(
        _("“%(name)s” is not a readable PDF, or has no page. Open it in a viewer and save it again.") % {"name": name}
    )


def _size(page: _Page, dpi: int) -> tuple[int, int]:
    """Width and height in pixels, rounded up as the renderer does."""
    return math.ceil(page.get_width() * dpi / 72), math.ceil(page.get_height() * dpi / 72)


def _carries_text(page: _Page) -> bool:
    texts = [glyph.text for glyph in islice(_glyphs(page, 72), _SAMPLE) if not glyph.text.isspace()]
    garbage = sum(1 for text in texts if text == "\ufffd" or "\ue000" <= text <= "\uf8ff" or not text.isprintable())
    if len(texts) < MIN_CHARACTERS or garbage > _MAX_GARBAGE * len(texts):
        return False
    return len(texts) >= _SCAN_CHARACTERS or _image_coverage(page) < _SCAN_COVERAGE


def _image_coverage(page: _Page) -> float:
    """The largest share of the page that one image covers."""
    whole = page.get_width() * page.get_height() or 1.0
    shares = [0.0]
    for image in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        shares.append((right - left) * (top - bottom) / whole)
    return max(shares)


def _glyphs(page: _Page, dpi: int) -> Iterator[_Glyph]:
    """The visible characters in the order of the file. Characters beyond the basic plane come as two halves."""
    size = _size(page, dpi)
    text_page = page.get_textpage()
    high = 0
    for index in range(text_page.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text_page, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in {0, 0x0A, 0x0D, 0xFFFE} or _is_invisible(text_page, index):
            continue
        box = _glyph_box(page, text_page, index, size)
        if box is not None:
            yield _Glyph(chr(code), box, pdfium_c.FPDFText_IsGenerated(text_page, index) == 1)


def _is_invisible(text_page: Any, index: int) -> bool:
    drawn = pdfium_c.FPDFText_GetTextObject(text_page, index)
    return bool(drawn) and pdfium_c.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE


def _glyph_box(page: _Page, text_page: Any, index: int, size: tuple[int, int]) -> Box | None:
    """The cell of a character in pixels, turned and cropped like the page; None where it has no place on it."""
    cell = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFText_GetLooseCharBox(text_page, index, cell):
        return None
    corners = []
    for across, up in ((cell.left, cell.top), (cell.right, cell.bottom)):
        x, y = ctypes.c_int(), ctypes.c_int()
        if not pdfium_c.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, x, y):
            return None
        corners.append((min(max(x.value, 0), size[0]), min(max(y.value, 0), size[1])))
    (x0, y0), (x1, y1) = corners
    box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
    return box if box.w and box.h else None


def _runs(glyphs: Sequence[_Glyph]) -> Iterator[tuple[list[_Glyph], Direction]]:
    """Lines: glyphs that follow each other along one direction without a wide gap."""
    run: list[_Glyph] = []
    direction: Direction | None = None
    for glyph in glyphs:
        way = _way(run[-1].box, glyph.box) if run else None
        if run and (way is None or (direction is not None and way != direction)):
            yield from _finished(run, direction)
            run, direction = [], None
        elif run:
            direction = way
        run.append(glyph)
    if run:
        yield from _finished(run, direction)


def _way(before: Box, after: Box) -> Direction | None:
    """How ``after`` continues ``before``; None where it does not."""
    across = after.x + after.w / 2 - before.x - before.w / 2
    down = after.y + after.h / 2 - before.y - before.h / 2
    em = max(min(before.h, after.h), 1)
    if abs(down) < 0.5 * em and across > 0 and after.x - before.right < 1.2 * em:
        return "h"
    width = max(before.w, after.w)
    if abs(across) < 0.3 * width and down > 0 and after.y - before.bottom < 0.6 * width:
        return "v" if min(before.w, after.w) > 0.7 * width else None
    return None


def _finished(run: list[_Glyph], direction: Direction | None) -> Iterator[tuple[list[_Glyph], Direction]]:
    """The run without white space at its ends; nothing where nothing else is in it."""
    while run and run[0].text.isspace():
        run = run[1:]
    while run and run[-1].text.isspace():
        run = run[:-1]
    if run:
        yield run, direction or "h"


def _line(run: Sequence[_Glyph], direction: Direction) -> TextLine:
    glyphs = [replace(glyph, text=" ") if glyph.text.isspace() and glyph.is_generated else glyph for glyph in run]
    boxes = tuple(glyph.box for glyph in glyphs)
    return TextLine(
        text="".join(glyph.text for glyph in glyphs),
        box=Box.around(boxes),
        direction=direction,
        confidence=1.0,
        characters=boxes,
    )
