"""Read the texts of the sheets and the facts they cite.

A text file holds a TOML head between two ``+++`` lines and then the body:

- ``= title`` and ``== heading`` each on a line of its own;
- ``> note`` a line of the compiler, which cites nothing;
- ``| cell | cell | … <IDS>`` a table row, ``|! cell | cell`` the head of the table;
- everything else is running text: sentences, each closed by ``<IDS>``; an empty line ends a paragraph;
- ``%%`` on a line of its own begins a new page.

``IDS`` are fact ids (``EVT-012``) and source ids (``S038``). The source of each fact is looked up and printed
behind the sentence as a mark such as 〔S134〕; contradictions (``CON-…``) print only the sources given with them.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FACTS = Path(__file__).resolve().parent.parent / "facts"
TEXTS = Path(__file__).resolve().parent / "texts"
_SENTENCE = re.compile(r"(?P<text>[^<]+)<(?P<ids>[^>]*)>", re.S)
_HAN_DIGITS = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")


class SheetTextError(ValueError):
    """A text file of a sheet cannot be read; the message names the file and what to mend."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and what it rests on."""

    text: str
    facts: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A title, heading, note, paragraph or table row, in reading order."""

    kind: str
    sentences: tuple[Sentence, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetText:
    """The text of one sheet: its head (the TOML table) and the blocks of each page."""

    name: str
    head: dict[str, object]
    pages: tuple[tuple[Block, ...], ...]

    def word(self, key: str, default: str = "") -> str:
        """The string under ``key`` in the head."""
        return str(self.head.get(key, default))

    def words(self, key: str) -> list[str]:
        """The list of strings under ``key`` in the head."""
        found = self.head.get(key, [])
        return [str(item) for item in found] if isinstance(found, list) else []


def fact_sources() -> dict[str, str]:
    """The source id of every fact, by fact id; contradictions included."""
    found: dict[str, str] = {}
    for path in sorted(FACTS.glob("*.csv")):
        if path.name != "sources.csv":
            with path.open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    # The source of a place row vouches for code and coordinates; a sheet speaks of its role.
                    found[row["id"]] = row.get("role_source") or row["source_id"]
    return found


def source_ids() -> set[str]:
    """The ids of all sources."""
    with (FACTS / "sources.csv").open(encoding="utf-8", newline="") as stream:
        return {row["id"] for row in csv.DictReader(stream)}


def mark(source: str, style: str) -> str:
    """The printed mark of a source: 〔S038〕; with formal Han digits in vertical type, where 一 and 二 run together."""
    shown = source.translate(_HAN_DIGITS) if style == "vertical" else source
    return f"〔{shown}〕"


def read_sheets() -> list[SheetText]:
    """All sheets, in the order of their file names."""
    cited, known = fact_sources(), source_ids()
    return [_read(path, cited, known) for path in sorted(TEXTS.glob("*.txt"))]


def _read(path: Path, cited: dict[str, str], known: set[str]) -> SheetText:
    try:
        _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    except ValueError as error:
        raise SheetTextError(f"{path.name}: no head between two lines '+++'; write one.") from error
    pages: list[tuple[Block, ...]] = []
    for page in re.split(r"^%%\n", body, flags=re.M):
        pages.append(tuple(_blocks(page, path.name, cited, known)))
    return SheetText(path.stem, tomllib.loads(head), tuple(pages))


def _blocks(page: str, name: str, cited: dict[str, str], known: set[str]) -> list[Block]:
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", page.strip()):
        running: list[str] = []
        for line in part.splitlines():
            special = _special(line, name, cited, known)
            if special:
                blocks.append(special)
            else:
                running.append(line)
        if running:
            blocks.append(_paragraph("".join(running), name, cited, known))
    return blocks


def _special(line: str, name: str, cited: dict[str, str], known: set[str]) -> Block | None:
    for prefix, kind in (("== ", "heading"), ("= ", "title"), ("> ", "note")):
        if line.startswith(prefix):
            return Block(kind, (Sentence(line.removeprefix(prefix).strip(), (), ()),))
    if not line.startswith("|"):
        return None
    text, _, tail = line.partition("<")
    cells = tuple(cell.strip() for cell in text.lstrip("|!").strip().split("|"))
    if line.startswith("|!"):
        return Block("table_head", (Sentence("", (), ()),), cells)
    facts, sources = _ids(tail.rstrip("> "), name, cited, known)
    return Block("row", (Sentence("", facts, sources),), (*cells, "、".join(sources)))


def _paragraph(text: str, name: str, cited: dict[str, str], known: set[str]) -> Block:
    sentences = []
    end = 0
    for match in _SENTENCE.finditer(text):
        facts, sources = _ids(match["ids"], name, cited, known)
        sentences.append(Sentence(match["text"].strip(), facts, sources))
        end = match.end()
    if text[end:].strip():
        raise SheetTextError(f"{name}: “{text[end:].strip()[:20]}” has no source; close the sentence with <IDS>.")
    return Block("paragraph", tuple(sentences))


def _ids(tag: str, name: str, cited: dict[str, str], known: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    facts: list[str] = []
    sources: list[str] = []
    for identifier in tag.split():
        if identifier in known:
            sources.append(identifier)
        elif identifier in cited:
            facts.append(identifier)
            if not identifier.startswith("CON-"):
                sources.append(cited[identifier])
        else:
            raise SheetTextError(f"{name}: no fact and no source is called {identifier}; see sample/facts.")
    return tuple(dict.fromkeys(facts)), tuple(dict.fromkeys(sources))
