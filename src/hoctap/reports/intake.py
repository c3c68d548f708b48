"""Excel in: one unit's sheet into its draft, or hundreds dropped by the receiving desk, each all-or-nothing."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from hoctap.forms import queries as form_queries
from hoctap.forms.sheets import Filled, SheetRefusal, Stamp, read_form
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import StoredFile
from hoctap.kernel.vietnamese import fold
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports.actions import Content, Receipt, accept, save_draft, submit
from hoctap.reports.enums import Channel, ReportState
from hoctap.reports.models import Draft, Intake, IntakeFile, Report, Revision

# The same file for the same obligation is the same submission, however often it is dropped.
_TOKENS = uuid.UUID("5f1f4f62-3c53-4c27-9a4e-6f0a7c2d9b10")


def stamp_of(obligation: Obligation, base: int) -> Stamp:
    """The mark a downloaded form carries."""
    return Stamp(
        unit_code=obligation.unit.code,
        unit_name=obligation.unit.name,
        round_id=str(obligation.round_id),
        obligation_id=str(obligation.pk),
        base=str(base),
    )


def fill_draft(*, seat: Seat, obligation: Obligation, data: bytes, name: str, version: int) -> Draft:
    """One unit's filled sheet becomes its draft; the letter's particulars already typed stay."""
    spec = _spec(obligation.round)
    filled = read_form(data, spec, name=name)
    if filled.stamp and filled.stamp.unit_code != obligation.unit.code:
        raise SheetRefusal(
            f"là biểu của {filled.stamp.unit_name}, không phải của {obligation.unit.name}. Chọn lại tệp.",
            file=name,
        )
    _require_round(filled, obligation.round, name)
    kept = Draft.objects.filter(report__obligation=obligation).first()
    content = _content(filled, Content.of_draft(kept) if kept else Content())
    return save_draft(seat=seat, obligation=obligation, content=content, version=version)


@transaction.atomic
def open_intake(
    *,
    seat: Seat,
    obligation: Obligation,
    uploads: Iterable[tuple[bytes, str]],
    channel: Channel,
    received_at: datetime,
    accept_clean: bool,
) -> Intake:
    """Keep the dropped files and queue them; ``obligation`` is the consolidator's own."""
    obligation_rules.require_owner(seat, obligation, roles.ENTER_REPORT)
    if obligation.round.form_version_id is None:
        raise Refusal("Đợt này không có biểu số liệu, chỉ có báo cáo bằng lời. Nhập thay từng đơn vị.")
    if received_at > clock.now():
        raise Refusal("Giờ nhận ở sau lúc này. Ghi lại ngày giờ đơn vị gửi tới.")
    intake = Intake.objects.create(
        round=obligation.round, seat=seat, channel=channel, received_at=received_at, accept=accept_clean
    )
    kept = [IntakeFile(intake=intake, file=files.store(data), name=name[:200]) for data, name in uploads]
    if not kept:
        raise Refusal("Chưa chọn tệp nào. Chọn các tệp Excel đơn vị gửi tới.")
    IntakeFile.objects.bulk_create(kept)
    journal.record("report.intake", intake, seat=seat, files=len(kept))
    return intake


def take_next(intake: Intake) -> bool:
    """Take one waiting file; False when none waits. Each file is its own transaction."""
    with transaction.atomic():
        waiting = (
            IntakeFile.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(intake=intake, done_at=None)
            .order_by("pk")
            .first()
        )
        if waiting is None:
            return False
        try:
            with transaction.atomic():
                waiting.revision = _take(intake, waiting)
        except Refusal as refusal:
            waiting.message, waiting.places = refusal.message, refusal.places
        waiting.done_at = clock.DatabaseNow()
        waiting.save()
    return True


def _take(intake: Intake, waiting: IntakeFile) -> Revision:
    data = files.path_of(waiting.file_id).read_bytes()
    filled = read_form(data, _spec(intake.round), name=waiting.name)
    _require_round(filled, intake.round, waiting.name)
    obligation = _match(intake, filled, waiting.name)
    token = uuid.uuid5(_TOKENS, f"{obligation.pk}:{waiting.file_id}")
    repeated = Revision.objects.filter(report__obligation=obligation, token=token).first()
    if repeated:
        raise Refusal(
            f"Tệp {waiting.name}: đã nhận trước đó (bản {repeated.number} của {obligation.unit.name})."
        )
    if IntakeFile.objects.filter(intake=intake, revision__report__obligation=obligation).exists():
        raise Refusal(
            f"Tệp {waiting.name}: {obligation.unit.name} có hai tệp trong lượt này. "
            "Đã nhận tệp trước; tệp này chưa nhận. Giữ đúng một tệp rồi nhập lại nếu cần."
        )
    revision = submit(
        seat=intake.seat,
        obligation=obligation,
        content=_content(filled, Content()),
        token=token,
        reason="Nhận lại bằng tệp Excel." if _is_accepted(obligation) else "",
        receipt=Receipt(Channel(intake.channel), intake.received_at, ((_stored(waiting), waiting.name),)),
    )
    if intake.accept:
        accept(seat=intake.seat, obligation=obligation, revision_number=revision.number)
    return revision


def _match(intake: Intake, filled: Filled, name: str) -> Obligation:
    """Whose file it is: by the hidden mark, else by a unit's name in the file's name."""
    expected = Obligation.objects.filter(round=intake.round, parent__unit=intake.seat.unit).select_related(
        "round", "unit", "parent__unit"
    )
    if filled.stamp:
        found = expected.filter(unit__code=filled.stamp.unit_code).first()
        if found is None:
            raise Refusal(
                f"Tệp {name}: đơn vị “{filled.stamp.unit_name}” không báo cáo qua đơn vị mình trong đợt này. "
                "Chưa nhận gì từ tệp."
            )
        return found
    words = f" {fold(name.rsplit('.', 1)[0].replace('-', ' ').replace('_', ' '))} "
    named = [
        o for o in expected if f" {o.unit.name_folded} " in words or f" {fold(o.unit.short_name)} " in words
    ]
    if len(named) != 1:
        raise Refusal(
            f"Tệp {name}: không có dấu của hệ thống và tên tệp không cho biết là của đơn vị nào. "
            "Đặt tên tệp theo tên đơn vị (ví dụ “UBND Phường 5.xlsx”) rồi nhập lại."
        )
    return named[0]


def _is_accepted(obligation: Obligation) -> bool:
    return Report.objects.filter(obligation=obligation, state=ReportState.ACCEPTED).exists()


def _require_round(filled: Filled, opened: Round, name: str) -> None:
    if filled.stamp and filled.stamp.round_id and filled.stamp.round_id != str(opened.pk):
        raise SheetRefusal(
            f"là biểu của đợt báo cáo khác, không phải “{opened.name}”. Tải biểu của đợt này.", file=name
        )
    if filled.stamp and filled.stamp.kind != "own":
        raise SheetRefusal("là bảng tổng hợp, không phải số của riêng một đơn vị. Chọn lại tệp.", file=name)


def _content(filled: Filled, kept: Content) -> Content:
    kept.figures = list(filled.figures)
    kept.notes, kept.texts = dict(filled.notes), dict(filled.texts)
    kept.narrative = dict(filled.narrative) or kept.narrative
    kept.typed = {}
    return kept


def _stored(waiting: IntakeFile) -> StoredFile:
    return waiting.file


def _spec(opened: Round) -> FormSpec:
    return form_queries.version_spec(opened.form_version_id)
