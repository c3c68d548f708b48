"""Exporting every unit's figures below a node: asked for by a person, written by a job, deleted after some days."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import SEEK_END
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import QuerySet

from hoctap.forms import queries as form_queries
from hoctap.forms.figures import format_figure
from hoctap.forms.sheets.listing import Listing, UnitRow, write_csv, write_xlsx
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.moment import Moment, one_moment
from hoctap.kernel.tracing import where
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.reports.enums import Basis, ExportKind
from hoctap.reports.models import Export
from hoctap.reports.subtree import all_below, figures_of, seen_by

log = logging.getLogger("hoctap.reports")

KEPT = timedelta(days=7)
PATIENCE = timedelta(hours=1)  # after which one that is not done may be asked for again
TOLD_EVERY = 1000  # rows between two notes of how far it is
_WORDS = {
    Relation.SUPERIOR: {"wait": "Chờ duyệt", "ok": "Đã duyệt", "back": "Gửi trả"},
    Relation.COORDINATOR: {"wait": "Chờ tiếp nhận", "ok": "Đã tiếp nhận", "back": "Đề nghị chỉnh sửa"},
}
_SAME_WORDS = {"late": "Quá hạn", "recall": "Thu hồi", "ext": "Gia hạn", "none": "Chưa gửi"}


@transaction.atomic
def ask(
    *, seat: Seat, obligation: Obligation, kind: str, basis: str, queue: Callable[[int], object] | None = None
) -> Export:
    """Xuất số liệu: note what is wanted and queue it in the same transaction.

    The same wish again while it is not done (a double click, an impatient colleague) gives the first one.
    """
    org_rules.require(seat, roles.EXPORT_FIGURES)
    if not obligation_rules.takes_part(seat, obligation):
        raise Refusal(f"Số liệu của {obligation.unit.name} nằm ngoài phạm vi của vị trí anh/chị.")
    if obligation.round.form_version_id is None:
        raise Refusal("Đợt này không có biểu số liệu nên không có số để xuất.")
    wanted = {"obligation": obligation, "kind": ExportKind(kind), "basis": Basis(basis)}
    Seat.objects.select_for_update(no_key=True).get(pk=seat.pk)  # two clicks come one after the other
    waiting = Export.objects.filter(
        **wanted, seat__unit=seat.unit_id, done_at=None, asked_at__gt=clock.now() - PATIENCE
    ).first()
    if waiting:
        return waiting
    export = Export.objects.create(**wanted, seat=seat)
    journal.record("figures.export", export, seat=seat, obligation=obligation.pk, kind=kind, basis=basis)
    if queue:
        queue(export.pk)
    return export


def write(export: Export) -> None:
    """Write the file, once: whoever comes second, after a worker that was killed, finds it done or does it anew."""
    if export.done_at:
        return
    try:
        with tempfile.TemporaryFile() as out:
            _write(export, out)
            _keep(export, out)
    except (OperationalError, InterfaceError):
        raise  # the database is gone: tried again
    except Exception as error:
        log.error("export %s not written: %s", export.pk, where(error))
        message = (
            f"Hoctap gặp lỗi khi xuất số liệu (mã {export.pk}), chưa có tệp nào. "
            "Xuất lại; nếu vẫn gặp thì báo mã này cho quản trị."
        )
        Export.objects.filter(pk=export.pk, done_at=None).update(message=message, done_at=clock.DatabaseNow())


def _write(export: Export, out: BinaryIO) -> None:
    node, now = export.obligation, clock.now()
    spec = form_queries.version_spec(cast(int, node.round.form_version_id))  # asked for with one only
    with one_moment() as moment:
        path = moment.value(Obligation.objects.filter(pk=node.pk).values_list("path"))
        below = all_below(node, path)
        seen = seen_by(export.seat, node, below)
        count, unseen = moment.count(seen), moment.count(below) - moment.count(seen)
        Export.objects.filter(pk=export.pk).update(rows=count, rows_done=0)
        listing = Listing(spec, node.round.name, _told(export, count, unseen, now))
        rows = _rows(moment, export, figures_of(seen, node, export.basis, now))
        if export.kind == ExportKind.XLSX:
            write_xlsx(out, listing, rows, count)
        else:
            write_csv(out, listing, rows)


def _told(export: Export, count: int, unseen: int, now: datetime) -> list[str]:
    """What stands below the title."""
    unit, basis = export.obligation.unit, export.get_basis_display()
    told = [
        f"Số liệu từng đơn vị trong phần của {unit.name}: {format_figure(count)} đơn vị. {basis}, "
        f"tính đến {now:%H:%M, %d/%m/%Y}. Ô trống: không có số; 0: đơn vị báo không có."
    ]
    if unseen:
        told.append(f"Không có trong bảng: {format_figure(unseen)} đơn vị ngoài phạm vi của vị trí xuất.")
    if unit.is_demo:
        told.append("Số liệu minh họa")
    return told


def _rows(moment: Moment, export: Export, figures: QuerySet) -> Iterator[UnitRow]:
    """The table's rows; how many have come is noted now and then, for whoever waits."""
    for number, row in enumerate(moment.rows(figures), 1):
        code, name, consolidator, relation, standing, received_at, doc_number, doc_date, vector = row
        yield UnitRow(
            code, name, consolidator or "", _state(relation, standing),
            received_at and received_at.astimezone(clock.VIETNAM), doc_number or "", doc_date, vector,
        )  # fmt: skip
        if number % TOLD_EVERY == 0:
            Export.objects.filter(pk=export.pk).update(rows_done=number)


def _state(relation: str, standing: str) -> str:
    return _SAME_WORDS.get(standing) or _WORDS[Relation(relation)][standing]


def _keep(export: Export, out: BinaryIO) -> None:
    """The file and the word that it is there, under the row's lock: a worker thought dead may still be at it."""
    with transaction.atomic():
        row = Export.objects.select_for_update().filter(pk=export.pk, done_at=None).first()
        if row is None:
            return
        default_storage.delete(row.name)  # of a try that was cut off
        row.size, row.rows_done = out.seek(0, SEEK_END), row.rows or 0
        out.seek(0)
        default_storage.save(row.name, File(out))
        row.done_at = clock.DatabaseNow()
        row.save()


def forget_files() -> None:
    """Say of every export that its file is gone: a backup holds none, and whoever wants it exports again."""
    Export.objects.filter(done_at__isnull=False, message="").update(
        message="Dữ liệu đã được khôi phục từ bản sao lưu, trong đó không có tệp này. Xuất lại."
    )


def drop_old() -> int:
    """Delete what was asked for more than KEPT ago, files first; how many."""
    old = list(Export.objects.filter(asked_at__lt=clock.now() - KEPT))
    for export in old:
        default_storage.delete(export.name)
        export.delete()
    return len(old)
