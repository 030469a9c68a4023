"""How well the machine reads, per fonds, from pages that people have proofread (O-05), and which pages to take next.

The figure is the character error rate of the machine's reading against the proofread text of the same page. It is
measured once, when the page becomes proofread, so that a table over any number of pages costs two queries.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import CharField, Count, F, Sum, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Left

from archive.models import Reader, Scope, Unit
from archive.models.records import visible
from media import accuracy
from media.accuracy import Accuracy
from media.models import Page, PageText

TARGET: Final = 0.02
"""The error rate that printed text is to stay under (O-05)."""

MOST_DRAWN: Final = 500

_ROOT: Final = Left("page__unit__path", Unit.steplen)
_LAYOUT: Final = Coalesce(KT("settings__layout"), Value(""), output_field=TextField())
_DRAWN: Final = (
    "page__number",
    "page__unit__reference_code",
    "page__unit__record__title_zh",
    "page__unit__record__title_en",
)


@dataclass(frozen=True, slots=True)
class KindAccuracy:
    """The pages of one layout (prose, columns, vertical, table, empty where unknown) and how they were read."""

    layout: str
    pages: int
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class FondsAccuracy:
    """A fonds, its proofread pages, and how the machine had read them."""

    fonds: Unit
    kinds: Sequence[KindAccuracy]

    @property
    def pages(self) -> int:
        """How many proofread pages the figure rests on."""
        return sum(kind.pages for kind in self.kinds)

    @property
    def accuracy(self) -> Accuracy:
        """All of them together."""
        return sum((kind.accuracy for kind in self.kinds), Accuracy(0, 0))

    @property
    def meets_target(self) -> bool:
        """Whether the rate is not above `TARGET`."""
        return self.accuracy.error_rate <= TARGET


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page of a sample, and the stratum it stands for."""

    page: Page
    fonds: Unit
    layout: str


def measure(proofread: PageText) -> Accuracy | None:
    """Compare the last reading of the machine before a text with it; None where no machine had read the page."""
    readings = PageText.objects.filter(page=proofread.page_id, pk__lte=proofread.pk)
    machine = readings.filter(origin=PageText.Origin.RECOGNISED).order_by("-pk").only("text").first()
    return accuracy.compare(machine.text, proofread.text) if machine is not None else None


def accuracy_by_fonds() -> list[FondsAccuracy]:
    """The measured accuracy of every fonds that has proofread pages, in the order of the catalogue (two queries)."""
    measured = PageText.objects.filter(
        is_current=True, quality=PageText.Quality.PROOFREAD, character_count__isnull=False
    )
    groups = (
        measured.annotate(root=_ROOT, layout=_LAYOUT)
        .values_list("root", "layout")
        .annotate(pages=Count("pk"), errors=Sum("machine_errors"), characters=Sum("character_count"))
        .order_by("root", "layout")
    )
    kinds: dict[str, list[KindAccuracy]] = defaultdict(list)
    for root, layout, pages, errors, characters in groups:
        kinds[root].append(KindAccuracy(layout, pages, Accuracy(errors, characters)))
    return [FondsAccuracy(fonds, kinds[fonds.path]) for fonds in _fonds(kinds)]


def draw_sample(size: int, *, seed: str, reader: Reader, unit: Unit | None = None) -> list[Drawn]:
    """Pages to proofread next, so that the figures stand for all pages: from every fonds and layout, by its share.

    Every stratum gives at least one page as long as ``size`` allows, larger ones more. The same seed draws the same
    pages as long as none of them has been proofread. One query for each stratum, and two.
    """
    texts = PageText.objects.filter(
        visible(reader, Scope.TEXT, through="page__unit__record__"),
        is_current=True,
        origin__in=[PageText.Origin.RECOGNISED, PageText.Origin.CORRECTED],
        page__digital_object__quarantined_at__isnull=True,
    ).exclude(quality=PageText.Quality.PROOFREAD)
    if unit is not None:
        texts = texts.filter(page__unit__path__startswith=unit.path)
    texts = texts.annotate(root=_ROOT, layout=_LAYOUT)
    strata = {
        (root, layout): count
        for root, layout, count in texts.order_by().values_list("root", "layout").annotate(count=Count("pk"))
    }
    shares = _shares(strata, min(size, MOST_DRAWN))
    fonds = {each.path: each for each in _fonds({root: None for root, _layout in shares})}
    shuffled = (
        texts.select_related("page__unit__record")
        .only(*_DRAWN)
        .order_by(MD5(Concat(Cast(F("page_id"), CharField()), Value(f" {seed}"))))
    )
    return [
        Drawn(text.page, fonds[root], layout)
        for (root, layout), share in sorted(shares.items())
        for text in shuffled.filter(root=root, layout=layout)[:share]
    ]


def _fonds(roots: Mapping[str, object]) -> list[Unit]:
    return list(Unit.objects.filter(path__in=list(roots)).select_related("record").order_by("path"))


def _shares(strata: Mapping[tuple[str, str], int], size: int) -> dict[tuple[str, str], int]:
    """How many pages each stratum gives: one each, the largest first, then the rest by the largest remainder."""
    largest = sorted(strata, key=lambda each: (-strata[each], each))[:size]
    shares = dict.fromkeys(largest, 1)
    total = sum(strata[each] for each in largest)
    left = min(size, total) - len(largest)
    while left > 0:
        wanting = max(
            (each for each in largest if shares[each] < strata[each]),
            key=lambda each: (strata[each] * size / total - shares[each], each),
        )
        shares[wanting] += 1
        left -= 1
    return shares
