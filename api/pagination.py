"""Pages of a list by cursor: the last page costs what the first one costs."""

from rest_framework.pagination import CursorPagination


class RecordPagination(CursorPagination):
    """Ordered by key, which never changes and is never used twice."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "pk"
