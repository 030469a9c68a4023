"""Every address of the platform, by face."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("api.urls")),
    path("workbench/", include("workbench.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.views.errors.bad_request"
handler404 = "portal.views.errors.not_found"
handler403 = "portal.views.errors.not_permitted"
handler500 = "portal.views.errors.server_error"
