"""Documents of the Presentation API 3.0, made and checked with the library iiif-prezi3."""

import json
from collections.abc import Sequence

import iiif_prezi3
from django.http import HttpRequest, HttpResponse

from api.iiif import answers
from api.iiif.describing import Json

Model = type[iiif_prezi3.Manifest] | type[iiif_prezi3.Collection] | type[iiif_prezi3.AnnotationPage]


def answer(request: HttpRequest, model: Model, body: Json, contexts: Sequence[str] = ()) -> HttpResponse:
    """A document as the library's ``model`` has it, which refuses what the standard does not allow.

    ``contexts`` are those of further interfaces whose words the document uses.
    """
    checked = model.model_validate_json(json.dumps(body)).model_dump(mode="json", by_alias=True, exclude_none=True)
    for canvas in checked["items"] if model is iiif_prezi3.Manifest else []:
        for page in canvas.get("annotations", []):
            page.pop("items")  # the library takes a reference for a page without annotations
    context = [*contexts, answers.PRESENTATION_3] if contexts else answers.PRESENTATION_3
    return answers.linked_data(request, {"@context": context, **checked}, answers.PRESENTATION_3)
