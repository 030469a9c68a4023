"""Five hundred broken files from a seed: sound ones of every kind, cut short or with some of their bits turned over."""

import io
import random
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

SEED = 19961016
MANY = 500


def _picture(mode: str = "RGB") -> Image.Image:
    image = Image.frombytes("L", (300, 200), random.Random(SEED).randbytes(300 * 200)).convert("RGB")
    ImageDraw.Draw(image).rectangle((20, 20, 280, 60), fill="white", outline="red")
    return image.convert(mode)


def _image(form: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    _picture(mode).save(stream, form, **options)
    return stream.getvalue()


def _pages() -> bytes:
    stream = io.BytesIO()
    first, *others = (_picture() for _number in range(3))
    first.save(stream, "TIFF", save_all=True, append_images=others, compression="tiff_adobe_deflate")
    return stream.getvalue()


def _pdf(compressed: bool) -> bytes:
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    image = document.make_stream(_image("JPEG"))
    image.Type, image.Subtype, image.Width, image.Height = Name.XObject, Name.Image, 300, 200
    image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    for number in range(4):
        page = document.add_blank_page(page_size=(300, 200))
        page.obj.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(I=image))
        words = f"BT /F 12 Tf 20 100 Td (Min-Ning cooperation, page {number}) Tj ET q 99 0 0 66 9 9 cm /I Do Q"
        page.obj.Contents = document.make_stream(words.encode())
    stream = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if compressed else pikepdf.ObjectStreamMode.disable
    document.save(stream, object_stream_mode=mode, compress_streams=compressed, deterministic_id=True)
    return stream.getvalue()


def _office() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w>闽宁协作</w>" * 50)):
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", "联席会议"
    message["Date"] = "Wed, 16 Apr 1997 09:00:00 +0800"
    message.set_content("请准时出席。\n" * 20)
    message.add_alternative("<p>请准时出席。</p>" * 20, subtype="html")
    message.add_attachment(_image("PNG"), maintype="image", subtype="png", filename="地图.png")
    return message.as_bytes()


KINDS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: _image("JPEG", quality=85, exif=Image.Exif()),
    "jpeg-progressive": lambda: _image("JPEG", progressive=True),
    "jpeg-cmyk": lambda: _image("JPEG", "CMYK"),
    "png": lambda: _image("PNG"),
    "png-palette": lambda: _image("PNG", "P"),
    "tiff": lambda: _image("TIFF"),
    "tiff-lzw": lambda: _image("TIFF", compression="tiff_lzw"),
    "tiff-fax": lambda: _image("TIFF", "1", compression="group4"),
    "tiff-jpeg": lambda: _image("TIFF", compression="jpeg"),
    "tiff-pages": _pages,
    "jpeg2000": lambda: _image("JPEG2000"),
    "jpeg2000-tiles": lambda: _image("JPEG2000", tile_size=(64, 64), irreversible=True),
    "pdf": lambda: _pdf(compressed=True),
    "pdf-plain": lambda: _pdf(compressed=False),
    "office": _office,
    "letter": _letter,
}


def write_all(folder: Path) -> list[Path]:
    """The files, the same ones whenever they are written."""
    chance = random.Random(SEED)
    sound = {kind: make() for kind, make in KINDS.items()}
    written = []
    for number in range(MANY):
        kind = list(KINDS)[number % len(KINDS)]
        path = folder / f"{number:03}-{kind}"
        path.write_bytes(_broken(sound[kind], chance))
        written.append(path)
    return written


def _broken(content: bytes, chance: random.Random) -> bytes:
    """One way to break: cut short, bits turned in the head or anywhere, a piece of zeros, a piece twice."""
    way = chance.randrange(5)
    if way == 0:
        return content[: chance.randrange(8, len(content))]
    damaged = bytearray(content)
    if way in {1, 2}:
        reach = min(len(damaged), 600) if way == 1 else len(damaged)
        for _turn in range(chance.choice([1, 4, 16, 64])):
            damaged[chance.randrange(reach)] ^= 1 << chance.randrange(8)
        return bytes(damaged)
    start = chance.randrange(len(damaged))
    end = min(len(damaged), start + chance.randrange(1, 200))
    if way == 3:
        damaged[start:end] = bytes(end - start)
    else:
        damaged[end:end] = damaged[start:end]
    return bytes(damaged)
