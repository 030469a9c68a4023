"""What manifests and collections say of a unit: its description by ISAD(G), its source and rights, its place."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from api.iiif import wording
from api.iiif.addresses import Addresses
from archive.models import Batch, Unit

Json = dict[str, Any]  # Any: a JSON document; the library that checks it knows its shape

FIELDS: Final = (
    "level",
    "document_number",
    "document_form",
    "version_state",
    "creator_as_written",
    "extent",
    "administrative_history",
    "archival_history",
    "acquisition",
    "retention",
    "arrangement",
    "language",
    "originals_location",
    "copies_location",
    "prior_publication",
    "described_by",
    "described_on",
)
"""Fields of a unit in the order of ISAD(G): 3.1.4 to 3.7.3."""

_RIGHTS: Final = re.compile(
    r"https?://(?:creativecommons\.org/(?:licenses|publicdomain)|rightsstatements\.org/vocab)/[\w./-]+"
)
"""What ``rights`` may hold (Presentation 3.0, §3.3)."""


def of(unit: Unit, addresses: Addresses) -> Json:
    """What a manifest and a collection say of a unit."""
    record = unit.record
    body: Json = {
        "id": addresses.collection(record),
        "type": "Collection",
        "label": wording.title(record),
        "summary": wording.of_record(record, "summary"),
        "metadata": _metadata(unit),
        "requiredStatement": _statement(unit),
        "provider": provider(addresses),
        "homepage": homepage(addresses.record(record), wording.title(record)),
        "seeAlso": [
            {
                "id": addresses.entry(record),
                "type": "Dataset",
                "label": wording.both(lambda: _("Description as data")),
                "format": "application/json",
            }
        ],
    }
    if found := _RIGHTS.search(unit.rights_statement):
        body["rights"] = found[0].replace("https:", "http:", 1)
    return body


def _metadata(unit: Unit) -> list[dict[str, wording.LanguageMap]]:
    record = unit.record
    found = [
        wording.entry(wording.both(lambda: _("Reference code")), wording.plain(unit.reference_code)),
        wording.entry(wording.plain("ARK"), wording.plain(record.ark_text)),
    ]
    if record.date_expression or record.date_edtf:
        date = record.date_expression or record.date_edtf
        found.append(wording.entry(wording.both(lambda: _("Date")), wording.plain(date, "zh-Hans")))
    found += wording.fields(unit, FIELDS)
    for label, terms in ((_dimension, record.dimensions), (_mechanism, record.mechanisms)):
        if terms:
            found.append(wording.entry(wording.both(label), wording.listed(terms)))
    return found


def _dimension() -> str:
    return _("Dimension")


def _mechanism() -> str:
    return _("Mechanism")


def _statement(unit: Unit) -> dict[str, wording.LanguageMap]:
    """What must be shown with the images: whose they are, and what the sample archive is not."""
    is_sample = unit.record.batch is not None and unit.record.batch.type == Batch.Type.SAMPLE

    def text() -> str:
        parts = [_("Min-Ning Digital Archive, reference code %(code)s.") % {"code": unit.reference_code}]
        parts += [unit.rights_statement] if unit.rights_statement else []
        if is_sample:
            parts.append(
                _(
                    "The holdings shown are a sample compiled from public sources. "
                    "They show how the platform works and are no authority for the facts."
                )
            )
        return " ".join(parts)

    return wording.entry(wording.both(lambda: _("Source and rights")), wording.both(text))


def provider(addresses: Addresses) -> list[Json]:
    """The archive itself."""
    name = wording.both(lambda: _("Min-Ning Digital Archive"))
    return [
        {
            "id": addresses.home(),
            "type": "Agent",
            "label": name,
            "homepage": homepage(addresses.home(), name),
        }
    ]


def homepage(address: str, label: Mapping[str, Sequence[str]]) -> list[Json]:
    """A page for people."""
    return [{"id": address, "type": "Text", "label": label, "format": "text/html", "language": list(wording.LANGUAGES)}]


def parent(unit: Unit) -> Unit | None:
    """The unit directly above."""
    path = unit.path[: -Unit.steplen]
    return Unit.objects.select_related("record").filter(path=path).first() if path else None


def reference(unit: Unit | None, addresses: Addresses) -> Json:
    """The collection that something is a part of."""
    label = wording.title(unit.record) if unit else wording.both(lambda: _("Min-Ning Digital Archive"))
    return {"id": addresses.collection(unit.record if unit else None), "type": "Collection", "label": label}
