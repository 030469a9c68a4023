import pytest
from django.test import Client
from django.utils import timezone

from archive.models import Record, Unit
from media.lines import join, to_json
from media.models import DigitalObject, Page, PageText
from tests.api.iiif.checking import faults
from tests.makers import make_lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]


def test_every_manifest_and_every_collection_of_the_sample_is_valid(client: Client) -> None:
    for number, scan in enumerate(DigitalObject.objects.select_related("unit")):
        page = Page.objects.create(
            unit=scan.unit,
            number=number + 1,
            digital_object=scan,
            frame=1,
            width=2480,
            height=3508,
            derived_at=timezone.now(),
        )
        lines = make_lines("样页文字")
        PageText.objects.create(page=page, text=join(lines), lines=to_json(lines), origin="recognised", engine="test")
    arks = Record.objects.filter(unit__pages__isnull=False).distinct().values_list("ark", flat=True)
    above = Unit.objects.exclude(level="item").values_list("record__ark", flat=True)
    addresses = [
        *(f"/iiif/manifest/{ark}" for ark in arks),
        "/iiif/collection/",
        *(f"/iiif/collection/{ark}" for ark in above),
    ]

    found = {address: faults(client.get(address).json()) for address in addresses}

    assert len(arks) > 5
    assert len(above) > 5
    assert {address: wrong for address, wrong in found.items() if wrong} == {}
