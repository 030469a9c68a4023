"""Addresses of the public interfaces; stable from the first release (design, §8)."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from api import health, text_urls
from api.iiif import urls as iiif_urls
from api.records.export import ExportView
from api.records.index import IndexView
from api.records.search import AlikeView, SearchView, SuggestView
from api.records.views import KINDS, RecordViewSet, viewset

router = SimpleRouter()
router.register("records", RecordViewSet, "record")
for address, (kind, filterset) in KINDS.items():
    router.register(address, viewset(kind, filterset), address)

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("api/v1/", IndexView.as_view(), name="index"),
    path("api/v1/search/", SearchView.as_view(), name="search"),
    path("api/v1/search/export.<slug:form>", ExportView.as_view(), name="export"),
    path("api/v1/suggest/", SuggestView.as_view(), name="suggest"),
    re_path(rf"^api/v1/records/(?P<ark>{RecordViewSet.lookup_value_regex})/like/$", AlikeView.as_view(), name="like"),
    path("api/v1/openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="api:openapi"), name="docs"),
    *text_urls.urlpatterns,
    path("api/v1/", include(router.urls)),
    *iiif_urls.urlpatterns,
]
