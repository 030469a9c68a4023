"""How a query is read: words, phrases, operators, brackets, limits; nothing that is typed is an error."""

import random
import re

import pytest

from search import analysis, language
from search.query import All, AnyOne, Area, Everything, Not, Nothing, Phrase, Tree, phrases

ALPHABET = (
    *("AND", "OR", "NOT", "与", "或", "非", "&&", "||", "-", "*"),
    *("\\", " ", " ", " ", "　", "..", ">", "<=", "、", "|"),
    *('"', "“", "”", "「", "」", "『", "＂", "(", ")", "（", "）"),
    *(":", "：", "[", "]", "〔", "》", "。", "😀", "\x00", "\ud800", "\ue000"),
    *("标题:", "年:", "日期：", "金额:", "类型:", "kind:", "code:"),
    *("文号:", "http:", "tilte:", "机制", "1996", "2001年", "1亿元", "9999"),
    *("福建", "宁夏", "闽宁镇", "协作", "minning", "Han", "a", "政策", "下旬", "春", "至", "X", "~", "?", "一"),
)  # fmt: skip


def _word(text: str, area: Area = Area.ANYWHERE, *, is_quoted: bool = False, is_prefix: bool = False) -> Phrase:
    return Phrase(tuple(analysis.unigrams(analysis.level(text))), text, area, is_quoted=is_quoted, is_prefix=is_prefix)


def _tokens(q: str) -> list[str]:
    return ["".join(phrase.tokens) for phrase in phrases(language.read(q).tree)]


FUJIAN, NINGXIA, GANSU = _word("福建"), _word("宁夏"), _word("甘肃")


def test_words_are_read_one_by_one_and_quotation_marks_make_a_phrase() -> None:
    assert _tokens("闽宁　协作 1998年") == ["闽宁", "协作", "1998年"]
    assert _tokens("“闽宁 协作” 扶贫") == ["闽宁协作", "扶贫"]
    assert _tokens('"fujian province"') == ["fujianprovince"]
    assert _tokens("「闽宁」 『协作』 ＂扶贫＂") == ["闽宁", "协作", "扶贫"]
    assert language.read("「闽宁 协作」").tree == _word("闽宁 协作", is_quoted=True)


@pytest.mark.parametrize(
    ("q", "tokens"),
    [
        ("关于“闽宁”协作", ["关于闽宁协作"]),
        ("“闽宁”协作", ["闽宁协作"]),
        ("闽政(2016)12号", ["闽政|2016|12号"]),
        ("（2016）12号", ["2016|12号"]),
        ("文号:(2016)12号", ["2016|12号"]),
        ("办法（试行）", ["办法|试行"]),
        ("Min-Ning", ["min|ning"]),
        ("http://example.org/", ["http|example|org"]),
        ("12:30", ["12|30"]),
        ("会议地点：银川", ["会议地点|银川"]),
    ],
)
def test_signs_inside_a_word_are_punctuation(q: str, tokens: list[str]) -> None:
    assert _tokens(q) == tokens
    assert language.read(q).notes == ()


@pytest.mark.parametrize(
    ("q", "tree"),
    [
        ("福建 与 宁夏", All((FUJIAN, NINGXIA))),
        ("福建 AND 宁夏", All((FUJIAN, NINGXIA))),
        ("福建 && 宁夏", All((FUJIAN, NINGXIA))),
        ("福建 或 宁夏 甘肃", AnyOne((FUJIAN, All((NINGXIA, GANSU))))),
        ("(福建 OR 宁夏) 甘肃", All((AnyOne((FUJIAN, NINGXIA)), GANSU))),
        ("（福建）或（宁夏）", AnyOne((FUJIAN, NINGXIA))),
        ("福建 非 宁夏", All((FUJIAN, Not(NINGXIA)))),
        ("福建 -宁夏", All((FUJIAN, Not(NINGXIA)))),
        ("福建 NOT(宁夏 或 甘肃)", All((FUJIAN, Not(AnyOne((NINGXIA, GANSU)))))),
        ("福建 或 非 宁夏", AnyOne((FUJIAN, All((Everything(), Not(NINGXIA)))))),
        ("非 福建", All((Everything(), Not(FUJIAN)))),
        ("非 福建 -宁夏", All((Everything(), Not(FUJIAN), Not(NINGXIA)))),
        ("非 非 福建", FUJIAN),
        ("-(-福建)", FUJIAN),
        ("福建 (福建 (福建))", FUJIAN),
        ("福建 (宁夏 (甘肃 福建))", All((FUJIAN, NINGXIA, GANSU))),
        ("福建 或 (宁夏 或 (甘肃 或 福建))", AnyOne((FUJIAN, NINGXIA, GANSU))),
        ("() 福建 (())", FUJIAN),
        ("“福建”或“宁夏”", AnyOne((_word("福建", is_quoted=True), _word("宁夏", is_quoted=True)))),
    ],
)
def test_operators_and_brackets(q: str, tree: Tree) -> None:
    assert language.read(q) == type(language.read(q))(tree)


@pytest.mark.parametrize("q", ["与", "AND", "(或)", "\\AND", "“非”"])
def test_an_operator_by_itself_is_a_word(q: str) -> None:
    assert _tokens(q) == [q.strip("()“”\\").lower()]
    assert language.read(q).notes == ()


@pytest.mark.parametrize(
    "q", ["与 福建", "福建 AND", "或 福建 或", "福建 非", "(福建 与) ", "(与) 或 福建", "福建 (与 或)"]
)
def test_an_operator_without_a_side_is_left_out_and_explained(q: str) -> None:
    reading = language.read(q)

    assert reading.tree == FUJIAN
    assert reading.notes


def test_operators_inside_words_are_characters() -> None:
    assert _tokens("闽宁与协作 fish and chips") == ["闽宁与协作", "fish", "and", "chips"]


def test_an_asterisk_makes_a_prefix_of_letters_and_digits() -> None:
    assert language.read("minn*").tree == _word("minn", is_prefix=True)
    assert language.read("协作*").tree == _word("协作")
    assert language.read("协作19*").tree == All((_word("协作"), _word("19", is_prefix=True)))
    assert _tokens("2016-12*") == ["2016", "12"]
    assert language.read("标题:minn*").tree == _word("minn", Area.TITLE, is_prefix=True)


def test_a_lone_asterisk_is_left_out_and_explained() -> None:
    reading = language.read("* 福建")

    assert reading.tree == FUJIAN
    assert len(reading.notes) == 1


def test_nothing_typed_asks_for_everything() -> None:
    assert language.read("").tree == Everything()
    assert language.read(" \t　\n").tree == Everything()


@pytest.mark.parametrize("q", ["。", "*", "？？！", '""', "“”", "😀", "((", "\\", "~^:", "()", "--", "&&", "标题:()"])
def test_signs_alone_find_nothing_and_are_explained(q: str) -> None:
    reading = language.read(q)

    assert reading.tree == Nothing()
    assert len(reading.notes) == 1


@pytest.mark.parametrize("q", ['"闽宁 协作', '闽宁 协作"', "“闽宁 协作", '闽宁 " 协作', "「闽宁 协作”"])
def test_a_lone_quotation_mark_is_explained(q: str) -> None:
    reading = language.read(q)

    assert _tokens(q) == ["闽宁", "协作"]
    assert len(reading.notes) == 1


@pytest.mark.parametrize("q", ["(福建 宁夏", "福建 宁夏)", "福建) 宁夏", "（（福建 宁夏）"])
def test_a_lone_bracket_is_explained(q: str) -> None:
    reading = language.read(q)

    assert _tokens(q) == ["福建", "宁夏"]
    assert len(reading.notes) == 1


@pytest.mark.parametrize(
    "q", ["\x00", "闽\x00宁", "\ud800", "\x1b[31m闽宁", "闽宁\ue000", "AND OR NOT", "+-&&||!(){}[]"]
)
def test_odd_input_never_fails(q: str) -> None:
    language.read(q)


def test_a_very_long_query_is_cut_and_explained() -> None:
    reading = language.read("闽宁协作" * 2500)

    assert isinstance(reading.tree, Phrase)
    assert len(reading.tree.tokens) == language.LONGEST
    assert str(language.LONGEST) in reading.notes[0]


@pytest.mark.parametrize("joint", [" ", " OR ", " AND ", " 非 "])
def test_very_many_words_are_cut_and_explained(joint: str) -> None:
    reading = language.read(joint.join(f"{number}" for number in range(1000)))

    tree = reading.tree
    assert isinstance(tree, All | AnyOne)
    assert len(tree.parts) == language.MOST_PHRASES
    assert str(language.MOST_PHRASES) in reading.notes[1]


@pytest.mark.parametrize(
    "q", ["(" * 5000, "(" * 900 + "福建" + ")" * 900, "((福建 " * 300, "-(" * 900 + "a", "NOT " * 400 + "a"]
)
def test_deep_nesting_is_no_danger(q: str) -> None:
    language.read(q)


def test_brackets_too_deep_are_left_out_and_explained() -> None:
    deep = language.DEEPEST + 1
    reading = language.read("(" * deep + "福建 或 宁夏" + ")" * deep)

    assert reading.tree == AnyOne((FUJIAN, NINGXIA))
    assert str(language.DEEPEST) in reading.notes[0]


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_signs_gives_a_sound_tree(seed: int) -> None:
    chance = random.Random(seed)  # the same five hundred queries in every run
    for _time in range(500):
        q = "".join(chance.choices(ALPHABET, k=chance.randint(1, 30)))

        tree = language.read(q).tree

        assert _is_sound(tree), q
        language.form(q)


@pytest.mark.parametrize("seed", range(3))
def test_without_signs_of_the_language_every_word_is_looked_for_as_it_is(seed: int) -> None:
    chance = random.Random(seed)
    plain = [one for one in ALPHABET if not re.search(r'[A-Z*\\&|"“”「」『＂():：（）<>与或非-]|\W-\W', one)] + [
        "《山海情》",
        "é",
        "㎡",
    ]
    for _time in range(200):
        q = "".join(chance.choices(plain, k=chance.randint(1, 20)))
        words = [_word(word) for word in re.sub("[\x00\ud800]", " ", q).split()]
        found = tuple({phrase.tokens: phrase for phrase in reversed(words) if phrase.tokens}.values())[::-1]

        tree = language.read(q).tree

        parts = tree.parts if isinstance(tree, All) else () if isinstance(tree, Nothing | Everything) else (tree,)
        assert {part.tokens for part in parts if isinstance(part, Phrase)} == {phrase.tokens for phrase in found}, q
        assert len(parts) == len(found)


def _is_sound(tree: Tree, above: type | None = None) -> bool:
    """Whether a tree keeps what `read` promises of it; ``above`` is the kind of tree that it stands in."""
    match tree:
        case All(parts):
            denials = [part for part in parts if isinstance(part, Not)]
            claims = [part for part in parts if not isinstance(part, Not)]
            inner = all(_is_sound(part, All) for part in claims) and all(_is_sound(one.part, Not) for one in denials)
            company = bool(claims) and (Everything() not in parts or claims == [Everything()])
            return inner and company and above is not All and len(set(parts)) == len(parts) > 1
        case AnyOne(parts):
            inner = all(_is_sound(part, AnyOne) for part in parts)
            return inner and above is not AnyOne and len(set(parts)) == len(parts) > 1
        case Phrase(tokens):
            return bool(tokens)
        case Everything():
            return above in (None, All)
        case Nothing():
            return above is None
        case _:
            return not isinstance(tree, Not)
