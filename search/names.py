"""Titles and names as people type them: by pinyin syllables, by initials, by their first characters."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from core import text
from search import analysis

MOST_READINGS: Final = 8
"""A row of letters can be cut into syllables in several ways (xian: xian, xi an); no more than these are tried."""

LONGEST_BEGINNING: Final = 12
"""A name can be suggested from this many of its characters or initials, and from twice as many letters of pinyin."""

_SPOKEN_CHARACTERS: Final = 60

_TABLE: Final = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die ding diu dong dou du duan dui dun duo
e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan
guang gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian
jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan
kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun
luo lv lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei
nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nun nuo nv nve o ou pa pai pan pang pao pei pen
peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang
rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she
shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan
tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia
xian xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai
zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""

SYLLABLES: Final = frozenset(_TABLE.split())
"""The syllables of Standard Chinese without tones, ü as v."""

_LONGEST_SYLLABLE: Final = 6


def spoken(names: Iterable[str]) -> str:
    """The pinyin tokens of names: for each its syllables and, marked by a dot, their initials, kept apart by bars."""
    rows = (_spoken(name) for name in names if name)
    return f" {analysis.BAR} ".join(row for row in rows if row)


def readings(run: str) -> list[tuple[str, ...]]:
    """The token rows that a run of letters may mean in a field made by `spoken`; the initials reading comes last."""
    rows = list(_cuts(run)[:MOST_READINGS])
    if len(run) > 1:
        rows.append(tuple(f"{letter}." for letter in run))
    return rows


def whole(names: Iterable[str]) -> Iterator[str]:
    """What somebody types who means exactly one of these titles or names.

    Levelled, and without its bars and blanks; short ones in pinyin and by initials, too.
    """
    for name in names:
        levelled = analysis.level(name)
        if levelled:
            yield levelled
            yield typed(name)
        if levelled and len(levelled) <= LONGEST_BEGINNING and not levelled.isascii():
            yield from spellings(name)[1:]


def beginnings(name: str) -> list[str]:
    """Everything one may have typed so far of a name, each once: its characters, its pinyin, its initials."""
    characters, pinyin, initials = spellings(name)
    found = list(_heads(characters, LONGEST_BEGINNING * (2 if characters.isascii() else 1)))
    found += _heads(pinyin, 2 * LONGEST_BEGINNING)
    found += _heads(initials, LONGEST_BEGINNING)
    return list(dict.fromkeys(found))


def homophones_key(name: str) -> str:
    """The syllables of a name without tones, joined by blanks: names that sound alike have the same."""
    return " ".join(_syllables(name))


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, str, str]:
    """A name in its characters, in pinyin and in initials, each without blanks and marks."""
    syllables = _syllables(name)
    initials = "".join([one if one.isdigit() else one[0] for one in syllables])
    return typed(name), "".join(syllables), initials


def typed(q: str) -> str:
    """What was typed, as `beginnings` has it: levelled, without blanks and bars."""
    return analysis.level(q).replace(" ", "").replace(analysis.BAR, "")


@lru_cache(maxsize=4096)
def _syllables(name: str) -> tuple[str, ...]:
    """The syllables of the beginning of a name; kept, for one name is spoken for several fields and many records."""
    return tuple(text.pinyin_syllables(name[:_SPOKEN_CHARACTERS]))


def _spoken(name: str) -> str:
    syllables = _syllables(name)
    if not syllables:
        return ""
    initials = (one if one.isdigit() else f"{one[0]}." for one in syllables)
    return f"{' '.join(syllables)} {analysis.BAR} {' '.join(initials)}"


def _heads(whole: str, longest: int) -> list[str]:
    return [whole[:length] for length in range(1, min(len(whole), longest) + 1)]


@lru_cache(maxsize=4096)
def _cuts(run: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read letters as whole syllables, long syllables first."""
    if not run:
        return ((),)
    found: list[tuple[str, ...]] = []
    for length in range(min(len(run), _LONGEST_SYLLABLE), 0, -1):
        if run[:length] in SYLLABLES:
            found += [(run[:length], *rest) for rest in _cuts(run[length:])]
        if len(found) >= MOST_READINGS:
            break
    return tuple(found)
