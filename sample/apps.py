"""The sample app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SampleConfig(AppConfig):
    """The sample archive and the commands that load and question it."""

    name = "sample"
    verbose_name = _("Sample archive")
