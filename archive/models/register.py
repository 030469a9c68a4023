"""The register: what is known of the cooperation, one kind of fact a model, one row beside each record."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models.records import Record, in_english


class Policy(models.Model):
    """A policy, decision or plan (政策)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="policy")
    document_number = models.CharField(_("document number"), max_length=120, blank=True, default="")
    issuer_as_written = models.CharField(_("issuing body as written"), max_length=300, blank=True, default="")
    issuing_level = models.CharField(_("level of the issuing body"), max_length=20, blank=True, default="")
    in_force = models.CharField(_("state"), max_length=20, blank=True, default="")
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")

    def __str__(self) -> str:
        return str(self.record)


class Exchange(models.Model):
    """People sent or received: secondments, teachers, doctors, training, labour (人才交流)."""

    class Direction(models.TextChoices):
        """Which way the people went."""

        FUJIAN_TO_NINGXIA = "fj_nx", _("From Fujian to Ningxia")
        NINGXIA_TO_FUJIAN = "nx_fj", _("From Ningxia to Fujian")
        UNKNOWN = "", _("Not stated")

    record = models.OneToOneField(Record, models.CASCADE, related_name="exchange")
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, blank=True, default="")
    category = models.CharField(_("category"), max_length=60, blank=True, default="")
    cohort = models.CharField(_("cohort"), max_length=200, blank=True, default="")
    head_count = models.DecimalField(_("number"), max_digits=14, decimal_places=2, null=True, blank=True)
    count_unit = models.CharField(_("unit of the number"), max_length=40, blank=True, default="")
    post = models.CharField(_("post"), max_length=200, blank=True, default="")
    from_as_written = models.CharField(_("sent by, as written"), max_length=200, blank=True, default="")
    to_as_written = models.CharField(_("received by, as written"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("exchange of people")
        verbose_name_plural = _("exchanges of people")

    def __str__(self) -> str:
        return str(self.record)


class Funding(models.Model):
    """A sum of money given (资金). Sums that count different things are never added."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="funding")
    amount = models.DecimalField(_("amount in yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    amount_as_stated = models.CharField(_("amount as stated"), max_length=60, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    what_counted = models.CharField(_("what was counted"), max_length=200, blank=True, default="")
    payer_as_written = models.CharField(_("payer as written"), max_length=200, blank=True, default="")
    payee_as_written = models.CharField(_("payee as written"), max_length=200, blank=True, default="")
    purpose = models.CharField(_("purpose"), max_length=300, blank=True, default="")
    period = models.CharField(_("period as written"), max_length=80, blank=True, default="")

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("funding")
        constraints = [
            models.CheckConstraint(
                name="archive_funding_amount_with_its_words",
                condition=Q(amount__isnull=True) | (Q(amount__gte=0) & ~Q(amount_as_stated="")),
                violation_error_message=_("An amount cannot be negative and needs the words of its source."),
            )
        ]

    def __str__(self) -> str:
        return str(self.record)


class Project(models.Model):
    """Something built or carried out (项目)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="project")
    state = models.CharField(_("state"), max_length=40, blank=True, default="")
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")
    investment = models.DecimalField(_("investment in yuan"), max_digits=18, decimal_places=2, null=True, blank=True)
    investment_as_stated = models.CharField(_("investment as stated"), max_length=60, blank=True, default="")
    beneficiaries = models.CharField(_("beneficiaries"), max_length=200, blank=True, default="")
    outcome_zh = models.TextField(_("outcome"), blank=True, default="")
    outcome_en = models.TextField(_("outcome in English"), blank=True, default="")

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")

    def __str__(self) -> str:
        return str(self.record)


class Venture(models.Model):
    """An enterprise, park or chain of industry (产业)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="venture")
    category = models.CharField(_("category"), max_length=60, blank=True, default="")
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")
    figures_zh = models.TextField(_("figures"), blank=True, default="")
    figures_en = models.TextField(_("figures in English"), blank=True, default="")

    class Meta:
        verbose_name = _("venture")
        verbose_name_plural = _("ventures")

    def __str__(self) -> str:
        return str(self.record)


class Indicator(models.Model):
    """A measured value at a place and time (民生指标)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="indicator")
    measure_zh = models.CharField(_("measure"), max_length=200)
    measure_en = models.CharField(_("measure in English"), max_length=200, blank=True, default="")
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4, null=True, blank=True)
    value_as_stated = models.CharField(_("value as stated"), max_length=60, blank=True, default="")
    unit = models.CharField(_("unit of measure"), max_length=40, blank=True, default="")
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return str(self.record)


class Work(models.Model):
    """A book, drama, school, exhibition or broadcast (文化教育成果)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="work")
    category = models.CharField(_("category"), max_length=60, blank=True, default="")
    maker_as_written = models.CharField(_("maker as written"), max_length=300, blank=True, default="")
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("work")
        verbose_name_plural = _("works")

    def __str__(self) -> str:
        return str(self.record)


class Meeting(models.Model):
    """A joint meeting of the two provinces (联席会议)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="meeting")
    ordinal = models.PositiveSmallIntegerField(_("ordinal"), null=True, blank=True)
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")
    agreements_zh = models.TextField(_("agreements"), blank=True, default="")
    agreements_en = models.TextField(_("agreements in English"), blank=True, default="")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    def __str__(self) -> str:
        return str(self.record)


class Pairing(models.Model):
    """Two parties paired with each other (结对)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="pairing")
    pairing_level = models.CharField(_("level of the pairing"), max_length=20, blank=True, default="")
    fujian_party_as_written = models.CharField(_("party in Fujian as written"), max_length=200)
    ningxia_party_as_written = models.CharField(_("party in Ningxia as written"), max_length=200)
    basis = models.CharField(_("basis"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("pairing")
        verbose_name_plural = _("pairings")

    def __str__(self) -> str:
        return str(self.record)


class Event(models.Model):
    """An entry of the chronicle (大事记)."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="event")
    category = models.CharField(_("category"), max_length=40, blank=True, default="")
    place_as_written = models.CharField(_("place as written"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return str(self.record)


class Dispute(models.Model):
    """A question on which sources disagree (考异): its claims are its evidence, numbered; the assessment is ours."""

    record = models.OneToOneField(Record, models.CASCADE, related_name="dispute")
    assessment_zh = models.TextField(_("assessment"), blank=True, default="")
    assessment_en = models.TextField(_("assessment in English"), blank=True, default="")

    class Meta:
        verbose_name = _("point in dispute")
        verbose_name_plural = _("points in dispute")

    def __str__(self) -> str:
        return str(self.record)

    @property
    def assessment(self) -> str:
        """The assessment in the language of the reader; Chinese where there is no other."""
        return self.assessment_en if in_english() and self.assessment_en else self.assessment_zh
