"""Addresses of the desk: intake."""

from django.urls import URLPattern, path

from workbench.views import intake

urlpatterns: list[URLPattern] = [
    path("uploads/", intake.collection, name="upload_pieces"),
    path("uploads/<uuid:key>/", intake.piece, name="upload_piece"),
    path("uploads/<uuid:key>/outcome/", intake.outcome, name="upload_outcome"),
    path("uploads/<uuid:key>/discard/", intake.discard, name="upload_discard"),
    path("intake/", intake.delivery, name="intake"),
    path("intake/confirm/", intake.confirm, name="intake_confirm"),
]
