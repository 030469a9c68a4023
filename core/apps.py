"""The core app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Shared ground."""

    name = "core"
    verbose_name = _("Shared ground")
