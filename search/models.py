"""The outbox of search: what must be indexed again, written in the transaction that changed it."""

from django.db import models
from django.utils import timezone


class IndexOp(models.Model):
    """A record, or one page of it, whose documents no longer match; applied in the sequence of the keys.

    The record is named by number, not by foreign key: an operation outlives a deleted record, whose documents must
    leave the index.
    """

    class Cause(models.TextChoices):
        """Why a document does not match any more; never shown, so without labels to translate."""

        ROW = "row"
        """The record or page changed itself."""

        BENEATH = "beneath"
        """Something that the record's document rests on changed."""

        HIDDEN = "hidden"
        """Something that the record's document rests on is not public any more."""

    id = models.BigAutoField(primary_key=True)
    record = models.BigIntegerField()
    page = models.BigIntegerField(null=True)
    cause = models.CharField(max_length=8, default=Cause.ROW)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.record}"
