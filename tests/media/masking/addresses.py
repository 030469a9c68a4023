"""Every public address of the platform, taken from the resolver, so that a new one is looked at without being asked."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

NOT_PUBLIC = ("workbench", "admin", "djdt")
"""Faces behind the sign-in."""


def public_addresses(values: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    """For the name of each public address all ways to fill it with ``values``; none if a parameter is not known."""
    return {
        name: [address for chosen in _filled(parameters, values) if (address := _reversed(name, chosen))]
        for name, parameters in _named(get_resolver().url_patterns, "")
    }


def _named(patterns: Sequence[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.namespace or ""
            if inner not in NOT_PUBLIC:
                yield from _named(pattern.url_patterns, f"{space}{inner}:" if inner else space)
        elif pattern.name:
            kept = pattern.default_args or {}
            given = [*pattern.pattern.regex.groupindex] if hasattr(pattern.pattern, "regex") else []
            yield space + pattern.name, tuple(name for name in given if name not in kept)


def _filled(parameters: Sequence[str], values: Mapping[str, Sequence[object]]) -> Iterator[dict[str, object]]:
    if all(name in values for name in parameters):
        for chosen in itertools.product(*(values[name] for name in parameters)):
            yield dict(zip(parameters, chosen, strict=True))


def _reversed(name: str, parameters: Mapping[str, object]) -> str | None:
    try:
        return reverse(name, kwargs=dict(parameters))
    except NoReverseMatch:
        return None
