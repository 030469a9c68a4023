"""Marks of secrecy (L-18) and marks for internal use (L-19) in texts, titles and names of files.

A mark is not a word of a sentence: it stands with its star or its period, in a line of its own, in brackets, or after
密级. What ordinary prose says with the same words is taken out first.
"""

import re
from typing import Final

_ALLOWED: Final = re.compile(
    r"(?:商业|国家|军事|技术|个人|通信|工作|职业|行业|企业|公开的|保守|保守.{0,4}|泄露.{0,4}|涉及.{0,4})(?:秘密|机密)"
    r"|秘密(?:战线|工作|投票|交通|接头|组织|会议|活动|进行|地|级)|(?:机密|绝密)级|(?:秘密|机密|绝密)(?:、|和|或|以及)(?:秘密|机密|绝密)"
)
_LEVEL: Final = r"(?:绝 ?密|机 ?密|秘 ?密)"
_STARS: Final = r"[★☆*＊✩✭✮⭐]"
_PERIOD: Final = r"(?:[0-9]{1,2} ?年|长 ?期|[0-9]{1,2} ?个 ?月)"
_WHOLE: Final = (
    re.compile(rf"{_LEVEL} ?{_STARS} ?(?:{_PERIOD})?"),
    re.compile(rf"{_LEVEL} ?{_PERIOD}(?![来内间以之前后的多])"),
    re.compile(rf"密 ?级 ?[:：]? ?{_LEVEL}(?!级)"),
    re.compile(rf"[【（(\[〔《]{_LEVEL}[】）)\]〕》]"),
    re.compile(rf"(?m)^ *{_LEVEL} *$"),
    re.compile(r"(?m)^[^\n，。；]{0,10}密码电报[^\n，。；]{0,6}$"),
    re.compile(r"发 ?电 ?[〔\[(（【] ?(?:19|20)[0-9]{2} ?[〕\])）】]"),
    re.compile(r"(?m)^ *发 ?电 *$"),
    re.compile(r"(?m)^[^\n，。；]{0,6}(?:不得公开|严禁外传|不得外传)[^\n，。；]{0,2}$"),
    re.compile(r"[【（(\[〔](?:[^】）)\]〕\n]{0,8})(?:不得公开|严禁外传|不得外传)[】）)\]〕]"),
)
_INTERNAL: Final = r"(?:内部资料|内部文件|内部刊物|内部参考|内部发行|内部使用|内部|工作秘密|注意保存)"
_AND_MORE: Final = rf"(?:{_INTERNAL}|不得翻印|请勿外传|妥善保管|仅供参考)"
_FOR_THE_HOUSE: Final = (
    re.compile(rf"(?m)^ *{_INTERNAL}(?:[ ,，、·★☆*!！]{{0,3}}{_AND_MORE}){{0,2}} *[!！。]? *$"),
    re.compile(rf"[【（(\[〔]{_INTERNAL}(?:[ ,，、]{{0,2}}{_INTERNAL})?[】）)\]〕]"),
    re.compile(r"密 ?级 ?[:：]? ?(?:内部|工作秘密)"),
)


def marks_in(text: str) -> list[str]:
    """The marks of secrecy in a text, as they stand there, each once; a hit means quarantine (L-18)."""
    return _found(_WHOLE, _ALLOWED.sub("　", _plain(text)))


def internal_marks_in(text: str) -> list[str]:
    """Marks that say that something is for the house only: it is not public, but no secret (L-19)."""
    return _found(_FOR_THE_HOUSE, _plain(text))


def _found(patterns: tuple[re.Pattern[str], ...], text: str) -> list[str]:
    marks: dict[str, None] = {}
    for pattern in patterns:
        for found in pattern.finditer(text):
            mark = " ".join(found.group().split())
            if not any(mark in other or other in mark for other in marks):
                marks[mark] = None
    return list(marks)


def _plain(text: str) -> str:
    """Digits and letters half-width, blanks of every kind as a space, runs of them as one."""
    narrow = text.translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)})
    return re.sub(r"[ \t\u3000\u00a0]+", " ", narrow)
