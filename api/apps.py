"""The api app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Public interface."""

    name = "api"
    verbose_name = _("Public interface")

    def ready(self) -> None:
        """Connect the receivers, which need the models to be loaded."""
        import_module("api.iiif.receivers")
