"""Addresses of the desk: units."""

from django.urls import URLPattern, path

from workbench.views import unit

urlpatterns: list[URLPattern] = [
    path("units/", unit.units, name="units"),
    path("units/<slug:ark>/", unit.unit, name="unit"),
]
