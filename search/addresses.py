"""Where a search engine is: what SEARCH_URL may say, read once for the start of the platform and for its engines."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote

DEFAULT_PREFIX: Final = "archive"
DEFAULT_PORT: Final = 9200

_HOST: Final = r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::[0-9]{1,5})?"
_CLUSTER: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?:(?P<user>[^:/@?#\s]+):(?P<password>[^:/@?#\s]*)@)?"
    rf"(?P<hosts>{_HOST}(?:,{_HOST})*)"
    r"(?:/(?P<prefix>[a-z0-9][a-z0-9_-]{0,63})?)?"
    r"(?:\?(?P<query>[^#\s]*))?"
)
"""The prefix begins names of indices: small letters, digits, hyphens and underscores, the first a letter or digit."""

_PASSWORD: Final = re.compile(r"(?<=://)([^:/@\s]*):[^/@\s]*@")


@dataclass(frozen=True, slots=True)
class Cluster:
    """An Elasticsearch cluster, and the beginning of the names of the archive's indices in it."""

    hosts: tuple[str, ...]
    """Addresses of its nodes: scheme, host and port."""

    user: str = ""
    password: str = field(default="", repr=False)
    prefix: str = DEFAULT_PREFIX
    certificate: str = ""
    """The file with the certificate of the authority that signed the nodes' own; empty: the well-known ones."""


def cluster(address: str) -> Cluster:
    """Read ``http(s)://[user:password@]host[:port][,host[:port]…][/prefix][?ca=/path/of/the/authority's/certificate]``.

    Signs that have a meaning in an address are percent-encoded in user and password.

    Raises:
        ValueError: it is not of that form, or the certificate's file does not exist.
    """
    read = _CLUSTER.fullmatch(address)
    if read is None:
        raise ValueError(without_password(address))
    options = dict(parse_qsl(read["query"] or "", keep_blank_values=True, strict_parsing=bool(read["query"])))
    certificate = options.pop("ca", "")
    if options or (certificate and not Path(certificate).is_file()):
        raise ValueError(without_password(address))
    return Cluster(
        hosts=tuple(f"{read['scheme']}://{_with_port(host)}" for host in read["hosts"].split(",")),
        user=unquote(read["user"] or ""),
        password=unquote(read["password"] or ""),
        prefix=read["prefix"] or DEFAULT_PREFIX,
        certificate=certificate,
    )


def is_cluster(address: str) -> bool:
    """Whether the address is that of a cluster rather than of a folder."""
    return address.startswith(("http://", "https://"))


def without_password(address: str) -> str:
    """The address as it may be shown."""
    return _PASSWORD.sub(r"\1:…@", address)


def _with_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    if not colon or (name.startswith("[") and not name.endswith("]")):
        return f"{host}:{DEFAULT_PORT}"
    if not 0 < int(port) < 65_536:
        raise ValueError(host)
    return host
