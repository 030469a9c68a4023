"""Addresses of the IIIF interfaces; stable from the first release (design, §8)."""

from django.urls import URLPattern, path, re_path

from api.iiif import changes, completing, holdings, image, manifests, searching
from api.iiif.asking import Version
from api.records.views import RecordViewSet

_PARAMETERS = "<str:region>/<str:size>/<str:rotation>/<str:quality>.<str:image_format>"


def _images(version: Version, name: str) -> list[URLPattern]:
    kept = {"version": version}
    return [
        path(f"iiif/{version}/<int:page>", image.base, kept, name=f"{name}_base"),
        path(f"iiif/{version}/<int:page>/info.json", image.info, kept, name=f"{name}_info"),
        path(f"iiif/{version}/<int:page>/{_PARAMETERS}", image.image, kept, name=f"{name}_image"),
    ]


_ARK = rf"(?P<ark>{RecordViewSet.lookup_value_regex})"

urlpatterns: list[URLPattern] = [
    *_images(3, "iiif"),
    *_images(2, "iiif2"),
    path("iiif/3/<int:page>/canvas", manifests.canvas, name="iiif_canvas"),
    re_path(rf"^iiif/manifest/{_ARK}$", manifests.manifest, name="iiif_manifest"),
    path("iiif/collection/", holdings.collections, name="iiif_collections"),
    re_path(rf"^iiif/collection/{_ARK}$", holdings.collection, name="iiif_collection"),
    path("iiif/annotations/<int:page>", manifests.annotations, name="iiif_annotations"),
    re_path(rf"^iiif/search/{_ARK}$", searching.search, name="iiif_search"),
    re_path(rf"^iiif/autocomplete/{_ARK}$", completing.autocomplete, name="iiif_autocomplete"),
    path("iiif/changes", changes.collection, name="iiif_changes"),
    path("iiif/changes/<int:number>", changes.page, name="iiif_changes_page"),
]
