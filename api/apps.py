"""The api app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Public interface."""

    name = "api"
    verbose_name = _("Public interface")
