"""Files that are sound by their form and want to do harm: they would grow, run, or send something."""

import io
import struct
import zlib
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image


def huge_png(path: Path) -> Path:
    """A few hundred bytes that claim to be 100,000 × 100,000 pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(300_001))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b""))
    return path


def huge_tiff(path: Path) -> Path:
    """A strip of nothing that claims to be 200,000 × 200,000 pixels."""
    entries = [
        (256, 4, 200_000),
        (257, 4, 200_000),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, 200_000),
        (279, 4, 64),
    ]
    table = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        table += struct.pack("<HHII", tag, kind, 1, value)
    path.write_bytes(b"II*\0" + struct.pack("<I", 72) + bytes(64) + table + struct.pack("<I", 0))
    return path


def endless_tiff(path: Path) -> Path:
    """A TIFF whose list of pages leads back to its first."""
    stream = io.BytesIO()
    Image.new("L", (64, 48), 200).save(stream, "TIFF")
    content = bytearray(stream.getvalue())
    (first,) = struct.unpack("<I", content[4:8])
    (entries,) = struct.unpack("<H", content[first : first + 2])
    following = first + 2 + 12 * entries
    content[following : following + 4] = struct.pack("<I", first)
    path.write_bytes(bytes(content))
    return path


def huge_jpeg(path: Path) -> Path:
    """A JPEG whose head says 65,000 × 65,000 pixels."""
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(stream, "JPEG")
    content = bytearray(stream.getvalue())
    place = content.index(b"\xff\xc0") + 5
    content[place : place + 4] = struct.pack(">HH", 65_000, 65_000)
    path.write_bytes(bytes(content))
    return path


def huge_page(path: Path) -> Path:
    """A PDF page that is several kilometres wide."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(14_400, 14_400))
    page.obj.UserUnit = 1000
    page.obj.MediaBox = Array([0, 0, 10_000_000, 10_000_000])
    document.save(path)
    return path


def growing_pdf(path: Path) -> Path:
    """A PDF whose page is 1 GB of operators, packed twice into a few kilobytes."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 200))
    packer, packed = zlib.compressobj(9), []
    for _megabyte in range(1024):
        packed.append(packer.compress(b"q Q " * (256 * 1024)))
    once = b"".join([*packed, packer.flush()])
    stream = document.make_stream(zlib.compress(once, 9))
    stream.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    page.obj.Contents = stream
    document.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return path


def active_pdf(path: Path) -> Path:
    """A PDF with everything that could begin by itself: a script, a program, an attachment, a form that is sent."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(300, 200))
    page.obj.Contents = document.make_stream(b"0 0 300 200 re S")
    script = document.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert('x')"))
    document.Root.OpenAction = script
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["run", script])))
    page.obj.AA = Dictionary(O=Dictionary(S=Name.Launch, F="calc.exe"))
    page.obj.Annots = Array(
        [
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([0, 0, 9, 9]),
                A=Dictionary(S=Name.URI, URI="http://example.org/"),
            ),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Link,
                Rect=Array([0, 0, 9, 9]),
                A=Dictionary(S=Name.SubmitForm, F="http://example.org/"),
            ),
        ]
    )
    document.attachments["secret.exe"] = pikepdf.AttachedFileSpec(document, b"MZ attached", filename="secret.exe")
    document.save(path)
    return path


def long_pdf(path: Path, pages: int = 10_000) -> Path:
    """A PDF of ten thousand pages."""
    document = pikepdf.new()
    words = document.make_stream(b"BT ET")
    for _number in range(pages):
        document.add_blank_page(page_size=(300, 200)).obj.Contents = words
    document.save(path)
    return path
