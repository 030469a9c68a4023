from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from archive.models import Indicator, Kind, Place, Record
from portal import fields
from tests.makers import make_fact, make_place

pytestmark = pytest.mark.django_db


def shown(record: Record) -> dict[str, str]:
    return {field.label: field.text for field in fields.of(record, AnonymousUser())}


def test_empty_fields_are_left_out() -> None:
    assert shown(make_fact()) == {}


def test_labels_begin_with_a_capital_in_english() -> None:
    record = make_fact(
        "指标", kind=Kind.INDICATOR, detail=Indicator(measure_zh="收入", measure_en="Income", value=Decimal(5))
    )

    with translation.override("en"):
        found = shown(record)

    assert found == {"Value": "5", "Measure": "Income"}


def test_a_number_keeps_its_decimals_and_no_more() -> None:
    record = make_fact(
        "指标", kind=Kind.INDICATOR, detail=Indicator(measure_zh="脱贫人口", value=Decimal("80.3000"), unit="万人")
    )

    with translation.override("en"):
        assert shown(record)["Value"] == "80.3 万人"


def test_known_words_are_translated_and_others_kept() -> None:
    place = make_place("永宁县")
    Place.objects.filter(record=place).update(type="an odd kind")

    with translation.override("en"):
        assert shown(Record.objects.get(pk=place.pk))["Type of place"] == "an odd kind"


def test_a_place_above_that_is_not_public_is_not_named() -> None:
    county = make_place("未公布的县", public=False)
    town = make_place("镇", part_of=county)

    assert "未公布的县" not in shown(town).values()


def test_dates_are_read_in_the_language_of_the_reader() -> None:
    record = make_fact(date="1996年5月31日")

    with translation.override("en"):
        (english,) = fields.date_of(record)
    (chinese,) = fields.date_of(record)

    assert english.text == "31 May 1996"
    assert "1996年5月31日" in english.note
    assert "EDTF 1996-05-31" in english.note
    assert chinese.text == "1996年5月31日"
