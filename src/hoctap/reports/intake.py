"""Excel in: one unit's sheet into its draft, or hundreds dropped by the receiving desk, each all-or-nothing."""

import logging
import re
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from hoctap.forms import queries as form_queries
from hoctap.forms import rules as form_rules
from hoctap.forms.figures import format_figure
from hoctap.forms.sheets import Filled, SheetRefusal, Stamp, read_form
from hoctap.forms.sheets.layout import SHEET, layout_of
from hoctap.forms.sheets.refusal import Place
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.sheets import cell_name
from hoctap.kernel.tracing import where
from hoctap.kernel.vietnamese import fold
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import hold_open
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs import roles
from hoctap.orgs.models import Seat, Unit
from hoctap.reports.actions import Content, DraftConflict, Receipt, accept, save_draft, submit
from hoctap.reports.actions.standing import lock
from hoctap.reports.enums import Channel, ReportState
from hoctap.reports.models import Draft, Intake, IntakeFile, Revision, RevisionFile

log = logging.getLogger("hoctap.reports")


def stamp_of(obligation: Obligation, base: int, draft: int | None = None) -> Stamp:
    """The mark a downloaded form carries: ``base`` is the revision, ``draft`` the draft's version it was filled from."""
    return Stamp(
        unit_code=obligation.unit.code,
        unit_name=obligation.unit.name,
        round_id=str(obligation.round_id),
        obligation_id=str(obligation.pk),
        base=str(base) if draft is None else f"{base}.{draft}",
    )


def fill_draft(
    *, seat: Seat, obligation: Obligation, data: bytes, name: str, version: int, page: str = ""
) -> Draft:
    """One unit's filled sheet becomes its draft; the letter's particulars already typed stay."""
    filled = read_form(data, _spec(obligation.round), name=name)
    if filled.stamp and filled.stamp.unit_code != obligation.unit.code:
        raise SheetRefusal(
            f"là biểu của {filled.stamp.unit_name}, không phải của {obligation.unit.name}. Chọn lại tệp.",
            file=name,
        )
    _require_round(filled, obligation.round, name)
    kept = Draft.objects.select_related("updated_by__user").filter(report__obligation=obligation).first()
    content = _content(filled, Content.of_draft(kept) if kept else Content())
    if kept and _is_stale(filled.stamp, kept, seat):
        raise DraftConflict(kept, content)
    return save_draft(seat=seat, obligation=obligation, content=content, version=version, page=page)


def _is_stale(stamp: Stamp | None, kept: Draft, seat: Seat) -> bool:
    """Whether somebody else has written since the sheet was downloaded. One's own may be corrected and sent in again."""
    _revision, _dot, version = (stamp.base if stamp else "").partition(".")
    return version.isdecimal() and version != str(kept.version) and kept.updated_by_id != seat.pk


def open_intake(
    *,
    seat: Seat,
    obligation: Obligation,
    uploads: Iterable[tuple[bytes, str]],
    channel: Channel,
    received_at: datetime,
    accept_clean: bool,
    queue: Callable[[int], object] | None = None,
) -> Intake:
    """Keep the dropped files, and queue them in the same transaction; ``obligation`` is the consolidator's own.

    The bytes are kept first, each for itself: two desks dropping the same files do not wait for each other.
    """
    obligation_rules.require_owner(seat, obligation, roles.ENTER_REPORT)
    if accept_clean:
        obligation_rules.require_owner(seat, obligation, roles.RECEIVE_REPORT)
    _spec(obligation.round)
    if received_at > clock.now():
        raise Refusal("Giờ nhận ở sau lúc này. Ghi lại ngày giờ đơn vị gửi tới.")
    kept = [(files.store(data), name[:200]) for data, name in uploads]
    if not kept:
        raise Refusal("Chưa chọn tệp nào. Chọn các tệp Excel đơn vị gửi tới.")
    with transaction.atomic():
        hold_open(obligation.round_id)
        intake = Intake.objects.create(
            round=obligation.round, seat=seat, channel=channel, received_at=received_at, accept=accept_clean
        )
        IntakeFile.objects.bulk_create(IntakeFile(intake=intake, file=file, name=name) for file, name in kept)
        journal.record("report.intake", intake, seat=seat, files=len(kept))
        if queue:
            queue(intake.pk)
    return intake


def take_next(intake: Intake) -> bool:
    """Take one waiting file; False when none waits. Each file is its own transaction.

    One worker at a time in one intake, so that a unit's second file sees what became of its first.
    """
    with transaction.atomic():
        Intake.objects.select_for_update(no_key=True).get(pk=intake.pk)
        waiting = IntakeFile.objects.filter(intake=intake, done_at=None).order_by("pk").first()
        if waiting is None:
            return False
        try:
            with transaction.atomic():
                waiting.revision = _take(intake, waiting)
        except Refusal as refusal:
            waiting.message, waiting.places = refusal.message, refusal.places
        except (OperationalError, InterfaceError):
            raise  # the database is gone: this file waits for the next try
        except Exception as error:  # whatever one file brings up, the others are taken
            log.error("intake file %s not taken: %s", waiting.pk, where(error))
            waiting.message = (
                f"Tệp {waiting.name}: Hoctap gặp lỗi khi nhận tệp này (mã {waiting.pk}). Chưa nhận gì từ tệp. "
                "Nhập thay đơn vị bằng tay và báo mã này cho quản trị."
            )
        waiting.done_at = clock.DatabaseNow()
        waiting.save()
    return True


def _take(intake: Intake, waiting: IntakeFile) -> Revision:
    name = waiting.name
    try:
        data = files.read(waiting.file_id)
    except FileNotFoundError:
        raise Refusal(
            f"Tệp {name} không còn trong kho tệp của máy chủ. Chưa nhận gì từ tệp. Gửi lại tệp này."
        ) from None
    filled = read_form(data, _spec(intake.round), name=name)
    _require_round(filled, intake.round, name)
    obligation = _match(intake, filled, name)
    _require_unsent(intake, waiting, obligation)
    content = _content(filled, Content())
    content.reasons = _explained(filled, obligation, name)
    try:
        revision = submit(
            seat=intake.seat,
            obligation=obligation,
            content=content,
            token=uuid.uuid4(),  # what makes it once is that the file is marked as done with it
            receipt=Receipt(Channel(intake.channel), intake.received_at, ((waiting.file, name),)),
        )
        if intake.accept:
            accept(seat=intake.seat, obligation=obligation, revision_number=revision.number)
    except Refusal as refusal:
        raise Refusal(f"Tệp {name}, {obligation.unit.name}: {refusal.message}", refusal.places) from None
    return revision


def _require_unsent(intake: Intake, waiting: IntakeFile, obligation: Obligation) -> None:
    """A dropped file never replaces what stands: that would change a received figure without anybody's reason."""
    report, unit = lock(obligation), obligation.unit.name
    sent = report.sent
    if sent and RevisionFile.objects.filter(revision=sent, file=waiting.file_id).exists():
        raise Refusal(f"Tệp {waiting.name}: đã nhận trước đó (bản {sent.number} của {unit}).")
    if IntakeFile.objects.filter(intake=intake, revision__report=report).exists():
        raise Refusal(
            f"Tệp {waiting.name}: {unit} có hai tệp trong lượt này. "
            "Đã nhận tệp trước; tệp này chưa nhận. Giữ đúng một tệp rồi nhập lại nếu cần."
        )
    if report.sent:
        stands = "đã được tiếp nhận" if report.acceptance_id else "đang chờ tiếp nhận"
        asked = report.state == ReportState.RETURNED  # an amendment was; the accepted one goes on counting
        then = "nhập thay đơn vị, ghi lý do sửa" if asked else "đề nghị chỉnh sửa bản kia, rồi nhập lại tệp"
        raise Refusal(
            f"Tệp {waiting.name}: {unit} đã có báo cáo bản {report.sent.number}, {stands}. Chưa nhận gì từ tệp. "
            f"Nếu tệp này mới đúng thì {then}."
        )


def _explained(filled: Filled, obligation: Obligation, name: str) -> dict[str, str]:
    """Reasons for what is unlikely: what the unit wrote in the note of that line. Refused where it wrote none."""
    spec, figures, area = filled.spec, filled.figures, obligation.unit.area_type
    found = form_rules.check(spec, figures, {}, area)
    reasons = {f.code: filled.notes[f.line] for f in found if f.line in filled.notes}
    wrong = form_rules.open_findings(form_rules.check(spec, figures, reasons, area))
    if not wrong:
        return {
            code: reasons[code]
            for code in {f.code for f in found if f.severity == "warning"} & reasons.keys()
        }
    advice = {"warning": " Nếu đúng là vậy thì ghi lý do vào cột Ghi chú của dòng này."}
    said = [(finding, finding.message + advice.get(finding.severity, "")) for finding in wrong]
    if filled.stamp is None:  # typed from the paper: the line says where
        more = f" Còn {len(wrong) - 1} chỗ nữa." if len(wrong) > 1 else ""
        raise Refusal(
            f"Tệp {name}, {obligation.unit.name}: dòng {wrong[0].line}. {said[0][1]}{more} Chưa nhận gì từ tệp.",
            [(f"Dòng {finding.line}", text) for finding, text in said],
        )
    points = layout_of(spec).places.points
    raise SheetRefusal(
        where=[
            Place(SHEET, cell_name(*points[f.position]), _shown(figures[f.position]), text)
            for f, text in said
        ],
        file=name,
    )


def _shown(value: int | None) -> str:
    return "" if value is None else format_figure(value)


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
    named = {o: words for o in expected if (words := _named(o.unit, name))}
    longest = max(named.values(), key=len, default="")
    chosen = [o for o, words in named.items() if words == longest]
    if len(chosen) != 1 or any(words not in longest for words in named.values()):
        raise Refusal(
            f"Tệp {name}: không có dấu của hệ thống và tên tệp không cho biết là của đơn vị nào. "
            "Đặt tên tệp theo tên đơn vị (ví dụ “UBND Phường 5.xlsx”) rồi nhập lại. Chưa nhận gì từ tệp."
        )
    return chosen[0]


def _named(unit: Unit, file_name: str) -> str:
    """The longest of the unit's names and code that stands in the file's name, accents and signs aside."""
    words = f" {_plain(file_name.rsplit('.', 1)[0])} "
    names = [f" {_plain(text)} " for text in (unit.name, unit.short_name, unit.code) if _plain(text)]
    return max((text for text in names if text in words), key=len, default="")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(text)))


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


def _spec(opened: Round) -> FormSpec:
    if opened.form_version_id is None:
        raise Refusal("Đợt này không có biểu số liệu, chỉ có báo cáo bằng lời. Ghi báo cáo vào phiếu.")
    return form_queries.version_spec(opened.form_version_id)
