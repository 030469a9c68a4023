"""Addresses of the desk: masking."""

from django.urls import URLPattern, path

from workbench.views import incidents, masking

urlpatterns: list[URLPattern] = [
    path("masking/", masking.queue, name="masking"),
    path("masking/incidents/", incidents.incidents, name="incidents"),
    path("masking/incidents/<int:key>/", incidents.incident, name="incident"),
    path("masking/masks/<int:key>/decide/", masking.decide, name="mask_decide"),
    path("masking/masks/<int:key>/undo/", masking.undo, name="mask_undo"),
    path("masking/masks/<int:key>/alike/", masking.alike, name="mask_alike"),
    path("masking/pages/<int:key>/draw/", masking.draw, name="mask_draw"),
    path("masking/pages/<int:key>/clear/", masking.clear, name="mask_clear"),
    path("masking/pages/<int:key>/public.jpg", masking.public_view, name="mask_public"),
    path("masking/<slug:ark>/", masking.unit, name="masking_unit"),
]
