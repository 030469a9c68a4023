"""What the Presentation API 3.0 asks of a document, beyond the shapes that the library's models know."""

from collections.abc import Iterator
from typing import Any

import iiif_prezi3

Json = dict[str, Any]
CONTEXT = "http://iiif.io/api/presentation/3/context.json"
MODELS = {
    "Manifest": iiif_prezi3.Manifest,
    "Collection": iiif_prezi3.Collection,
    "AnnotationPage": iiif_prezi3.AnnotationPage,
}


def faults(document: Json) -> list[str]:
    """What is wrong with a document; nothing if it is valid."""
    MODELS[document["type"]].model_validate(document)
    contexts = document["@context"] if isinstance(document["@context"], list) else [document["@context"]]
    found = [] if contexts[-1] == CONTEXT and next(iter(document)) == "@context" else ["the context is not first"]
    return found + list(_faults(document)) + _repeated(document)


def _faults(thing: Any, path: str = "") -> Iterator[str]:
    if isinstance(thing, list):
        for number, part in enumerate(thing):
            yield from _faults(part, f"{path}/{number}")
    if not isinstance(thing, dict):
        return
    for name, part in thing.items():
        here = f"{path}/{name}"
        if part in (None, [], {}):
            yield f"{here} is empty"
        if name in {"label", "summary", "value"} and isinstance(part, dict):
            yield from (f"{here} is no language map" for texts in part.values() if not _are_texts(texts))
        if name in {"id", "@id"} and not str(part).startswith("http"):
            yield f"{here} is no address"
        yield from _faults(part, here)
    yield from _of_type(thing, path)


def _of_type(thing: Json, path: str) -> Iterator[str]:
    match thing.get("type"):
        case "Canvas":
            if "#" in thing["id"] or thing["width"] < 1 or thing["height"] < 1:
                yield f"{path} is no canvas"
        case "Annotation" if thing.get("motivation") == "painting":
            if thing["body"]["type"] == "Image" and not thing["body"]["id"].endswith("/full/max/0/default.jpg"):
                yield f"{path} paints no image"
        case "Image":
            if not thing.get("service"):
                yield f"{path} has no service"


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, list) and bool(texts) and all(isinstance(text, str) and text for text in texts)


def _repeated(document: Json) -> list[str]:
    ids = [item["id"] for item in document.get("items", [])]
    return [f"{name} stands twice" for name in set(ids) if ids.count(name) > 1]
