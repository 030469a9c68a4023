"""Errors as problem details (RFC 9457): one shape for everything that can go wrong."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.errors import ArchiveError, NotFound

PROBLEM_JSON = "application/problem+json"


class ProblemSerializer(serializers.Serializer[object]):
    """A problem as RFC 9457 describes it; ``code`` is stable and meant for programs, ``detail`` for people."""

    type = serializers.CharField(help_text="about:blank: the code says what kind of problem it is")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()


def problem_details(fault: Exception, context: Mapping[str, Any]) -> Response | None:  # Any: the framework's context
    """Turn what a view raised into problem details; what is not known here stays a server error."""
    if isinstance(fault, Http404):
        fault = NotFound(_("There is nothing at this address."))
    elif isinstance(fault, PermissionDenied):
        fault = exceptions.PermissionDenied()
    if isinstance(fault, ArchiveError):
        status, code, detail = fault.status, fault.code, fault.message
        headers: dict[str, str] = {}
    elif isinstance(fault, exceptions.APIException):
        status, code, detail = fault.status_code, str(fault.default_code).replace("_", "-"), _flat(fault.detail)
        headers = {"Allow": ", ".join(context["view"].allowed_methods)} if status == 405 else {}
    else:
        return None
    set_rollback()
    return problem(status, code, detail, headers)


def problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """A response that carries one problem."""
    body = described(status, code, detail)
    return Response(body, status=status, content_type=PROBLEM_JSON, headers=dict(headers or {}))


def described(status: int, code: str, detail: str) -> dict[str, str | int]:
    """The members of one problem (RFC 9457, §3.1)."""
    title = code.replace("-", " ").capitalize()
    return {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}


def _flat(detail: Any) -> str:  # Any: strings, lists and mappings, nested as the framework likes
    if isinstance(detail, Mapping):
        return "; ".join(f"{name}: {_flat(part)}" for name, part in detail.items())
    if isinstance(detail, list):
        return " ".join(_flat(part) for part in detail)
    return str(detail)
