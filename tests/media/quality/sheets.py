"""Scans made for the tests: sheets of print with known faults, and their way into the archive."""

import io
import itertools
import random
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from archive.models import Batch, Unit
from media import jobs, storage
from media.models import DigitalObject, Page

Picture = npt.NDArray[np.uint8]

DPI = 150
SIZE = (1240, 1754)
"""A4 at 150 dpi: what measures are taken on, so that tests are quick."""

PAPER, INK = 236, 45
_MEDIA_TYPES = {"TIFF": "image/tiff", "JPEG": "image/jpeg", "PNG": "image/png", "JPEG2000": "image/jp2"}
_numbers = itertools.count(1)


def sheet(
    seed: int = 1, *, lines: int = 40, size: tuple[int, int] = SIZE, paper: int = PAPER, ink: int = INK
) -> Picture:
    """A sheet of print, grey, with a little noise; another ``seed`` gives another text."""
    chance = random.Random(seed)
    image = Image.new("L", size, paper)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=size[1] // 60)
    for number in range(lines):
        words = " ".join("".join(chance.choices("aemnorstuvwxzHKMN", k=chance.randint(2, 9))) for _word in range(9))
        draw.text((size[0] // 9, size[1] // 12 + number * size[1] // 50), words, fill=ink, font=font)
    noise = np.random.default_rng(seed).normal(0, 2, (size[1], size[0]))
    return np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8)


def leaning(picture: Picture, degrees: float) -> Picture:
    """The same, its lines leaning clockwise by so many degrees."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1)
    turned = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(PAPER,) * 3)
    return np.asarray(turned, np.uint8)


def vertical(seed: int = 1) -> Picture:
    """Print in columns: characters stand below each other, columns beside each other."""
    image = Image.new("L", SIZE, PAPER)
    draw, font, chance = ImageDraw.Draw(image), ImageFont.load_default(size=26), random.Random(seed)
    for column in range(22):
        for row in range(chance.randint(30, 48)):
            draw.text((1100 - column * 46, 120 + row * 30), chance.choice("HKMNEBRS"), fill=INK, font=font)
    return np.asarray(image)


def encoded(picture: Picture, form: str = "TIFF", **options: Any) -> bytes:
    """The file of a scan; it states 150 dpi unless ``dpi`` says otherwise (None: nothing is stated)."""
    stated = options.pop("dpi", (DPI, DPI))
    if stated:
        options["dpi"] = stated
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, form, **options)
    return stream.getvalue()


def keep(
    unit: Unit, content: bytes, *, form: str = "TIFF", batch: Batch | None = None, frames: int = 1, **fields: Any
) -> list[Page]:
    """The pages of a file as they are when its job begins: the bytes are stored, nothing is made of them yet."""
    staged = storage.stage([content])
    storage.keep(staged)
    number = next(_numbers)
    source = DigitalObject.objects.create(
        unit=unit,
        ordinal=number,
        original_name=f"第{number}号.{form.lower()}",
        sha512=staged.sha512,
        size=staged.size,
        media_type=_MEDIA_TYPES[form],
        page_count=frames,
        batch=batch,
    )
    last = unit.pages.count()
    return [
        Page.objects.create(unit=unit, number=last + frame, digital_object=source, frame=frame, **fields)
        for frame in range(1, frames + 1)
    ]


def scan(unit: Unit, picture: Picture, **options: Any) -> Page:
    """A file of one page."""
    form, batch = options.pop("form", "TIFF"), options.pop("batch", None)
    return keep(unit, encoded(picture, form, **options), form=form, batch=batch)[0]


def make_batch(by: User | None = None, label: str = "第一批") -> Batch:
    """A batch of scans."""
    return Batch.objects.create(type=Batch.Type.INGEST, label=label, created_by=by)


def make_pages(unit: Unit, count: int, batch: Batch | None = None, *, has_job: bool = False) -> list[Page]:
    """Pages without bytes, one to a file, for what needs no picture."""
    made = []
    for _page in range(count):
        number = next(_numbers)
        source = DigitalObject.objects.create(
            unit=unit,
            ordinal=number,
            original_name=f"第{number}号.tif",
            sha512=f"{number:0128x}",
            size=1000,
            media_type="image/tiff",
            page_count=1,
            batch=batch,
        )
        if has_job:
            job = jobs.open_job(source, by=None, batch=batch)
            job.steps.update(state="done")
            jobs.settle(job.pk)
        made.append(
            Page.objects.create(
                unit=unit,
                number=unit.pages.count() + 1,
                digital_object=source,
                frame=1,
                width=SIZE[0],
                height=SIZE[1],
                derived_at=timezone.now(),
            )
        )
    return made
