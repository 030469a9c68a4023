"""Who signs in: users, and the roles that keep their powers apart (三员分立)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is here to do; nobody holds two roles that control each other."""

    ARCHIVIST = "archivist", _("Archivist")
    REVIEWER = "reviewer", _("Reviewer")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    AUDITOR = "auditor", _("Auditor")


class User(AbstractUser):
    """A person with an account at the archive."""

    role = models.CharField(_("role"), max_length=24, choices=Role.choices, blank=True, default="")

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @property
    def is_desk_member(self) -> bool:
        """Whether the workbench, and with it what is not yet public, is open to this person."""
        return self.is_active and (self.is_superuser or self.role in {Role.ARCHIVIST, Role.REVIEWER})
