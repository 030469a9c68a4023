"""The outbox and the index: nothing is lost, deletions arrive, a rebuild misses nothing and never shows half."""

import datetime as dt
import threading
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from archive import opening, workflow
from archive.models import Evidence, Location, Place, Record
from archive.signals import records_changed
from core.errors import Conflict, Unavailable
from media.lines import join, to_json
from media.models import Heartbeat, Page, PageText
from media.signals import pages_changed
from search import addresses, applying, backends, finding, indexing, locks, outbox, rebuilding, schema, state
from search.backends.base import Engine
from search.backends.elastic import ClusterEngine
from search.backends.tantivy import FolderEngine
from search.finding import Request
from search.models import IndexOp
from search.schema import Index
from tests.makers import make_fact, make_item, make_lines, make_page, make_place, make_source
from tests.search.conftest import Find


def _count(q: str) -> int:
    """Search without letting the index catch up."""
    return finding.find(Request(q=q), AnonymousUser()).count


def _read_anew(page: Page, text: str) -> None:
    lines = make_lines(text)
    page.texts.update(is_current=False)
    PageText.objects.create(page=page, origin="recognised", text=join(lines), lines=to_json(lines), engine="t")
    pages_changed.send(sender=Page, page_ids=[page.pk])


def test_a_change_that_is_rolled_back_leaves_no_operation(engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        make_fact("闽宁协作")
        assert outbox.is_waiting()
        raise RuntimeError

    assert not outbox.is_waiting()


def test_a_change_is_found_once_the_outbox_is_drained(find: Find) -> None:
    record = make_fact("闽宁协作")
    find("")
    Record.objects.filter(pk=record.pk).update(title_zh="另一题名")
    records_changed.send(sender=Record, record_ids=[record.pk])
    assert finding.find(Request(q="另一题名"), AnonymousUser()).is_behind

    assert find("另一题名").count == 1
    assert find("闽宁协作").count == 0
    assert not outbox.is_waiting()


def test_several_changes_of_a_record_are_applied_once(engine: Engine) -> None:
    record = make_fact("闽宁协作")
    records_changed.send(sender=Record, record_ids=[record.pk] * 3)
    records_changed.send(sender=Record, record_ids=[record.pk])

    batch = outbox.take(100)

    assert batch.records == {record.pk}
    assert len(batch.sequences) == 3


def test_a_new_text_of_a_page_takes_the_place_of_the_old_one(find: Find) -> None:
    page = make_page(make_item(), "先前的读法")
    assert find("先前").count == 1

    _read_anew(page, "后来的读法")

    assert find("先前").count == 0
    assert find("后来").hits[0].pages[0].page == page


def test_what_is_gone_leaves_the_index(find: Find) -> None:
    item = make_item()
    page, other = make_page(item, "第一页的字"), make_page(item, "第二页的字")
    record = make_fact("一件事")
    assert (find("页的字").hits[0].page_count, find("一件事").count) == (2, 1)

    page.digital_object.delete()
    record.delete()

    (hit,) = find("页的字").hits
    assert [one.page for one in hit.pages] == [other]
    assert find("第一页").count == find("一件事").count == 0
    assert finding.status().pages == 1


def test_a_page_without_text_is_not_indexed(find: Find) -> None:
    page = make_page(make_item(), "原来有字")
    find("")
    page.texts.all().delete()
    pages_changed.send(sender=Page, page_ids=[page.pk])

    assert find("有字").count == 0
    assert finding.status().pages == 0


def test_what_rests_on_a_changed_record_is_indexed_again(find: Find) -> None:
    ningxia = make_place("宁夏")
    village = make_place("某村")
    make_fact("移民搬迁", locations=[Location(place=village)])
    assert find("移民", place=[ningxia.ark]).count == 0

    Place.objects.filter(record=village).update(part_of=ningxia.place)
    records_changed.send(sender=Record, record_ids=[village.pk])

    assert find("移民", place=[ningxia.ark]).count == 1


def test_a_claim_is_indexed_again_on_the_day_its_document_opens(find: Find) -> None:
    source = make_source("一份材料")
    record = make_fact("移民搬迁", evidence=[Evidence(source=source.source, claim_zh="所载数字")])
    opening.close(source, until=timezone.localdate() + dt.timedelta(days=1), reason="个人信息", by=None)
    assert find("所载数字").count == 0
    Record.objects.filter(pk=source.pk).update(closed_until=timezone.localdate())  # as if a night had passed

    today = indexing.note_new_day(timezone.localdate() - dt.timedelta(days=1))

    assert today == timezone.localdate()
    assert [hit.record for hit in find("所载数字").hits] == [record]


def test_operations_come_in_batches_in_their_order(engine: Engine) -> None:
    rebuilding.rebuild()
    first, second, third = (make_fact(f"闽宁协作{number}") for number in range(3))

    with indexing.Indexer(engine) as indexer:
        applied = indexer.step(size=2)

        assert applied == 2
        assert [op.record for op in IndexOp.objects.all()] == [third.pk]
        assert _count("闽宁协作") == 2
        assert indexer.step(size=2) == 1
        assert indexer.step(size=2) == 0
    assert {first.pk, second.pk, third.pk} == set(Record.objects.values_list("pk", flat=True))


def test_an_operation_whose_batch_failed_is_applied_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    rebuilding.rebuild()
    make_fact("闽宁协作")

    with indexing.Indexer(engine) as indexer:
        with monkeypatch.context() as patched, pytest.raises(RuntimeError):
            patched.setattr(applying, "apply", _fail)
            indexer.step()
        assert (_count("闽宁"), outbox.pending()) == (0, 1)
        indexer.step()

    assert (_count("闽宁"), outbox.pending()) == (1, 0)


def _fail(*_arguments: object) -> None:
    raise RuntimeError


def test_another_process_sees_a_commit_and_a_switch_at_once(engine: Engine) -> None:
    elsewhere = _anew(engine)
    assert elsewhere.reader() is None
    make_fact("闽宁协作")
    indexing.drain()
    before = _records(elsewhere)
    make_fact("闽宁协作二")
    indexing.drain()
    after = _records(elsewhere)
    make_fact("闽宁协作三")
    rebuilding.rebuild()
    switched = _records(elsewhere)

    assert [before, after, switched] == [1, 2, 3]


def _anew(engine: Engine) -> Engine:
    """The engine as another process has it: it knows nothing of what this one did."""
    if isinstance(engine, FolderEngine):
        return FolderEngine(engine.folder)
    return ClusterEngine(addresses.cluster(settings.ARCHIVE_SEARCH))


def _records(engine: Engine) -> int:
    reader = engine.reader()
    assert reader is not None
    return reader.count(Index.RECORDS)


def test_a_second_writer_of_a_folder_is_refused_with_a_sentence(db: None) -> None:
    engine = backends.engine()
    rebuilding.rebuild()
    make_fact("闽宁协作")

    with engine.writer(engine.current()), pytest.raises(Unavailable):
        indexing.drain()

    assert outbox.pending() == 1
    assert indexing.drain() == 1


def test_a_rebuild_keeps_what_is_written_meanwhile(engine: Engine, find: Find) -> None:
    records = [make_fact(f"闽宁协作{number}") for number in range(3)]
    page = make_page(make_item("一份材料"), "先前的读法")
    find("")
    indexer = indexing.Indexer(engine)
    answers: list[tuple[int, int]] = []

    def meanwhile(_done: int, _total: int) -> None:
        if answers:
            return
        make_fact("闽宁协作新添")
        records[0].delete()
        _read_anew(page, "后来的读法")
        indexer.step()
        answers.append((_count("闽宁协作"), _count("后来")))

    before = engine.current()
    rebuilding.rebuild(meanwhile)

    assert answers == [(3, 1)]  # the old index answered throughout, and was kept up to date
    assert engine.current() != before
    assert not outbox.is_waiting()
    assert (_count("闽宁协作"), _count("新添"), _count("先前"), _count("后来")) == (3, 1, 0, 1)
    assert rebuilding.compare(Index.RECORDS).faults == rebuilding.compare(Index.PAGES).faults == 0
    indexer.close()


def test_the_indexer_goes_on_with_the_new_index_after_a_rebuild(engine: Engine) -> None:
    make_fact("闽宁协作一")
    indexing.drain()

    with indexing.Indexer(engine) as indexer:
        make_fact("闽宁协作二")
        indexer.step()
        rebuilding.rebuild()
        make_fact("闽宁协作三")
        indexer.step()

    assert _count("闽宁协作") == 3


def test_a_rebuild_whose_counts_differ_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        make_fact(f"闽宁协作{number}")
    rebuilding.rebuild()
    before = engine.current()

    with monkeypatch.context() as patched, pytest.raises(Conflict):
        patched.setattr(applying, "put_records", lambda *_arguments, **_options: None)
        rebuilding.rebuild()

    assert engine.current() == before
    assert _count("闽宁协作") == 3
    assert not locks.is_held(locks.REBUILD)


def test_two_rebuilds_at_once_are_refused(engine: Engine) -> None:
    with locks.held_at_once(locks.REBUILD), pytest.raises(Conflict):
        rebuilding.rebuild()


def test_a_lock_is_held_by_one_and_seen_by_all_until_it_is_let_go(db: None) -> None:
    states = [locks.is_held(locks.DRAIN)]

    with locks.held(locks.DRAIN), locks.held(locks.REBUILD):
        states += [locks.is_held(locks.DRAIN), locks.is_held(locks.REBUILD)]
        with pytest.raises(Conflict), locks.held_at_once(locks.DRAIN):
            states.append(False)
    states += [locks.is_held(locks.DRAIN), locks.is_held(locks.REBUILD)]

    assert states == [False, True, True, False, False]


def test_an_index_of_another_schema_version_is_built_anew(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    make_fact("闽宁协作")
    assert find("闽宁").count == 1

    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)

    assert _count("闽宁") == 0
    assert find("闽宁").count == 1


def test_differences_are_found_and_repaired(find: Find) -> None:
    kept, changed, gone = (make_fact(f"闽宁协作{number}") for number in range(3))
    page = make_page(make_item("一份材料"), "原来的字")
    find("")
    gone_key = gone.pk
    Record.objects.filter(pk=changed.pk).update(title_zh="改了")
    gone.delete()
    PageText.objects.filter(page=page).update(text="改了的字")
    added = make_fact("添了")
    IndexOp.objects.all().delete()

    found = {index: rebuilding.compare(index) for index in Index}

    records, pages = found[Index.RECORDS], found[Index.PAGES]
    assert (records.missing, records.extra) == ((added.pk,), (gone_key,))
    assert set(records.different) == {changed.pk, page.unit.record_id}
    assert (pages.missing, pages.extra, pages.different) == ((), (), (page.pk,))
    for index, comparison in found.items():
        rebuilding.repair(index, comparison)
    assert find("改了").count == 2
    assert all(rebuilding.compare(index).faults == 0 for index in Index)
    assert kept.pk not in records.different


def test_what_waits_in_the_outbox_is_no_difference(find: Find) -> None:
    find("")
    make_fact("闽宁协作")

    assert rebuilding.compare(Index.RECORDS).faults == 0


@pytest.mark.django_db(transaction=True)
def test_the_indexer_process_works_says_so_and_stops(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    make_fact("闽宁协作")
    stop = threading.Event()
    alive = []

    def rest(seconds: float) -> bool:
        alive.append(finding.status().indexer_alive)
        if seconds:
            stop.set()
        return stop.is_set()

    monkeypatch.setattr(stop, "wait", rest)
    indexing.run(stop)

    assert _count("闽宁") == 1
    assert alive
    assert all(alive)
    assert not finding.status().indexer_alive


def test_an_indexer_not_seen_for_a_while_is_not_alive(db: None) -> None:
    state.beat()
    assert finding.status().indexer_alive

    Heartbeat.objects.update(seen_at=timezone.now() - 2 * state.ALIVE_FOR)

    assert not finding.status().indexer_alive


def test_the_state_counts_what_waits_and_for_how_long(find: Find) -> None:
    make_page(make_item(), "一页")
    find("")
    make_fact("闽宁协作")
    IndexOp.objects.update(created_at=timezone.now() - dt.timedelta(seconds=90))

    index = finding.status()

    assert (index.records, index.pages, index.pending) == (2, 1, 1)
    assert 90 <= index.behind_seconds < 100


def test_the_command_does_and_says(engine: Engine) -> None:
    make_fact("闽宁协作")
    said = StringIO()

    with pytest.raises(CommandError):
        call_command("index", "verify", stdout=said)
    call_command("index", "rebuild", stdout=said)
    make_fact("闽宁协作二")
    call_command("index", "drain", stdout=said)
    call_command("index", "verify", stdout=said)
    call_command("index", "status", stdout=said)

    assert _count("闽宁协作") == 2
    assert len(said.getvalue().splitlines()) == 7


def test_verify_without_repair_fails_where_something_differs(engine: Engine) -> None:
    rebuilding.rebuild()
    make_fact("闽宁协作")
    IndexOp.objects.all().delete()

    with pytest.raises(CommandError):
        call_command("index", "verify", "--no-repair", stdout=StringIO())
    assert not outbox.is_waiting()
    call_command("index", "verify", stdout=StringIO())
    assert outbox.pending() == 1


def test_what_rests_on_a_record_is_indexed_in_batches_of_its_own(engine: Engine) -> None:
    place = make_place("某村")
    for number in range(5):
        make_fact(f"移民搬迁{number}", locations=[Location(place=place)])
    indexing.drain()
    Record.objects.filter(pk=place.pk).update(title_zh="新村")
    records_changed.send(sender=Record, record_ids=[place.pk])

    with indexing.Indexer(engine) as indexer:
        steps = [indexer.step(size=2) for _number in range(5)]

    assert steps == [1, 2, 2, 1, 0]
    assert _count("新村") == 6


def test_what_rests_on_a_hidden_record_is_not_found_until_it_is_indexed(engine: Engine) -> None:
    source = make_source("一份材料")
    for number in range(3):
        make_fact(f"移民搬迁{number}", evidence=[Evidence(source=source.source, claim_zh="所载数字")])
    indexing.drain()
    workflow.withdraw(source, reason="有误", by=None)
    found = []

    with indexing.Indexer(engine) as indexer:
        while indexer.step(size=1):
            found.append((_count("所载数字"), _count("移民搬迁")))

    assert found == [(0, 0), (0, 1), (0, 2), (0, 3)]
