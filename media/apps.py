"""The media app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    """Digital objects."""

    name = "media"
    verbose_name = _("Digital objects")

    def ready(self) -> None:
        """Connect the receivers, which need the models to be loaded."""
        import_module("media.receivers")
        import_module("media.masking.objections")
