"""With the real engine: what it has read and a person has masked cannot be read again from the image for the public."""

import re

import pytest

from accounts.models import User
from archive.models import Unit
from media import masking, recognition, storage
from media.engines import vips
from media.models import Mask
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import card, look, printed_page

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_what_was_read_and_masked_is_not_read_again(item: Unit, archivist: User) -> None:
    account = card("62179900112233445")
    page = printed_page(
        item,
        "闽宁村搬迁户登记表",
        f"户籍证件号码{PERSON}，电话{MOBILE}，住二组。",
        f"一卡通账号：{account}，开户行：信用社",
        "以上一户五口，1998年3月填报。",
    )
    page.texts.all().delete()
    reading = recognition.read(page)
    assert isinstance(reading, recognition.Reading)
    recognition.record(page, reading)
    look(page)
    rules = set(page.masks.values_list("rule", flat=True))

    for mask in page.masks.all():
        masking.decide(mask, Mask.Decision.MASKED, by=archivist)
    masking.redraw(page)
    again = recognition.read_pixels(vips.rgb_array(storage.public_image(page)), is_upright=True)

    assert rules >= {Mask.Rule.IDENTITY_NUMBER, Mask.Rule.MOBILE_NUMBER, Mask.Rule.BANK_CARD}
    assert isinstance(again, recognition.Reading)
    text = "".join(line.text for line in again.lines)
    assert "以上一户五口" in text
    digits = "".join(re.findall(r"\d+", text))
    for secret in (PERSON, MOBILE, account):
        assert not any(secret[at : at + 4] in digits for at in range(len(secret) - 3)), secret
