"""The portal app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """Public site."""

    name = "portal"
    verbose_name = _("Public site")

    def ready(self) -> None:
        """Connect the receivers, which need the models to be loaded."""
        import_module("portal.receivers")
