"""The tree itself: its form, its locks, and the production set, which must name only what exists."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config import env
from media import tasks

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt", "package-lock.json")
KNOWN_VARIABLES = {variable.name for variable in env.VARIABLES} | {"DJANGO_SETTINGS_MODULE"}
# What the image sets for Python itself and for its shell.
IMAGE_VARIABLES = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
LONGEST_MODULE = 400
TEXT_FILES = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".txt",
    ".toml",
    ".yml",
    ".json",
    ".sh",
    ".conf",
    ".java",
    ".xml",
    "",
}
OUTSIDE = {"var", "node_modules", ".git"}

Compose = dict[str, Any]  # Any: a YAML document


def packages() -> list[Path]:
    """The project's own top-level packages, tests and measurements aside."""
    return sorted(path.parent for path in PROJECT.glob("*/__init__.py") if path.parent.name not in {"tests", "bench"})


def modules() -> Iterator[Path]:
    for package in packages():
        yield from (path for path in package.rglob("*.py") if "migrations" not in path.parts)


def text_files() -> Iterator[Path]:
    for folder, folders, names in os.walk(PROJECT):
        folders[:] = [name for name in folders if name not in OUTSIDE and not name.endswith("_cache")]
        yield from (path for name in names if (path := Path(folder) / name).suffix in TEXT_FILES)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def pinned(lock: str) -> dict[str, str]:
    """The versions of a Python lock, by package."""
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", (PROJECT / lock).read_text(), re.MULTILINE)
    return dict(found)


# --- form -------------------------------------------------------------------------------------------------------------


def test_every_package_says_in_one_line_what_it_is() -> None:
    inits = [path for package in packages() for path in package.rglob("__init__.py")]

    silent = [
        name_of(path)
        for path in inits
        if not {"migrations", "management"} & set(path.parts) and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_no_module_is_longer_than_the_style_allows() -> None:
    long = [name_of(path) for path in modules() if len(path.read_text().splitlines()) > LONGEST_MODULE]

    assert long == []


def test_only_the_environment_module_reads_the_environment() -> None:
    entry_points = {"config/env.py", "config/wsgi.py", "config/asgi.py", "config/celery.py", "config/settings/test.py"}

    readers = {name_of(path) for path in modules() if re.search(r"\bos\.(environ[.[]|getenv)", path.read_text())}

    assert readers - entry_points == set()


def test_the_direction_of_imports_is_guarded_for_every_package() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert {package.name for package in packages()} - set(settings["root_packages"]) == set()


def test_the_verbs_can_be_called() -> None:
    verbs = [path for path in (PROJECT / "bin").iterdir() if path.name != "environment.sh"]
    verbs += [PROJECT / ".ci/run", PROJECT / "services/elasticsearch/up"]

    assert [name_of(path) for path in verbs if not os.access(path, os.X_OK)] == []


def test_no_file_names_a_place_of_one_machine() -> None:
    # Joined here, so that this file does not find itself.
    foreign = re.compile(
        "|".join(("/wo" + r"rk/(main|shared)\b", r"\.\./sha" + "red/", "/tm" + "p/w/", r"(^|[\s\"'=])/ro" + "ot/"))
    )

    naming = [name_of(path) for path in text_files() if foreign.search(path.read_text(errors="replace"))]

    assert naming == []


# --- locks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_versions_and_hashes_but_no_address(lock: str) -> None:
    text = (PROJECT / lock).read_text()

    assert '"resolved"' not in text
    assert lock.endswith(".json") or "://" not in text
    assert "sha512-" in text or "--hash=sha256:" in text


def test_the_development_lock_holds_the_same_versions() -> None:
    development = pinned("requirements-dev.txt")

    different = {name: version for name, version in pinned("requirements.txt").items() if development[name] != version}

    assert different == {}


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    names = {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0].lower() for requirement in declared}

    assert names - set(pinned("requirements-dev.txt")) == set()


# --- the production set -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def compose() -> Compose:
    document: Compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return document


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """The Dockerfile, each instruction on one line."""
    return re.sub(r"\\\n\s*", " ", (PROJECT / "Dockerfile").read_text())


def ours(compose: Compose) -> dict[str, Compose]:
    """The services that run the platform's own image."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def test_the_production_set_is_whole(compose: Compose) -> None:
    parts = {"web", "worker", "indexer", "postgres", "elasticsearch", "redis", "nginx"}

    assert parts <= set(compose["services"])
    assert {"web", "worker", "indexer"} <= set(ours(compose))


def test_every_variable_of_the_set_is_one_that_the_platform_reads(compose: Compose) -> None:
    unknown = {
        (name, variable)
        for name, service in ours(compose).items()
        for variable in set(service["environment"]) - KNOWN_VARIABLES
    }

    assert unknown == set()


def test_the_set_chooses_the_parts_that_must_not_be_embedded(compose: Compose) -> None:
    for service in ours(compose).values():
        values = service["environment"]
        assert values["DJANGO_SETTINGS_MODULE"] == "config.settings.production"
        assert values["DATABASE_URL"].startswith("postgres://")
        assert values["BROKER_URL"].startswith("redis://")


def test_the_values_of_the_set_are_accepted_at_the_start(compose: Compose) -> None:
    chosen = {"SECRET_KEY": "k" * 50, "POSTGRES_PASSWORD": "secret", "HOST_NAME": "archive.example.org"}

    def filled(value: str) -> str:
        return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda m: chosen.get(m[1], m[2] or ""), str(value))

    for service in ours(compose).values():
        environment = env.read({name: filled(value) for name, value in service["environment"].items()})
        assert environment.allowed_hosts == ["archive.example.org", "localhost"]
        assert environment.public_url == "https://archive.example.org"


def test_a_choice_left_open_has_a_default_or_says_what_to_write() -> None:
    text = re.sub(r"^\s*#.*$", "", (PROJECT / "docker-compose.yml").read_text(), flags=re.MULTILINE)
    explained = set(re.findall(r"\$\{(\w+):[-?]", text))

    assert set(re.findall(r"\$\{(\w+)\}", text)) - explained == set()


def defines(module: str, name: str) -> bool:
    """Whether the module's source gives the name a value; it is not imported, since that would start the platform."""
    source = (PROJECT / f"{module.replace('.', '/')}.py").read_text()
    return re.search(rf"^{name} = ", source, re.MULTILINE) is not None


def runs(command: list[str]) -> bool:
    """Whether a command line of the set names something that exists here."""
    match command:
        case ["sh", "-c", script]:
            return all(runs(part.split()) for part in script.split("&&"))
        case ["python", "manage.py", name, *_]:
            return name in get_commands()
        case ["celery", "--app", package, "worker" | "inspect", *_]:
            return defines(f"{package}.celery", "app")
        case ["granian", *_, target]:
            module, _, attribute = target.partition(":")
            return defines(module, attribute)
    return False


def test_every_command_of_the_set_exists(compose: Compose, dockerfile: str) -> None:
    commands = [service["command"] for service in ours(compose).values()]
    commands += [ast.literal_eval(line) for line in re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)]

    assert len(commands) > len(ours(compose))
    assert [command for command in commands if not runs(command)] == []


def test_every_queue_has_a_worker(compose: Compose) -> None:
    commands = [service["command"] for service in ours(compose).values() if "--queues" in service["command"]]

    consumed = {queue for command in commands for queue in command[command.index("--queues") + 1].split(",")}

    assert consumed | {tasks.URGENT} == {tasks.URGENT, tasks.QUICK, tasks.HEAVY}  # what is urgent every worker serves


def test_every_image_is_pinned_to_a_version(compose: Compose, dockerfile: str) -> None:
    images = {service["image"] for service in compose["services"].values()}
    images |= set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))

    assert [image for image in images if not re.search(r":\d+\.\d+", image)] == []


def test_every_lasting_service_has_a_health_check(compose: Compose) -> None:
    lasting = {name: service for name, service in compose["services"].items() if service.get("restart") != "no"}

    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []


def test_every_service_waits_only_for_services_that_exist(compose: Compose) -> None:
    services = compose["services"]

    for service in services.values():
        for awaited, condition in service.get("depends_on", {}).items():
            assert awaited in services
            assert condition["condition"] != "service_healthy" or "healthcheck" in services[awaited]


def test_every_volume_and_network_of_the_set_is_declared(compose: Compose) -> None:
    for service in compose["services"].values():
        assert set(service["networks"]) <= set(compose["networks"])
        for volume in service.get("volumes", []):
            source = volume.rsplit(":", 2)[0] if volume.endswith(":ro") else volume.partition(":")[0]
            assert source.startswith((".", "$")) or source in compose["volumes"]


def test_the_platform_runs_read_only_and_without_rights(compose: Compose, dockerfile: str) -> None:
    account = re.findall(r"^USER (\S+)$", dockerfile, re.MULTILINE)[-1]

    for service in ours(compose).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] == account != "0:0"


def test_the_image_sets_only_known_variables(dockerfile: str) -> None:
    names = set(re.findall(r"(\w+)=", " ".join(re.findall(r"^ENV (.*)$", dockerfile, re.MULTILINE))))

    assert names - KNOWN_VARIABLES - IMAGE_VARIABLES == set()


def test_everything_the_image_copies_from_the_tree_exists(dockerfile: str) -> None:
    lines = re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE)
    copied = [name for line in lines for name in line.split()[:-1]]

    assert [name for name in copied if not (PROJECT / name).exists()] == []


def test_nginx_speaks_to_the_web_service_and_tells_it_of_https(compose: Compose) -> None:
    configuration = (PROJECT / "deploy/nginx.conf").read_text()
    command = compose["services"]["web"]["command"]
    port = command[command.index("--port") + 1]

    assert f"server web:{port};" in configuration
    assert "proxy_set_header X-Forwarded-Proto https;" in configuration
    for published in compose["services"]["nginx"]["ports"]:
        assert f"listen {published.partition(':')[2]}" in configuration
