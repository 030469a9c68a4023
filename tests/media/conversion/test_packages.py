import zipfile
from pathlib import Path

import pytest

from core.errors import InvalidInput
from media.conversion import packages


def package(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_document_passes(tmp_path: Path) -> None:
    packages.check(package(tmp_path / "a.docx", {"word/document.xml": "<w>闽宁</w>".encode() * 1000}), "a.docx")


def test_a_bomb_is_refused_unopened(tmp_path: Path) -> None:
    bomb = package(tmp_path / "bomb.docx", {"word/document.xml": bytes(64 * 1024 * 1024)})
    assert bomb.stat().st_size < 100_000

    with pytest.raises(InvalidInput, match=r"炸弹\.docx"):
        packages.check(bomb, "炸弹.docx")


def test_too_many_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "MOST_PARTS", 5)
    many = package(tmp_path / "many.docx", {f"part{number}": b"x" for number in range(6)})

    with pytest.raises(InvalidInput, match="6"):
        packages.check(many, "many.docx")


def test_a_package_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    whole = package(tmp_path / "cut.docx", {"word/document.xml": b"<w/>" * 1000})
    whole.write_bytes(whole.read_bytes()[:-40])

    with pytest.raises(InvalidInput):
        packages.check(whole, "cut.docx")
