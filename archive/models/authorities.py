"""Authorities: agents and places, the forms of their names, and their part in what is recorded (ISAAR(CPF))."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models.records import Reader, Record, visible


class Agent(models.Model):
    """A person, a corporate body or a family."""

    class Type(models.TextChoices):
        """Type of entity (ISAAR(CPF) 5.1.1)."""

        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        FAMILY = "family", _("Family")

    record = models.OneToOneField(Record, models.CASCADE, related_name="agent")
    type = models.CharField(_("type of entity"), max_length=12, choices=Type.choices)
    category = models.CharField(_("category"), max_length=40, blank=True, default="")
    history_zh = models.TextField(_("history"), blank=True, default="")
    history_en = models.TextField(_("history in English"), blank=True, default="")

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return str(self.record)


class Place(models.Model):
    """A place with its administrative code (GB/T 2260) and coordinates (WGS-84)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="place")
    type = models.CharField(_("type of place"), max_length=40, blank=True, default="")
    code = models.CharField(_("administrative code"), max_length=12, blank=True, default="")
    part_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    coordinates_note = models.CharField(_("note on the coordinates"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                name="archive_place_coordinates_in_range",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                violation_error_message=_("Coordinates come in pairs: latitude −90 to 90, longitude −180 to 180."),
            )
        ]

    def __str__(self) -> str:
        return str(self.record)

    def descendant_keys(self, reader: Reader) -> list[int]:
        """Keys of the records of every place within this one that ``reader`` may see.

        Two levels lie below a province at the most. What lies in a hidden place is not followed further.
        """
        found: list[int] = []
        layer = [self.pk]
        while layer:
            parts = Place.objects.filter(visible(reader, through="record__"), part_of__in=layer)
            rows = parts.values_list("pk", "record_id")
            layer = [pk for pk, _record in rows]
            found += [record for _pk, record in rows]
        return found


class NameForm(models.Model):
    """One form of an agent's or a place's name, with the time of its use (ISAAR(CPF) 5.1.2–5.1.5)."""

    class Type(models.TextChoices):
        """How the form relates to the authorised one."""

        AUTHORISED = "authorised", _("Authorised form")
        PARALLEL = "parallel", _("Parallel form")
        VARIANT = "variant", _("Other form")
        FORMER = "former", _("Former name")
        ABBREVIATION = "abbreviation", _("Short form")

    record = models.ForeignKey(Record, models.CASCADE, related_name="names")
    text = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, editable=False)
    language = models.CharField(_("language (BCP 47)"), max_length=20, default="zh-Hans")
    type = models.CharField(_("type of name"), max_length=12, choices=Type.choices, default=Type.AUTHORISED)
    used_from = models.CharField(_("used from (EDTF)"), max_length=20, blank=True, default="")
    used_until = models.CharField(_("used until (EDTF)"), max_length=20, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["key"], name="archive_name_key")]
        constraints = [models.UniqueConstraint(name="archive_name_once", fields=["record", "text", "type"])]

    def __str__(self) -> str:
        return self.text


class Participation(models.Model):
    """An agent's part in a record; the name stays as the document writes it."""

    class Role(models.TextChoices):
        """What the agent did or was."""

        CREATOR = "creator", _("Creator")
        ISSUER = "issuer", _("Issuing body")
        PAYER = "payer", _("Payer")
        PAYEE = "payee", _("Payee")
        SENDER = "sender", _("Sending party")
        RECEIVER = "receiver", _("Receiving party")
        FUJIAN_PARTY = "fujian_party", _("Party in Fujian")
        NINGXIA_PARTY = "ningxia_party", _("Party in Ningxia")
        AUTHOR = "author", _("Author or maker")
        PUBLISHER = "publisher", _("Publisher")
        PARTICIPANT = "participant", _("Participant")
        SUBJECT = "subject", _("Named in it")

    record = models.ForeignKey(Record, models.CASCADE, related_name="participations")
    agent = models.ForeignKey(Record, models.PROTECT, related_name="roles", limit_choices_to={"kind": "agent"})
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    name_as_written = models.CharField(_("name as written"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["agent", "role"], name="archive_participation_agent")]
        constraints = [
            models.UniqueConstraint(name="archive_participation_once", fields=["record", "agent", "role"]),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.role} {self.agent_id}"


class Location(models.Model):
    """A place's part in a record."""

    class Role(models.TextChoices):
        """What happened there."""

        SITE = "site", _("Place of the matter")
        HELD_AT = "held_at", _("Held at")
        COVERS = "covers", _("Area covered")

    record = models.ForeignKey(Record, models.CASCADE, related_name="locations")
    place = models.ForeignKey(Record, models.PROTECT, related_name="located", limit_choices_to={"kind": "place"})
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.SITE)
    name_as_written = models.CharField(_("name as written"), max_length=200, blank=True, default="")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="archive_location_once", fields=["record", "place", "role"])]

    def __str__(self) -> str:
        return f"{self.record_id} {self.role} {self.place_id}"
