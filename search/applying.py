"""Make the documents that changed and give them to a writer."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from archive.models import Record
from media.models import Page, PageQuerySet
from search import document, loading, schema
from search.backends.base import Document, Writer
from search.outbox import Batch
from search.schema import Index

CHUNK: Final = 250
"""Records or pages whose documents are made together."""


def apply(batch: Batch, writer: Writer) -> None:
    """Bring the documents of everything a batch names in line with the database; what is gone leaves the index."""
    put_records(sorted(batch.records | batch.documents), writer)
    for keys in _chunks(sorted(batch.records)):
        writer.remove(Index.PAGES, "record", keys)
        put_pages(Page.objects.filter(unit__record__in=keys), writer)
    for keys in _chunks(sorted(batch.pages)):
        writer.remove(Index.PAGES, schema.KEY[Index.PAGES], keys)
        put_pages(Page.objects.filter(pk__in=keys), writer)


def documents(keys: Sequence[int]) -> Iterator[Document]:
    """The documents of these records and of their pages; records that do not exist have none."""
    for chunk in _chunks(list(keys)):
        yield from document.of_records(loading.load(Record.objects.filter(pk__in=chunk).order_by("pk")))
        pages = Page.objects.filter(unit__record__in=chunk)
        yield from document.of_pages(loading.current_texts(pages))


def put_records(keys: Collection[int], writer: Writer, *, fresh: bool = False) -> None:
    """Index the records with these keys; those that do not exist leave the index."""
    for chunk in _chunks(list(keys)):
        loaded = loading.load(Record.objects.filter(pk__in=chunk))
        writer.put(document.of_records(loaded), fresh=fresh)
        gone = set(chunk) - {one.record.pk for one in loaded}
        writer.remove(Index.RECORDS, schema.KEY[Index.RECORDS], sorted(gone))


def put_pages(pages: PageQuerySet, writer: Writer) -> None:
    """Index those of the pages that have text; none of them may be in the index."""
    writer.put(document.of_pages(loading.current_texts(pages)), fresh=True)


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
