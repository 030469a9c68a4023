"""The interface in Chinese: every text of code and templates has its translation, and what is compiled is current."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "locale/zh_Hans/LC_MESSAGES/django"
# Where the text stands among the arguments: context first, then the text (and its plural).
FUNCTIONS = {"_": 0, "gettext": 0, "gettext_noop": 0, "ngettext": 0, "pgettext": 1, "npgettext": 1}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")

Message = tuple[str | None, str]  # its context and its text


class Missing(gettext.NullTranslations):
    """Asked when the catalogue has no answer."""

    def gettext(self, message: str) -> str:
        """Say that there is none."""
        raise LookupError(message)

    def pgettext(self, context: str, message: str) -> str:
        """Say that there is none."""
        raise LookupError(message)


@pytest.fixture(scope="module")
def compiled() -> gettext.GNUTranslations:
    with CATALOGUE.with_suffix(".mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    catalogue.add_fallback(Missing())
    return catalogue


def translated(catalogue: gettext.GNUTranslations, message: Message) -> str | None:
    """The translation; None where there is none. A text with a plural is found by its singular."""
    context, text = message
    try:
        return catalogue.gettext(text) if context is None else catalogue.pgettext(context, text)
    except LookupError:
        return None


def message_of(function: str, arguments: list[str]) -> Message:
    position = FUNCTIONS[function.removesuffix("_lazy")]
    return (arguments[0] if position else None, arguments[position])


def messages_of_code(path: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
        if name.removesuffix("_lazy") in FUNCTIONS and texts and all(isinstance(text, str) for text in texts[:2]):
            yield message_of(name, [str(text) for text in texts])


def messages_of_template(path: Path) -> Iterator[Message]:
    for call in CALL.finditer(templatize(path.read_text(), origin=str(path))):
        yield message_of(call[1], list(ast.literal_eval(f"({call[2]},)")))


def messages() -> Iterator[tuple[Path, Message]]:
    """Every text for people, with the file it stands in."""
    for package in PROJECT.glob("*/__init__.py"):
        if package.parent.name in {"tests", "bench"}:
            continue
        for path in package.parent.rglob("*.py"):
            if "migrations" not in path.parts:
                yield from ((path, message) for message in messages_of_code(path))
    for pattern in ("templates/**/*.html", "*/templates/**/*.html"):
        for path in PROJECT.glob(pattern):
            if not {"var", "node_modules"} & set(path.relative_to(PROJECT).parts):
                yield from ((path, message) for message in messages_of_template(path))


def test_every_text_has_a_chinese_translation(compiled: gettext.GNUTranslations) -> None:
    missing = {
        f"{path.relative_to(PROJECT)}: {message[1]!r}"
        for path, message in messages()
        if not translated(compiled, message)
    }

    assert sorted(missing) == []


def written() -> Iterator[tuple[Message, str, bool]]:
    """The entries of the catalogue as text: message, (first) translation, and whether it is marked as a guess."""
    for block in CATALOGUE.with_suffix(".po").read_text().split("\n\n"):
        fields: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if match := re.match(r"(msg\w+(?:\[\d\])?) (\".*\")$", line):
                keyword = match[1]
                fields[keyword] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                fields[keyword] += ast.literal_eval(line)
        if fields.get("msgid"):
            translation = fields.get("msgstr", fields.get("msgstr[0]", ""))
            yield (fields.get("msgctxt"), fields["msgid"]), translation, "#, fuzzy" in block


def test_no_translation_is_empty_or_guessed() -> None:
    unfinished = [message for message, translation, guessed in written() if guessed or not translation]

    assert unfinished == []


def test_the_compiled_catalogue_is_the_written_one(compiled: gettext.GNUTranslations) -> None:
    stale = [message for message, translation, _ in written() if translated(compiled, message) != translation]

    assert stale == [], "bin/messages --compile brings it up to date"


def test_translations_keep_the_placeholders() -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))

    changed = [message for message, text, _ in written() if placeholders(message[1]) != placeholders(text)]

    assert changed == []
