"""The engine for installations of several machines: Elasticsearch 8 or 9, asked over HTTP.

Only what every plain installation has is used: no scripts, no plug-ins, no ``_by_query``, no language analyzers.
"""

from search.backends.elastic.engine import ClusterEngine

__all__ = ["ClusterEngine"]
