"""A font that shows nothing, for the text that lies unseen over the picture of a page.

Every character gets a code of its own in the document at hand; a table tells readers which character a code means
(ToUnicode, PDF 32000-1, 9.10.3), so characters beyond the basic plane and the rare forms of old print come out as they
are stored. The font program is written here: a glyph of one em and one half as wide, both a line without breadth from
corner to corner, for readers mark what is selected by the extent of the glyphs.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

EM = 1000
NARROW = EM // 2
FONT = "/Text"
_FULL_GLYPH, _HALF_GLYPH = 1, 2
_MOST_PER_BLOCK = 100  # of a table for ToUnicode (PDF 32000-1, 9.10.3)


@dataclass(slots=True)
class Codes:
    """The codes of the characters that occur, given in the order in which they are met, from 1."""

    given: dict[str, int] = field(default_factory=dict)

    def encode(self, text: str) -> str:
        """The codes of ``text``, two bytes each, as a hexadecimal string of a content stream."""
        given = self.given
        return "<" + "".join(f"{given.setdefault(character, len(given) + 1):04X}" for character in text) + ">"


def width(character: str) -> int:
    """The width of a character in thousandths of its height: Latin letters and digits are half as wide as Han."""
    return NARROW if character < "\u0250" else EM


def embed(document: pikepdf.Pdf, codes: Codes) -> Dictionary:
    """The font, as the resources of a page name it (`FONT`); call when all codes are given."""
    program = document.make_stream(font_program())
    program.Length1 = len(font_program())
    descriptor = document.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.Glyphless,
            Flags=5,  # of one width, with characters outside the Latin set
            FontBBox=Array([0, 0, EM, EM]),
            ItalicAngle=0,
            Ascent=EM,
            Descent=0,
            CapHeight=EM,
            StemV=80,
            FontFile2=program,
        )
    )
    meaning = document.make_stream(_to_unicode(list(codes.given)))
    narrow = [code for character, code in codes.given.items() if width(character) == NARROW]
    widths = Array([part for code in narrow for part in (code, Array([NARROW]))])
    halves = frozenset(narrow)
    glyphs = [0] + [_HALF_GLYPH if code in halves else _FULL_GLYPH for code in codes.given.values()]
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.Glyphless,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=descriptor,
        DW=EM,
        W=widths,
        CIDToGIDMap=document.make_stream(struct.pack(f">{len(glyphs)}H", *glyphs)),
    )
    return Dictionary(
        {
            FONT: document.make_indirect(
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.Type0,
                    BaseFont=Name.Glyphless,
                    Encoding=Name("/Identity-H"),
                    DescendantFonts=Array([document.make_indirect(descendant)]),
                    ToUnicode=meaning,
                )
            )
        }
    )


def _to_unicode(characters: Sequence[str]) -> bytes:
    """Which character each code means, as a CMap: codes count from 1 in the order of ``characters``."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for first in range(0, len(characters), _MOST_PER_BLOCK):
        some = characters[first : first + _MOST_PER_BLOCK]
        lines.append(f"{len(some)} beginbfchar")
        lines += [
            f"<{code:04X}> <{_meant(character).encode('utf-16-be').hex().upper()}>"
            for code, character in enumerate(some, start=first + 1)
        ]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


def _meant(character: str) -> str:
    """The character, but for the three that a meaning may not be (ISO 19005-2, 6.2.11.7.2)."""
    return "\ufffd" if character in "\0\ufeff\ufffe" else character


def font_program() -> bytes:
    """The font as a TrueType program with the tables that PDF asks for (PDF 32000-1, 9.9)."""
    advances = (EM, EM, NARROW)
    full, half = _line_across(EM), _line_across(NARROW)
    metrics = b"".join(struct.pack(">Hh", advance, 0) for advance in advances)
    head = struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, 0, EM, EM, 0, 8, 2, 0, 0)
    horizontal = struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, EM, 0, 0, EM, *[0] * 11, len(advances))
    most = struct.pack(">I14H", 0x10000, len(advances), 3, 1, 0, 0, 1, *[0] * 8)
    ends = (0, 0, len(full), len(full) + len(half))
    return _font_file(
        {
            "glyf": full + half,
            "head": head,
            "hhea": horizontal,
            "hmtx": metrics,
            "loca": struct.pack(">4H", *(end // 2 for end in ends)),
            "maxp": most,
        }
    )


def _line_across(wide: int) -> bytes:
    """A glyph that goes from corner to corner and back: it covers its cell, and nothing of it can be seen."""
    frame = struct.pack(">hhhhh", 1, 0, 0, wide, EM)
    points = struct.pack(">HH3B6h", 2, 0, 1, 1, 1, 0, wide, -wide, 0, EM, -EM)
    glyph = frame + points
    return glyph + bytes(-len(glyph) % 4)


def _font_file(tables: dict[str, bytes]) -> bytes:
    """Tables behind their directory, each at a multiple of four (OpenType, "Organization of an OpenType font")."""
    power = len(tables).bit_length() - 1
    header = struct.pack(">IHHHH", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    offset = len(header) + 16 * len(tables)
    directory, body = b"", b""
    for name, content in sorted(tables.items()):
        padded = content + bytes(-len(content) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", name.encode("ascii"), total, offset + len(body), len(content))
        body += padded
    return header + directory + body
