"""Small real files: sound ones, and one of every kind that must be refused."""

import io
import struct
import zlib
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont


def picture(words: str = "MINNING 1996", size: tuple[int, int] = (640, 200)) -> Image.Image:
    """A white picture with a line of print."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((40, 60), words, fill="black", font=ImageFont.load_default(size=56))
    return image


def jpeg(path: Path, words: str = "MINNING 1996") -> Path:
    """A JPEG with a line of print."""
    picture(words).save(path, "JPEG", quality=90, dpi=(300, 300))
    return path


def png(path: Path, words: str = "MINNING 1996") -> Path:
    """A PNG with a line of print."""
    picture(words).save(path, "PNG")
    return path


def tiff(path: Path, *words: str) -> Path:
    """A TIFF with one page for each line of print."""
    first, *others = [picture(each) for each in words]
    first.save(path, "TIFF", save_all=True, append_images=others, compression="tiff_lzw")
    return path


def truncated_jpeg(path: Path) -> Path:
    """A JPEG whose second half is missing."""
    stream = io.BytesIO()
    noise = Image.effect_noise((600, 600), 80).convert("RGB")
    noise.save(stream, "JPEG")
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    return path


def giant_png(path: Path) -> Path:
    """A PNG of a few hundred bytes that claims to be 100,000 pixels wide and high."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(300_001))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b""))
    return path


def text_pdf(path: Path, *pages: str, password: str = "") -> Path:
    """A PDF that carries its text, a line for each page; encrypted if there is a password."""
    document = pikepdf.new()
    font = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for words in pages:
        page = document.add_blank_page(page_size=(300, 200))
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.obj.Contents = document.make_stream(f"BT /F1 14 Tf 30 120 Td ({words}) Tj ET".encode())
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(path, encryption=encryption)
    return path


def plain_text(path: Path) -> Path:
    """A text, whatever its name says."""
    path.write_text("这不是图像，只是文字。\n" * 20, encoding="utf-8")
    return path


def empty(path: Path) -> Path:
    """No bytes at all."""
    path.write_bytes(b"")
    return path
