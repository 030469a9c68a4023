"""Addresses of the texts of pages and documents; stable (design, §8)."""

from django.urls import URLPattern, path, re_path

from api import texts
from api.records.views import RecordViewSet

_ARK = rf"(?P<ark>{RecordViewSet.lookup_value_regex})"

urlpatterns: list[URLPattern] = [
    path("api/v1/pages/<int:page>/alto.xml", texts.AltoView.as_view(), name="page_alto"),
    path("api/v1/pages/<int:page>/hocr.html", texts.HocrView.as_view(), name="page_hocr"),
    path("api/v1/pages/<int:page>/text.txt", texts.PlainView.as_view(), name="page_text"),
    re_path(rf"^api/v1/records/{_ARK}/text\.txt$", texts.UnitTextView.as_view(), name="record_text"),
    re_path(rf"^api/v1/records/{_ARK}/document\.pdf$", texts.DocumentView.as_view(), name="record_document"),
]
