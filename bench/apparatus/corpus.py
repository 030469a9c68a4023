"""A large archive from a seeded generator: the same text in every run, with the uneven frequencies of real language.

Words of two to four characters follow a Zipf-like distribution; terms of the cooperation are strewn among them at
known rates, so that questions can be asked that match many, some or few records.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Final

from django.conf import settings
from django.db import models
from django.utils import timezone

from archive import catalogue, identifiers
from archive.models import (
    Agent,
    Classification,
    Dimension,
    Event,
    Funding,
    Kind,
    Level,
    Location,
    Mechanism,
    NameForm,
    Opening,
    Participation,
    Place,
    Policy,
    Project,
    Record,
    Scope,
    Status,
    Unit,
    Venture,
)
from archive.reference_codes import CodeProfile
from archive.writing import SHOULDER, Draft
from core import dates
from core.text import fold
from media.lines import Box, TextLine, join, to_json
from media.models import DigitalObject, Page, PageText

SEED: Final = 1996
RECORDS: Final = 100_000
ITEMS: Final = 2_000
PAGES_PER_ITEM: Final = 2
CHUNK: Final = 2_000

TERMS: Final = {
    "闽宁协作": 0.2,
    "移民搬迁": 0.05,
    "葡萄酒": 0.02,
    "菌草技术": 0.01,
    "联席会议": 0.01,
    "对口帮扶": 0.005,
    "井窖工程": 0.001,
    "白内障": 0.0002,
}
"""Terms and the share of records whose summary has them."""

_CHARACTERS: Final = 2_500
_WORDS: Final = 8_000
_DETAILS: Final[dict[Kind, type[models.Model]]] = {
    Kind.EVENT: Event,
    Kind.POLICY: Policy,
    Kind.PROJECT: Project,
    Kind.FUNDING: Funding,
    Kind.VENTURE: Venture,
}
_PLACES: Final = 30
_AGENTS: Final = 200
_LINE: Final = 25
_CHARACTER_SIDE: Final = 40


class Language:
    """Words with the frequencies of a language that nobody speaks."""

    def __init__(self, seed: int = SEED) -> None:
        self.chance = random.Random(seed)
        # A stretch of common characters: the block of CJK characters in steps, the same everywhere.
        characters = [chr(code) for code in range(0x4E00, 0x9FA0, (0x9FA0 - 0x4E00) // _CHARACTERS)]
        lengths = self.chance.choices((2, 3, 4), weights=(70, 20, 10), k=_WORDS)
        self.words = ["".join(self.chance.choices(characters, k=length)) for length in lengths]
        self.cumulative = list(itertools.accumulate(1 / (rank + 5) for rank in range(_WORDS)))

    def phrase(self, words: int) -> str:
        """So many words without a break."""
        return "".join(self.chance.choices(self.words, cum_weights=self.cumulative, k=words))

    def prose(self, sentences: int) -> str:
        """Sentences with commas, years and terms."""
        parts = []
        for _sentence in range(sentences):
            year = f"{self.chance.randint(1996, 2025)}年" if self.chance.random() < 0.3 else ""
            clauses = [self.phrase(self.chance.randint(2, 6)) for _clause in range(self.chance.randint(1, 3))]
            parts.append(f"{year}{'，'.join(clauses)}。")
        parts += [f"{term}{self.phrase(2)}。" for term, share in TERMS.items() if self.chance.random() < share]
        self.chance.shuffle(parts)
        return "".join(parts)


def build(records: int = RECORDS, items: int = ITEMS) -> None:
    """Fill the empty database: authorities, facts, and a fonds of items with pages of text (without image files)."""
    language = Language()
    places = _authorities(language, Kind.PLACE, Place, _PLACES)
    agents = _authorities(language, Kind.AGENT, Agent, _AGENTS)
    for start in range(0, records, CHUNK):
        _facts(language, start, min(CHUNK, records - start), places, agents)
    _fonds(language, items)


def _record(kind: Kind, title: str, summary: str, number: int, chance: random.Random) -> Record:
    when = dates.parse(str(chance.randint(1996, 2025)))
    return Record(
        kind=kind,
        ark=identifiers.for_seed(settings.ARCHIVE_NAAN, SHOULDER, f"bench:{kind}:{number}"),
        title_zh=title,
        summary_zh=summary,
        date_expression=when.expression,
        date_edtf=when.edtf,
        date_earliest=when.earliest,
        date_latest=when.latest,
        status=Status.PUBLISHED,
        opening=Opening.OPEN,
        authorised_scope=Scope.DOWNLOAD,
        public_scope=Scope.DOWNLOAD,
        first_published_at=timezone.now(),
    )


def _authorities(language: Language, kind: Kind, model: type[models.Model], count: int) -> list[Record]:
    drafts = [_record(kind, language.phrase(2), language.prose(1), number, language.chance) for number in range(count)]
    records = Record.objects.bulk_create(drafts)
    fields = {"type": Agent.Type.ORGANISATION} if kind == Kind.AGENT else {}
    model._default_manager.bulk_create([model(record=record, **fields) for record in records])
    NameForm.objects.bulk_create(
        NameForm(record=record, text=record.title_zh, key=fold(record.title_zh).text) for record in records
    )
    return records


def _facts(language: Language, start: int, count: int, places: Sequence[Record], agents: Sequence[Record]) -> None:
    chance = language.chance
    kinds = chance.choices(list(_DETAILS), weights=(40, 15, 15, 20, 10), k=count)
    records = Record.objects.bulk_create(
        [
            _record(kind, language.phrase(chance.randint(4, 8)), language.prose(chance.randint(4, 12)), number, chance)
            for number, kind in enumerate(kinds, start=start)
        ],
        batch_size=500,
    )
    for kind, model in _DETAILS.items():
        model._default_manager.bulk_create([model(record=record) for record in records if record.kind == kind])
    scheme = Classification.Scheme
    Classification.objects.bulk_create(
        itertools.chain.from_iterable(
            (
                Classification(record=record, scheme=scheme.DIMENSION, term=chance.choice(Dimension.values)),
                Classification(record=record, scheme=scheme.MECHANISM, term=chance.choice(Mechanism.values)),
            )
            for record in records
        ),
        batch_size=500,
    )
    Location.objects.bulk_create(
        [Location(record=record, place=chance.choice(places)) for record in records], batch_size=500
    )
    Participation.objects.bulk_create(
        [
            Participation(record=record, agent=chance.choice(agents), role=Participation.Role.PARTICIPANT)
            for record in records
        ],
        batch_size=500,
    )


def _fonds(language: Language, items: int) -> None:
    profile = CodeProfile.LEGACY.value
    head = Unit(level=Level.FONDS, reference_code="B001", code_profile=profile)
    fonds = catalogue.create(Draft(_unit_record(language, 0), detail=head), parent=None, by=None)
    for number in range(1, items + 1):
        detail = Unit(level=Level.ITEM, reference_code=f"B001-{number:05d}", code_profile=profile)
        item = catalogue.create(Draft(_unit_record(language, number), detail=detail), parent=fonds, by=None)
        _pages(language, item)
        fonds.refresh_from_db()


def _unit_record(language: Language, number: int) -> Record:
    return _record(Kind.UNIT, language.phrase(5), language.prose(2), number, language.chance)


def _pages(language: Language, item: Unit) -> None:
    for number in range(1, PAGES_PER_ITEM + 1):
        thing = DigitalObject.objects.create(
            unit=item,
            ordinal=number,
            original_name=f"{number:03d}.jpg",
            sha512=f"{item.pk:0120x}{number:08x}",
            size=1,
            media_type="image/jpeg",
            page_count=1,
        )
        page = Page.objects.create(
            unit=item, number=number, digital_object=thing, frame=1, width=2480, height=3508, derived_at=timezone.now()
        )
        lines = list(_lines(language.prose(20)))
        PageText.objects.create(
            page=page,
            origin=PageText.Origin.RECOGNISED,
            text=join(lines),
            lines=to_json(lines),
            engine="generated",
            engine_version=str(SEED),
            confidence=1.0,
        )


def _lines(prose: str) -> Iterator[TextLine]:
    """Prose set in lines of one size; what does not fit on the page is left out."""
    side = _CHARACTER_SIDE
    for row in range(min(-(-len(prose) // _LINE), 3300 // (2 * side))):
        text = prose[row * _LINE : (row + 1) * _LINE]
        top = 100 + row * 2 * side
        boxes = tuple(Box(100 + n * side, top, side, side) for n in range(len(text)))
        yield TextLine(text, Box(100, top, side * len(text), side), "h", 1.0, boxes)
