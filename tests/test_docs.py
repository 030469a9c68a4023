"""The documents tell the truth about what can be compared: variables, vocabularies, dependencies, links, decisions."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import translation

from accounts.models import Role
from api.records.views import KINDS
from archive import models as archive
from archive.reference_codes import CodeProfile
from config import env
from media import models as media

PROJECT = Path(__file__).resolve().parent.parent
DOCS = PROJECT / "docs"
DOCUMENTS = sorted([*PROJECT.glob("*.md"), *DOCS.rglob("*.md")])

Choices = type[models.TextChoices] | type[models.IntegerChoices]

VOCABULARIES: dict[str, Choices] = {
    "archive.Kind": archive.Kind,
    "archive.Dimension": archive.Dimension,
    "archive.Mechanism": archive.Mechanism,
    "archive.Status": archive.Status,
    "archive.Opening": archive.Opening,
    "archive.Scope": archive.Scope,
    "archive.Level": archive.Level,
    "archive.Retention": archive.Retention,
    "archive.PersonalInformation": archive.PersonalInformation,
    "archive.CrossBorder": archive.CrossBorder,
    "archive.Stance": archive.Stance,
    "archive.Confidence": archive.Confidence,
    "archive.DateBasis": archive.DateBasis,
    "archive.Scheme": archive.Classification.Scheme,
    "archive.RelationRole": archive.Relation.Role,
    "archive.ParticipationRole": archive.Participation.Role,
    "archive.LocationRole": archive.Location.Role,
    "archive.AgentType": archive.Agent.Type,
    "archive.NameFormType": archive.NameForm.Type,
    "archive.ExchangeDirection": archive.Exchange.Direction,
    "archive.SourceCarrier": archive.Source.Carrier,
    "archive.BatchType": archive.Batch.Type,
    "accounts.Role": Role,
    "media.State": media.State,
    "media.StepName": media.JobStep.Name,
    "media.HeartbeatRole": media.Heartbeat.Role,
    "media.TextOrigin": media.PageText.Origin,
    "media.TextQuality": media.PageText.Quality,
    "media.VirusCheck": media.DigitalObject.VirusCheck,
    "media.Verdict": media.Page.Verdict,
    "media.Severity": media.Finding.Severity,
    "media.FindingDecision": media.Finding.Decision,
    "media.MaskRule": media.Mask.Rule,
    "media.MaskDecision": media.Mask.Decision,
    "media.IncidentWhere": media.Incident.Where,
    "media.IncidentDecision": media.Incident.Decision,
    "media.SeenFileState": media.SeenFile.State,
}
"""The closed vocabularies, by the name that the glossary gives them."""


def rows_of(text: str) -> list[list[str]]:
    """The cells of every table row but heads and rules, without the marks of code."""
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    cells = ([cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line.strip()[1:-1])] for line in lines)
    return [row for row in cells if row[0] not in {"code", "variable"}]


def section(name: str) -> list[list[str]]:
    """The rows of the glossary's section on a vocabulary."""
    found = re.search(
        rf"^## [^\n]*\(`{re.escape(name)}`\)[^\n]*\n(.*?)(?=^## |\Z)", glossary(), re.MULTILINE | re.DOTALL
    )
    assert found, f"docs/glossary.md has no section on {name}"
    return rows_of(found[1])


def glossary() -> str:
    return (DOCS / "glossary.md").read_text()


def labels(choices: Choices, language: str) -> list[tuple[str, str]]:
    """Every value as the glossary writes it, with its label."""
    with translation.override(language):
        return [(str(value) if value != "" else "(empty)", str(label)) for value, label in choices.choices]


# --- the variables ----------------------------------------------------------------------------------------------------


def test_the_table_of_variables_is_the_one_that_is_read() -> None:
    text = (DOCS / "operations.md").read_text()
    table = text.split("## Every variable")[1].split("\n## ")[0]
    expected = [(variable.name, variable.purpose) for variable in env.VARIABLES]

    written = [(row[0], row[2]) for row in rows_of(table)]

    assert written == expected


def test_the_defaults_in_the_table_are_those_of_the_code() -> None:
    table = (DOCS / "operations.md").read_text().split("## Every variable")[1].split("\n## ")[0]
    written = {row[0]: row[1] for row in rows_of(table)}
    expected = {variable.name: variable.default or "empty" for variable in env.VARIABLES}
    expected["WORKER_PROCESSES"] = "the number of processors"

    assert written == expected


# --- the words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_glossary_has_every_value_with_its_terms(name: str) -> None:
    english, chinese = (labels(VOCABULARIES[name], language) for language in ("en", "zh-hans"))
    expected = [(value, term, label) for (value, label), (_value, term) in zip(english, chinese, strict=True)]
    if name == "archive.SourceCarrier":  # its labels are the codes of GB/T 7714 in every language
        expected = [(row[0], row[1], f"[{row[0]}]") for row in section(name)]

    written = [(row[0], row[1], row[2]) for row in section(name)]

    assert written == expected
    assert {value for value, _term, _label in written} == {value for value, _label in english}


def test_the_glossary_has_every_profile_of_reference_codes() -> None:
    assert [row[0] for row in section("archive.CodeProfile")] == [profile.value for profile in CodeProfile]


def test_no_vocabulary_of_the_models_is_missing_from_the_glossary() -> None:
    known = {tuple(str(value) for value in choices.values) for choices in VOCABULARIES.values()}
    known.add(tuple(profile.value for profile in CodeProfile))
    known.add((*archive.Dimension.values, *archive.Mechanism.values))

    unknown = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"accounts", "archive", "media", "search"}
        for field in model._meta.fields
        if field.choices and tuple(str(value) for value, _label in field.flatchoices) not in known
    ]

    assert unknown == []


# --- the decisions ----------------------------------------------------------------------------------------------------


def test_every_dependency_stands_on_a_page() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    declared = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    declared += project["dependency-groups"]["node"]
    names = {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0] for requirement in declared}
    pages = "".join(path.read_text() for path in (DOCS / "decisions").glob("0*.md"))

    assert {name for name in names if f"`{name}`" not in pages} == set()


def test_the_index_of_decisions_names_every_page_by_its_title() -> None:
    index = (DOCS / "decisions/README.md").read_text()
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    expected = []
    for page in pages:
        number, title = page.read_text().splitlines()[0].removeprefix("# ").split(" ", 1)
        expected.append(f"| [{number}]({page.name}) | {title} |")

    assert [line for line in index.splitlines() if line.startswith("| [")] == expected


# --- what is pointed at -----------------------------------------------------------------------------------------------


def links() -> Iterator[tuple[Path, str]]:
    """Every link of the documents that leads to a file of the tree."""
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
            if "://" not in target and not target.startswith("#"):
                yield document, target


def anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_link_leads_somewhere() -> None:
    broken = []
    for document, target in links():
        path, _hash, anchor = target.partition("#")
        place = (document.parent / path).resolve()
        if not place.exists() or (anchor and anchor not in anchors(place)):
            broken.append(f"{document.relative_to(PROJECT)}: {target}")

    assert broken == []


def test_every_file_that_is_named_exists() -> None:
    named = re.compile(
        r"`((?:bin|config|core|accounts|archive|media|search|api|portal|workbench|sample|tests|bench|docs|deploy|locale)"
        r"/[\w./-]+)`"
    )

    missing = {
        f"{document.name}: {path}"
        for document in DOCUMENTS
        for path in named.findall(document.read_text())
        if not (PROJECT / path).exists()
    }

    assert missing == set()


def test_every_kind_has_its_address_in_the_description_of_the_interface() -> None:
    text = (DOCS / "api.md").read_text()

    assert [address for address in KINDS if not re.search(rf"\b{address}/`", text)] == []


def test_the_addresses_in_the_documents_are_routed() -> None:
    names = ("api:index", "api:search", "api:suggest", "api:openapi", "api:docs", "api:alive", "api:ready")
    text = (DOCS / "api.md").read_text()

    assert [name for name in names if reverse(name) not in text] == []


def test_every_measurement_that_is_named_exists() -> None:
    named = {name for document in DOCUMENTS for name in re.findall(r"bin/bench ([a-z_]+)", document.read_text())}

    assert {name for name in named if not (PROJECT / f"bench/{name}.py").exists()} == set()
