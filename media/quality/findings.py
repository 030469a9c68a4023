"""Write findings: a page that is measured again loses its open ones, those that a person decided stay."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from media.models import DigitalObject, Finding, Page
from media.quality.limits import LIMITS, Code

_SAME = 0.1
"""A measure within a tenth of the one that a person has decided on tells nothing new."""


@dataclass(frozen=True, slots=True)
class Found:
    """A limit that was passed: how far, in the unit of its limit, and further particulars."""

    code: Code
    measure: float | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def add(page: Page, code: Code, *, measure: float | None = None, detail: Mapping[str, object] | None = None) -> Finding:
    """Write one finding about a page in place of an open one of the same code; for other parts that see something.

    The turn that recognition suggests is `Code.ORIENTATION` with the degrees clockwise as its measure.
    """
    page.findings.filter(code=code, decision=Finding.Decision.OPEN).delete()
    found = Found(code, measure, detail or {})
    finding = _row(page.digital_object, page, found)
    finding.save()
    return finding


def clear(page: Page, code: Code) -> None:
    """Take back what is no longer so, unless a person has decided on it."""
    page.findings.filter(code=code, decision=Finding.Decision.OPEN).delete()


def replace(page: Page, found: Sequence[Found], codes: Collection[Code]) -> None:
    """Replace the open findings of a page that have one of these codes, in the caller's transaction."""
    page.findings.filter(code__in=codes, decision=Finding.Decision.OPEN).delete()
    decided = list(page.findings.filter(code__in=codes).exclude(decision=Finding.Decision.OPEN))
    Finding.objects.bulk_create(
        _row(page.digital_object, page, each) for each in found if not _is_decided(each, decided)
    )


def replace_of_object(digital_object: DigitalObject, found: Sequence[Found], codes: Collection[Code]) -> None:
    """The same for what is said of a file and not of one of its pages."""
    own = digital_object.findings.filter(page__isnull=True, code__in=codes)
    own.filter(decision=Finding.Decision.OPEN).delete()
    decided = list(own.exclude(decision=Finding.Decision.OPEN))
    Finding.objects.bulk_create(_row(digital_object, None, each) for each in found if not _is_decided(each, decided))


def _row(digital_object: DigitalObject, page: Page | None, found: Found) -> Finding:
    limit = LIMITS[found.code]
    return Finding(
        digital_object=digital_object,
        page=page,
        rule=limit.rule,
        code=found.code,
        severity=limit.severity,
        measure=found.measure,
        limit=limit.value,
        measured_in=limit.measured_in,
        detail=dict(found.detail),
    )


def _is_decided(found: Found, decided: Iterable[Finding]) -> bool:
    """Whether a person has decided on the same thing, as far from the limit as it is now."""
    for known in decided:
        if known.code != found.code:
            continue
        if known.measure is None or found.measure is None:
            if known.detail == dict(found.detail):
                return True
        elif abs(found.measure - known.measure) <= _SAME * max(abs(known.measure), 1e-9):
            return True
    return False
