"""``hoctap check``: count every consolidation again from its leaves, and compare; what is kept of activities too; then
name kept files that are gone.

The recount is separate plain Python (rollup.recount). Both sides are read in one database snapshot, so the check
may run while reports come in. Django is loaded by ``run``, hence the imports inside functions.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from hoctap.cli.environment import add_data_argument, database

if TYPE_CHECKING:
    from hoctap.obligations.models import Round

BASES = {"sent": "số đã gửi", "accepted": "số đã duyệt"}
CHUNK = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--refold",
        action="store_true",
        help="first build the running sums anew (needed once when the database was copied to another server)",
    )
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    """0 when everything agrees, 1 on any difference."""
    with database(args.data, "check"):
        if args.refold:
            from hoctap.rollup.actions import refold_all

            print(f"Đã cộng dồn lại từ đầu {refold_all()} thao tác.")
        _warn_of_long_writer()
        return max(check(), check_files())


def _warn_of_long_writer() -> None:
    """What keeps folding from moving on, and what to do about it: no figure is wrong for it."""
    from hoctap.kernel.clock import VIETNAM
    from hoctap.rollup.actions.folding import LONG
    from hoctap.rollup.queries import long_writer

    if writer := long_writer(LONG):
        print(
            f"Lưu ý: tiến trình {writer.pid} của cơ sở dữ liệu giữ một giao dịch ghi từ"
            f" {writer.since.astimezone(VIETNAM):%H:%M, %d/%m/%Y} chưa kết thúc. Số liệu vẫn đúng, nhưng mỗi lần xem tổng"
            f" hợp phải đọc thêm {writer.scanned} thao tác, càng lâu càng chậm. Nếu không phải việc đang chạy thật (như nhập"
            f" dữ liệu lớn), hãy chấm dứt bằng câu lệnh SQL: SELECT pg_terminate_backend({writer.pid});"
        )


def check() -> int:
    """Print every difference; the exit code."""
    from hoctap.activities.tallies import wrong
    from hoctap.obligations.models import Round
    from hoctap.rollup.models import Snapshot

    differences = 0
    with _one_snapshot():
        rounds = list(Round.objects.order_by("pk"))
        for opened in rounds:
            for line in compare_round(opened):
                differences += 1
                print(f"{opened.name}: {line}")
        for name in wrong():
            differences += 1
            print(f"Hoạt động “{name}”: số đã đếm không khớp các buổi và điểm danh.")
        signed = Snapshot.objects.exclude(signed_at=None).count()
    if differences:
        print(f"Có {differences} chỗ không khớp trong {len(rounds)} đợt báo cáo và {signed} bản đã ký.")
        return 1
    print(f"Đếm lại từ từng báo cáo: {len(rounds)} đợt báo cáo và {signed} bản tổng hợp đã ký đều khớp.")
    return 0


def check_files() -> int:
    """Print every file that something names and the store does not have; the exit code."""
    from hoctap.cli.missing import missing_files

    count = 0
    for line in missing_files():
        count += 1
        print(line)
    if count:
        print(
            f"Có {count} chỗ thiếu tệp trong kho tệp; số liệu và văn bản trong cơ sở dữ liệu không mất gì. Chép các tệp đó"
            " vào kho, đúng tên đã ghi trên, từ bản sao mới hơn của kho tệp, hoặc nhờ nơi đã gửi gửi lại đúng tệp cũ."
        )
    return int(bool(count))


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Everything read inside sees one moment of the database."""
    from django.db import connection, transaction

    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def compare_round(opened: Round) -> Iterator[str]:
    """What does not agree in one round, in Vietnamese: unit, line, both figures."""
    names = _Names(opened)
    yield from _tree(opened, names)
    yield from _standing(opened, names)
    yield from _sums(opened, names)
    yield from _deeds(opened, names)
    yield from _signed(opened, names)


class _Names:
    """How places are called: units by obligation, cells by position."""

    def __init__(self, opened: Round):
        from hoctap.forms.queries import version_spec
        from hoctap.obligations.models import Obligation

        found = Obligation.objects.filter(round=opened)
        self.units: dict[int, str] = dict(found.values_list("pk", "unit__name"))
        self.spec = version_spec(opened.form_version_id) if opened.form_version_id else None

    def cell(self, position: int) -> str:
        if self.spec is None or position >= self.spec.size:
            return f"ô số {position + 1}"
        return f"dòng {self.spec.line_of[position].number} ({self.spec.cells[position].measure})"


def _tree(opened: Round, names: _Names) -> Iterator[str]:
    """Paths say the same as parents, and every obligation hangs under a root."""
    from hoctap.kernel.paths import ids, segment
    from hoctap.obligations.models import Obligation
    from hoctap.rollup.recount import lost

    rows = list(Obligation.objects.filter(round=opened).values_list("pk", "parent_id", "path", "below"))
    paths = {pk: path for pk, _, path, _ in rows}
    under = Counter(above for path in paths.values() for above in ids(path)[:-1])
    for pk, parent, path, below in rows:
        if below != under[pk]:
            yield f"{names.units[pk]}: ghi {below} đơn vị bên dưới, đếm lại được {under[pk]}."
        if path != paths.get(parent, "") + segment(pk):
            yield f"{names.units[pk]}: đường dẫn trong cây không khớp nơi tổng hợp."
    for pk in sorted(lost(opened.pk)):
        yield f"{names.units[pk]}: không nằm dưới đơn vị tổng hợp nào của đợt."


def _standing(opened: Round, names: _Names) -> Iterator[str]:
    """Acts follow on from one another, and every report stands where its last act left it."""
    from hoctap.reports.models import Report, ReportEntry

    last: dict[int, tuple] = {}
    entries = ReportEntry.objects.filter(round=opened).order_by("pk")
    for pk, *sides in entries.values_list(
        "obligation_id", "sent_before_id", "accepted_before_id", "sent_after_id", "accepted_after_id"
    ).iterator(chunk_size=2000):
        if tuple(sides[:2]) != last.get(pk, (None, None)):
            yield f"{names.units[pk]}: chuỗi thao tác trên báo cáo bị đứt quãng."
        last[pk] = tuple(sides[2:])
    reports = Report.objects.filter(obligation__round=opened)
    for pk, *now in reports.values_list("obligation_id", "sent_id", "acceptance_id"):
        if tuple(now) != last.pop(pk, (None, None)):
            yield f"{names.units[pk]}: tình trạng báo cáo không khớp thao tác cuối cùng."
    for pk in sorted(last):
        yield f"{names.units[pk]}: có thao tác nhưng không có báo cáo."


def _sums(opened: Round, names: _Names) -> Iterator[str]:
    """Running sums with what is not folded yet, against the recount, at every node."""
    from hoctap.kernel import clock
    from hoctap.rollup.queries import totals
    from hoctap.rollup.recount import recount

    now = clock.now()
    counted = recount(opened.pk, now)
    while chunk := dict(islice(counted, CHUNK)):
        running = totals(opened.pk, chunk, now)
        for pk, tally in chunk.items():
            for kept, true, words in (
                (running[pk].late, tally.late, "gửi muộn"),
                (running[pk].overdue, tally.overdue, "quá hạn"),
            ):
                if kept != true:
                    yield f"{names.units[pk]}, số đơn vị {words}: đang ghi {kept}, đếm lại {true}."
            for basis, words in BASES.items():
                for text in _unlike(getattr(running[pk], basis), getattr(tally, basis), names):
                    yield f"{names.units[pk]}, {words}, {text}"


def _deeds(opened: Round, names: _Names) -> Iterator[str]:
    """Every activity in one report at most, and where it is said to be."""
    from hoctap.activities.models import Activity
    from hoctap.reports.models import Counted
    from hoctap.rollup.recount import counted_in

    stands = counted_in(opened.pk)
    said = {row.activity_id: row for row in Counted.objects.filter(round=opened)}
    called = dict(Activity.objects.filter(pk__in=stands.keys() | said.keys()).values_list("pk", "name"))
    for activity in sorted(stands.keys() | said.keys()):
        at, row = stands.get(activity, set()), said.get(activity)
        if len(at) > 1:
            units = ", ".join(sorted(names.units[pk] for pk in at))
            yield f"hoạt động “{called[activity]}” tính ở {len(at)} báo cáo: {units}."
        elif at and (row is None or row.obligation_id not in at):
            yield f"hoạt động “{called[activity]}” nằm trong báo cáo của {names.units[min(at)]}, không ghi là tính ở đó."
        elif not at and row is not None and row.decided_by_id is None:
            yield f"hoạt động “{called[activity]}” ghi là tính tại {names.units[row.obligation_id]}, báo cáo không có."


def _signed(opened: Round, names: _Names) -> Iterator[str]:
    """Every signed snapshot against its own list of reports."""
    from hoctap.rollup.models import Snapshot
    from hoctap.rollup.queries import Sums
    from hoctap.rollup.recount import recount_snapshot

    snapshots = Snapshot.objects.filter(obligation__round=opened).exclude(signed_at=None).order_by("pk")
    for snapshot in snapshots:
        tally = recount_snapshot(snapshot)
        signed = Sums(tuple(snapshot.sums), tuple(snapshot.counts), tally.reports)
        for text in _unlike(signed, tally, names):
            yield f"{names.units[snapshot.obligation_id]}, bản đã ký số {snapshot.number}, {text}"


def _unlike(stored, recounted, names: _Names) -> Iterator[str]:
    if stored.reports != recounted.reports:
        yield f"số báo cáo: đang ghi {stored.reports}, đếm lại {recounted.reports}."
    cells = zip_longest(stored.sums, stored.counts, recounted.sums, recounted.counts)
    for position, (total, count, true_total, true_count) in enumerate(cells):
        if total != true_total:
            yield f"{names.cell(position)}: đang ghi {_words(total)}, đếm lại {_words(true_total)}."
        if (count or 0) != (true_count or 0):
            yield f"{names.cell(position)}: đang ghi {count or 0} đơn vị có số, đếm lại {true_count or 0}."


def _words(value: int | None) -> str:
    return "không có số" if value is None else str(value)
