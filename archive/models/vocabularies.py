"""The closed vocabularies of the archive; the glossary gives each term its place in the standards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a record is about: a document of the catalogue, a fact of the register, or an authority."""

    UNIT = "unit", _("Archival unit")
    POLICY = "policy", _("Policy")
    EXCHANGE = "exchange", _("Exchange of people")
    FUNDING = "funding", _("Funding")
    PROJECT = "project", _("Project")
    VENTURE = "venture", _("Venture")
    INDICATOR = "indicator", _("Indicator")
    WORK = "work", _("Work")
    MEETING = "meeting", _("Meeting")
    PAIRING = "pairing", _("Pairing")
    EVENT = "event", _("Event")
    DISPUTE = "dispute", _("Point in dispute")
    AGENT = "agent", _("Agent")
    PLACE = "place", _("Place")
    SOURCE = "source", _("Source")


REGISTER_KINDS = (
    Kind.POLICY,
    Kind.EXCHANGE,
    Kind.FUNDING,
    Kind.PROJECT,
    Kind.VENTURE,
    Kind.INDICATOR,
    Kind.WORK,
    Kind.MEETING,
    Kind.PAIRING,
    Kind.EVENT,
    Kind.DISPUTE,
)


class Dimension(models.TextChoices):
    """The six dimensions of the cooperation."""

    POLICY = "policy", _("Policy and institutions")
    EXCHANGE = "exchange", _("Exchange of people")
    FUNDING = "funding", _("Funds and projects")
    INDUSTRY = "industry", _("Industrial cooperation")
    LIVELIHOOD = "livelihood", _("Livelihood")
    CULTURE = "culture", _("Culture and education")


class Mechanism(models.TextChoices):
    """The five mechanisms by which the two provinces work together."""

    JOINT_MEETINGS = "joint_meetings", _("Joint meetings")
    PAIRED_ASSISTANCE = "paired_assistance", _("Paired assistance")
    INDUSTRY_LED = "industry_led", _("Industry-led development")
    MUTUAL_LEARNING = "mutual_learning", _("Mutual learning")
    SOCIAL_PARTICIPATION = "social_participation", _("Participation of society")


class Status(models.TextChoices):
    """Where a record stands on its way to the public."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Opening(models.TextChoices):
    """The opening mark (开放标识, DA/T 18-2022); only OPEN is for the public (L-02)."""

    NOT_REVIEWED = "not_reviewed", _("Not reviewed")
    OPEN = "open", _("Open")
    CONTROLLED = "controlled", _("Controlled")
    POSTPONED = "postponed", _("Opening postponed")


class Scope(models.IntegerChoices):
    """How much may be made public (公布): each step includes those before it (L-09)."""

    NOTHING = 0, _("Nothing")
    CATALOGUE = 1, _("Catalogue entry")
    TEXT = 2, _("Text")
    IMAGE = 3, _("Images")
    DOWNLOAD = 4, _("Download")


class DateBasis(models.TextChoices):
    """How a date is known (standards: 原文, 考证, 推定)."""

    STATED = "stated", _("As stated")
    RESEARCHED = "researched", _("Established by research")
    INFERRED = "inferred", _("Inferred")


class Confidence(models.TextChoices):
    """How firmly a fact stands in what was read."""

    STATED = "stated", _("Stated in the source")
    DERIVED = "derived", _("Derived by the compiler")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")


class Level(models.TextChoices):
    """Levels of description (ISAD(G) 3.1.4, DA/T 18-2022 著录层级)."""

    FONDS = "fonds", _("Fonds")
    SERIES = "series", _("Series")
    FILE = "file", _("File")
    ITEM = "item", _("Item")


class Retention(models.TextChoices):
    """Retention periods (保管期限)."""

    PERMANENT = "Y", _("Permanent")
    YEARS_30 = "D30", _("30 years")
    YEARS_10 = "D10", _("10 years")


class CrossBorder(models.TextChoices):
    """Whether copies may leave the country (L-14)."""

    NOT_ASSESSED = "not_assessed", _("Not assessed")
    PUBLISHED_IN_CHINA = "published_in_china", _("Published in China already")
    APPROVED = "approved", _("Approved")


class PersonalInformation(models.TextChoices):
    """How much personal information an item carries (L-22)."""

    NONE = "none", _("None")
    ORDINARY = "ordinary", _("Ordinary")
    SENSITIVE = "sensitive", _("Sensitive")
    SENSITIVE_BULK = "sensitive_bulk", _("Sensitive, many persons")


class Stance(models.TextChoices):
    """Whether a piece of evidence bears a statement out or speaks against it."""

    SUPPORTS = "supports", _("Supports")
    DISPUTES = "disputes", _("Disputes")
