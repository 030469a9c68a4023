"""Is the platform alive, and is each of its parts ready."""

from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import ArchiveError
from media import jobs, storage
from search import finding


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Each part's state; 503 where the site cannot do its work without it. No worker is a fact, not a failure."""
    parts: dict[str, str] = {
        "database": _state(_database),
        "search": _state(lambda: str(finding.status())),
        "storage": _state(storage.check),
    }
    is_ready = all(not state.startswith("failed") for state in parts.values())
    workers = jobs.workers_alive() if is_ready else 0
    parts["workers"] = f"{workers} alive" if workers else "none alive: scans wait until one is started"
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", "parts": parts}, status=200 if is_ready else 503
    )


def _state(check: Callable[[], object]) -> str:
    try:
        return f"ok {check() or ''}".strip()
    except (ArchiveError, DatabaseError, OSError, ImproperlyConfigured) as fault:
        return f"failed: {type(fault).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.vendor
