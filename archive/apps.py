"""The archive app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """Catalogue and register."""

    name = "archive"
    verbose_name = _("Catalogue and register")
