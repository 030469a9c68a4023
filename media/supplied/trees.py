"""XML from strangers: well-formed or refused, without a document type, so without entities to expand."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.errors import InvalidInput

MOST_ELEMENTS = 2_000_000
DEEPEST = 100


class _Refused(Exception):
    """The file holds what is not read."""


def parse(content: bytes, *, name: str) -> Element:
    """The tree of a file; tags as ``{namespace}name``.

    Raises:
        InvalidInput: not well-formed, with a document type, or far larger than any page.
    """
    builder = TreeBuilder()
    depth = count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise _Refused(_("it is nested too deeply or too large"))
        builder.start(_named(tag), {_named(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(tag))

    def document_type(*_declared: object) -> None:
        raise _Refused(_("it declares a document type (DOCTYPE)"))

    reader = expat.ParserCreate(namespace_separator="}")
    reader.buffer_text = True
    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.CharacterDataHandler = builder.data
    reader.StartDoctypeDeclHandler = document_type
    try:
        reader.Parse(content, True)
    except (expat.ExpatError, _Refused, ValueError, LookupError) as fault:
        reason = str(fault)
        raise InvalidInput(
            _("“%(name)s” is not read: %(reason)s. Export the text again as ALTO, hOCR or plain text.")
            % {"name": name, "reason": reason}
        ) from fault
    return builder.close()


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _named(name: str) -> str:
    return "{" + name if "}" in name else name
