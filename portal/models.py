"""What visitors keep: saved searches. Everything else that the portal shows belongs to the parts below it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_LIMIT = 80


class SavedSearch(models.Model):
    """A question that somebody wants to ask again, and since when its answers have been seen.

    It belongs to an account, or to whoever holds the token in a browser's cookie, of which only the digest is kept.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="saved_searches"
    )
    holder = models.CharField(_("digest of the holder’s token"), max_length=64, blank=True, default="", editable=False)
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    question = models.TextField(_("question, as it stands in the address"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["holder"], name="portal_saved_search_holder")]
        constraints = [
            models.CheckConstraint(
                name="portal_saved_search_of_one_holder",
                condition=Q(owner__isnull=False, holder="") | (Q(owner__isnull=True) & ~Q(holder="")),
                violation_error_message=_("A saved search belongs to an account or to a browser, not to both."),
            ),
            models.CheckConstraint(
                name="portal_saved_search_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("A saved search needs a name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
