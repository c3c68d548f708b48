"""Every unit's figures as a file: the same as in the consolidation, of one moment, once, for those who may see them."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import psycopg
import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError

from hoctap.forms.sheets.listing import LEAD
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.reports import exports, jobs
from hoctap.reports.models import Export
from hoctap.rollup.actions import fold
from hoctap.rollup.queries import table
from tests.rollup.conftest import world  # noqa: F401
from tests.rounds import IN_TIME

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
HEAD = 5  # rows above the first unit


def asked(seat, node, kind="xlsx", basis="accepted") -> Export:
    return exports.ask(seat=seat, obligation=node, kind=kind, basis=basis)


def written(seat, node, **more) -> Export:
    export = asked(seat, node, **more)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    with default_storage.open(export.name) as held:
        return held.read()


def grid(export: Export) -> list[list]:
    sheet = openpyxl.load_workbook(io.BytesIO(content(export))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def units(export: Export) -> list[list]:
    read = grid(export)
    first = next(i for i, row in enumerate(read) if row[0] == "Mã đơn vị") + 2
    return read[first:]


def column_sums(rows: list[list]) -> list[int | None]:
    columns = zip(*(row[len(LEAD) :] for row in rows), strict=True)
    given = ([value for value in column if value is not None] for column in columns)
    return [sum(values) if values else None for values in given]


@pytest.fixture
def tree(world):  # noqa: F811
    """0 ─┬─ 1 ─┬─ 3
    │     └─ 4
    └─ 2"""
    tree = world.open([0, 0, 1, 1])
    tree.put(3, [1, 0, None])
    tree.submit(4, [10, None, None])
    tree.put(1, [100, 5, None])
    tree.put(2, [7, 7, 7])
    tree.accept(2, {2: 9})
    tree.submit(0, [1000, None, None])
    fold(tree.round.pk)
    return tree


@pytest.mark.parametrize("basis", ["accepted", "sent"])
@pytest.mark.parametrize("index", [0, 1])
def test_columns_add_up_to_the_consolidation(tree, basis, index):
    node = tree.node(index)
    export = written(tree.own(node), node, basis=basis)
    rows = units(export)
    assert column_sums(rows) == [*table(node, basis).total.sums]
    assert export.rows == export.rows_done == len(rows) == table(node).coverage.expected + 1


def test_who_stands_where(tree):
    rows = units(written(tree.own(tree.node(0)), tree.node(0), basis="sent"))
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("DV0", None, "Đã duyệt"),
        ("DV1", "Đơn vị 0", "Đã duyệt"),
        ("DV2", "Đơn vị 0", "Đã duyệt"),
        ("DV3", "Đơn vị 1", "Đã duyệt"),
        ("DV4", "Đơn vị 1", "Chờ duyệt"),
    ]
    assert rows[2][len(LEAD) :] == [7, 7, 7]  # as sent; reviewed it is 9


def test_the_words_follow_the_relation(story):
    with clock.frozen(IN_TIME):
        story.send(story.cast.p1_leader, c28=4)
        rows = units(written(story.cast.pgd_officer, story.root))
    assert {row[0]: row[3] for row in rows} == {
        "HCM-Q3-PGD": "Chưa gửi", "HCM-Q3-P1": "Chờ tiếp nhận", "HCM-Q3-P2": "Chưa gửi",
    }  # fmt: skip


def test_what_comes_in_meanwhile_is_not_half_in_it(tree, monkeypatch):
    """A report sent and a unit added after the reading began are of another moment."""
    reading = exports.figures_of

    def late(*given):
        tree.submit(4, [20, 20, 20])
        tree.cascade(0)
        return reading(*given)

    tree.withdraw(4)
    monkeypatch.setattr(exports, "figures_of", late)
    export = written(tree.own(tree.node(0)), tree.node(0), basis="sent")
    rows = {row[0]: row for row in units(export)}
    assert export.rows == len(rows) == 5
    assert rows["DV4"][3] == "Thu hồi" and set(rows["DV4"][len(LEAD) :]) == {None}


def test_csv_is_written_too(tree):
    export = written(tree.own(tree.node(0)), tree.node(0), kind="csv")
    text = content(export).decode("utf-8-sig")
    assert text.count("\n") == 6 and text.splitlines()[1].startswith("DV0,Đơn vị 0,,Đã duyệt,")
    assert export.size == len(content(export))
    assert Path(default_storage.path(export.name)).stat().st_mode & 0o077 == 0  # nobody else on the machine


def test_units_out_of_reach_are_left_out_and_counted(story):
    """The department sees the office's consolidation, by its own line; the wards report to it by another."""
    root = story.root
    root.recipients.filter(unit=story.cast.sgd).delete()
    export = written(story.cast.sgd_officer, root)
    assert [row[0] for row in units(export)] == ["HCM-Q3-PGD"]
    assert "2 đơn vị ngoài phạm vi" in grid(export)[2][0]
    whole = written(story.cast.q3_officer, root)
    assert len(units(whole)) == 3 and not any("ngoài phạm vi" in str(row[0]) for row in grid(whole))


def test_who_may_ask(story):
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        asked(story.cast.stranger_leader, story.root)
    with pytest.raises(Refusal):
        asked(story.cast.pgd_admin, story.root)
    export = asked(story.cast.q3_viewer, story.root)
    act = Act.objects.get(verb="figures.export")
    assert (act.object_id, act.seat_id) == (export.pk, story.cast.q3_viewer.pk)


def test_a_round_without_figures_has_none_to_export(story):
    story.root.round.form_version_id = None
    with pytest.raises(Refusal, match="không có biểu số liệu"):
        asked(story.cast.pgd_officer, story.root)


def test_asked_twice_while_it_waits_is_one_and_queued_once(story):
    queued = []
    wish = {"obligation": story.root, "kind": "xlsx", "basis": "sent", "queue": queued.append}
    first = exports.ask(seat=story.cast.pgd_officer, **wish)
    assert exports.ask(seat=story.cast.pgd_leader, **wish) == first
    assert exports.ask(seat=story.cast.pgd_officer, **wish | {"kind": "csv"}) != first
    assert exports.ask(seat=story.cast.q3_officer, **wish) != first
    assert len(queued) == 3 and first.pk == queued[0]
    Export.objects.filter(pk=first.pk).update(asked_at=clock.now() - timedelta(hours=2))
    assert exports.ask(seat=story.cast.pgd_officer, **wish) != first  # nobody waits for ever


def test_a_worker_killed_before_the_end_leaves_no_second_file(tree, monkeypatch):
    """The job is run again from the start: one file, whole."""
    seat, node = tree.own(tree.node(0)), tree.node(0)
    export = asked(seat, node)
    saving = default_storage.save

    def killed(name, held):
        saving(name, held)
        raise KeyboardInterrupt  # after the file, before the row says so

    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage._wrapped), "save", lambda self, *given: killed(*given))
        with pytest.raises(KeyboardInterrupt):
            jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.done_at is None
    jobs.write_export(export.pk)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.done_at and len(units(export)) == 5
    assert default_storage.listdir("exports") == ([], [f"{export.pk}.xlsx"])


def test_the_slower_of_two_workers_changes_nothing(tree, monkeypatch):
    export = asked(tree.own(tree.node(0)), tree.node(0))
    reading = exports.figures_of

    def overtaken(*given):
        monkeypatch.setattr(exports, "figures_of", reading)
        jobs.write_export(export.pk)  # the other one, meanwhile
        tree.submit(4, [20, 20, 20])
        return reading(*given)

    tree.withdraw(4)
    monkeypatch.setattr(exports, "figures_of", overtaken)
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.size == len(content(export))
    assert default_storage.listdir("exports") == ([], [f"{export.pk}.xlsx"])


def test_an_error_is_told_in_words_and_never_twice(tree, monkeypatch, caplog):
    def broken(*given):
        raise ValueError("Đơn vị 4: 1234")

    monkeypatch.setattr(exports, "figures_of", broken)
    export = written(tree.own(tree.node(0)), tree.node(0))
    assert export.done_at and f"mã {export.pk}" in export.message
    assert "ValueError at" in caplog.text and "1234" not in caplog.text
    monkeypatch.undo()
    jobs.write_export(export.pk)
    assert not default_storage.exists(export.name)


def test_a_lost_database_is_tried_again(tree, monkeypatch):
    def lost(*given):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(exports, "figures_of", lost)
    export = asked(tree.own(tree.node(0)), tree.node(0))
    with pytest.raises(OperationalError):
        jobs.write_export(export.pk)
    monkeypatch.undo()
    jobs.write_export(export.pk)
    export.refresh_from_db()
    assert export.done_at and not export.message


def test_the_reading_can_write_nothing(tree):
    with exports.one_moment() as moment, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        moment._reading.execute("UPDATE reports_export SET size = 1")


def test_progress_is_told_while_it_goes(tree, monkeypatch):
    monkeypatch.setattr(exports, "TOLD_EVERY", 2)
    seen, writing = [], exports.write_xlsx

    def watched(out, listing, rows, count):
        def each():
            for row in rows:
                yield row
                seen.append(Export.objects.values_list("rows_done", "rows").get())

        writing(out, listing, each(), count)

    monkeypatch.setattr(exports, "write_xlsx", watched)
    export = written(tree.own(tree.node(0)), tree.node(0))
    assert seen == [(0, 5), (0, 5), (2, 5), (2, 5), (4, 5)]
    assert export.rows_done == 5


def test_after_a_week_it_is_gone(tree):
    seat, node = tree.own(tree.node(0)), tree.node(0)
    old, fresh = written(seat, node), written(seat, node, kind="csv")
    Export.objects.filter(pk=old.pk).update(asked_at=clock.now() - timedelta(days=7, minutes=1))
    jobs.drop_old_exports(0)
    assert [*Export.objects.all()] == [fresh]
    assert default_storage.listdir("exports") == ([], [f"{fresh.pk}.csv"])
