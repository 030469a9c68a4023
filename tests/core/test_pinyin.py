"""Our reading of pypinyin's dictionary beside pypinyin's own."""

import random
import re
from pathlib import Path

import pytest
from pypinyin import Style, lazy_pinyin, load_phrases_dict
from pypinyin.constants import PHRASES_DICT

import sample
from core.text import HAN_CLASS, pinyin, pinyin_sort_key, pinyin_syllables, simplify

HAN_RUN = re.compile(f"[{HAN_CLASS}]{{2,40}}")
UNSPOKEN = "\U0002a6dd"
"""A Han character that no word holds and that has no reading: after it a run never ends within a longer word."""


def _theirs(run: str, style: Style) -> list[str]:
    return lazy_pinyin(run + UNSPOKEN, style=style, errors="ignore", neutral_tone_with_five=True)


def _differences(runs: list[str]) -> list[str]:
    plain = [run for run in runs if pinyin_syllables(run) != _theirs(run, Style.NORMAL)]
    tones = [run for run in runs if pinyin_sort_key(run) != f"{' '.join(_theirs(run, Style.TONE3))} {run}"]
    return plain + tones


@pytest.fixture(autouse=True)
def _local_readings() -> None:
    """Teach pypinyin the local readings; ours are the same with and without it."""
    load_phrases_dict({word: [[one] for one in said.split()] for word, said in pinyin._LOCAL_READINGS.items()})


def test_the_sample_is_read_as_pypinyin_reads_it() -> None:
    files = sorted(path for path in Path(sample.__file__).parent.rglob("*") if path.suffix in {".json", ".csv"})
    runs = sorted({run for path in files for run in HAN_RUN.findall(path.read_text(encoding="utf-8"))})
    simple = [run for run in runs if simplify(run) == run and "\ufa00" not in run]

    chosen = random.Random(1996).sample(simple, min(len(simple), 2500))

    assert len(chosen) > 1000
    assert _differences(chosen) == []


def test_random_words_in_a_row_are_read_as_pypinyin_reads_them() -> None:
    chance = random.Random(2026)
    words = [word for word in PHRASES_DICT if simplify(word) == word]

    runs = ["".join(chance.choice(words)[: chance.randint(1, 4)] for _ in range(3)) for _ in range(1500)]

    assert _differences(runs) == []


def test_a_run_that_ends_within_a_longer_word_is_still_read_by_words() -> None:
    within, ending = pinyin_sort_key("国丧日"), pinyin_sort_key("辱国丧")

    assert within == "guo2 sang1 ri4 国丧日"
    assert ending == "ru3 guo2 sang1 辱国丧"


def test_what_has_no_reading_is_left_out() -> None:
    assert pinyin_syllables(f"闽{UNSPOKEN}宁") == ["min", "ning"]
