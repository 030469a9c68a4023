import pytest

from archive import catalogue, lookup
from archive.models import Level, Unit
from archive.reference_codes import CodeProfile
from archive.writing import Draft
from core.errors import Conflict, InvalidInput, NotFound
from tests.makers import make_draft, make_unit

pytestmark = pytest.mark.django_db


def unit_draft(title: str, code: str, level: Level, profile: CodeProfile = CodeProfile.DAT13_VOLUME) -> Draft:
    return make_draft(title, detail=Unit(level=level, reference_code=code, code_profile=profile.value))


def test_units_stand_in_a_tree_by_materialised_path() -> None:
    fonds = make_unit("全宗")
    series = make_unit("类别", level=Level.SERIES, parent=fonds)
    item = make_unit("文件", level=Level.ITEM, parent=series)

    assert [unit.record.title_zh for unit in Unit.objects.get_ancestors(item)] == ["全宗", "类别"]
    assert item.path.startswith(series.path)


@pytest.mark.parametrize("level", [Level.SERIES, Level.FILE, Level.ITEM])
def test_only_a_fonds_is_a_root(level: Level) -> None:
    with pytest.raises(InvalidInput, match="全宗"):
        make_unit("孤儿", level=level)


def test_nothing_stands_below_an_item() -> None:
    item = make_unit("文件", level=Level.ITEM, parent=make_unit())

    with pytest.raises(InvalidInput):
        make_unit("更低", level=Level.ITEM, parent=item)


def test_a_reference_code_is_taken_whatever_its_dots_and_dashes_look_like() -> None:
    make_unit("甲", code="M001-WS·2016")

    with pytest.raises(Conflict, match="M001"):
        make_unit("乙", code="M001—WS•2016")


def test_a_code_that_breaks_the_profile_of_its_fonds_is_refused() -> None:
    with pytest.raises(InvalidInput, match="不成样子"):
        catalogue.create(unit_draft("全宗", "不成样子", Level.FONDS), parent=None, by=None)


def test_a_unit_is_found_by_its_code_as_somebody_types_it() -> None:
    unit = make_unit("甲", code="M001-WS·2016")

    assert lookup.unit_by_code("m001－ws・2016".upper()).pk == unit.pk


def test_an_unknown_code_is_named_with_the_remedy() -> None:
    with pytest.raises(NotFound, match="X999"):
        lookup.unit_by_code("X999-WS·2016")


def test_a_title_with_a_secrecy_mark_is_refused() -> None:
    with pytest.raises(InvalidInput, match="L-16"):
        make_unit("关于某事的报告 机密★10年")


def test_ordinary_words_about_secrets_are_no_secrecy_mark() -> None:
    assert make_unit("关于保护商业秘密的通知").record.title_zh == "关于保护商业秘密的通知"


def test_the_statutory_opening_date_counts_from_the_last_day() -> None:
    assert str(make_unit("全宗", date="1996/1999").statutory_opening_date) == "2024-12-31"
