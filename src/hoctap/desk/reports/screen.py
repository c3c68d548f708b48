"""What the report's pages show: everything the templates need, nothing they must decide."""

import re
import uuid
from collections.abc import Mapping
from pathlib import PurePosixPath

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from hoctap.desk.formats import vn_datetime, vn_int, vn_time
from hoctap.desk.reports import origin, sheet
from hoctap.desk.reports.forms import ReturnForm, posted_fields, read_reason
from hoctap.desk.words import standing, words
from hoctap.forms import queries as form_queries
from hoctap.forms import rules as form_rules
from hoctap.forms.figures import FigureError, parse_figure
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock, files
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import StoredFile
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.queries import BY_NAME_APART
from hoctap.reports import filling, queries, rules
from hoctap.reports.actions import Content, DraftConflict
from hoctap.reports.enums import ActKind, ReportState
from hoctap.reports.models import Acceptance, Draft, Report, ReportEntry, Revision

UPLOAD_TYPES = {".pdf", ".docx", ".doc", ".xlsx", ".xls", ".jpg", ".jpeg", ".png"}
DECIDED = {ReportState.ACCEPTED, ReportState.RETURNED}
UPLOAD_BYTES = 20 * 1024 * 1024
UPLOADS = 10  # files with one report
FILLED = re.compile(r"f\d+")  # the hidden fields with what deeds said


def spec_of(obligation: Obligation) -> FormSpec | None:
    version_id = obligation.round.form_version_id
    return form_queries.version_spec(version_id) if version_id else None


def report(
    request: HttpRequest,
    obligation: Obligation,
    *,
    content: Content | None = None,
    wrong: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    entering=None,
    returning: ReturnForm | None = None,
    review_post: Mapping[str, str] | None = None,
) -> dict:
    """The report's page: the form while this seat may write, else what was sent, with what may be done."""
    seat = request.seat
    kept = queries.report_of(obligation)
    draft = getattr(kept, "draft", None) if kept else None
    state = kept.state if kept else ReportState.NONE
    owner = obligation_rules.is_owner(seat, obligation)
    desk = obligation_rules.is_consolidator(seat, obligation)
    opened = obligation.round.closed_at is None
    sendable = opened and state in rules.MAY_SEND
    editing = sendable and (
        (
            owner
            and roles.may(seat.role, roles.WRITE_REPORT)
            and (state != ReportState.ACCEPTED or _amending(request))
        )
        or entering is not None
    )
    unit_writes = entering is not None and rules.is_units_own(draft, obligation)
    if unit_writes:
        draft = None  # neither read nor written over
    shown = content if content and editing else _content(kept, draft, editing, owner)
    spec = spec_of(obligation)
    if entering is not None:
        shown = shown.without_deeds()  # what came on paper is typed from it
    behind = origin.of_page(obligation, spec, shown, kept, fills=editing and entering is None)
    shown = behind.content
    history = list(queries.history(kept)) if kept else []
    returned = _last_return(kept, history)
    acceptance = None if editing else _review_of_what_was_sent(kept)
    deciding = desk and opened and state in rules.MAY_DECIDE and roles.may(seat.role, roles.RECEIVE_REPORT)
    again = request.GET.get("xet") == "1" or request.method == "POST"
    return {
        "obligation": obligation,
        "report": kept,
        "follower": None,
        "draft": draft,
        "state": state,
        "standing": standing(obligation, clock.now()),
        "words": words(obligation.relation),
        "last_moment": obligation.due_at and obligation_rules.last_moment(obligation.due_at),
        "spec": spec,
        "rows": sheet.rows(
            spec,
            shown,
            obligation.unit.area_type,
            errors=wrong,
            reviewed=acceptance.figures if acceptance else None,
            reviewed_reasons=acceptance.reasons if acceptance else None,
            origins=behind.origins,
        )
        if spec
        else [],
        "behind": behind,
        "content": shown,
        "wrong": wrong or {},
        "refusal": refusal,
        "editing": editing,
        "entering": entering,
        "owner": owner,
        "deciding": deciding and (state == ReportState.WAITING or again),
        "may_review_again": deciding and state == ReportState.ACCEPTED and not again,
        "next": _next_waiting(obligation) if desk and state in DECIDED else [],
        "unsent": not (owner or editing or (kept and kept.last_number)),
        "may_extend": desk and sendable and roles.may(seat.role, roles.EXTEND),
        "may_remind": desk and sendable and roles.may(seat.role, roles.REMIND),
        "returning": returning or ReturnForm(),
        "review_post": review_post or {},
        "may_send": owner and roles.may(seat.role, roles.SEND_REPORT),
        "may_withdraw": owner
        and opened
        and state in rules.MAY_WITHDRAW
        and roles.may(seat.role, roles.SEND_REPORT),
        "may_amend": owner
        and sendable
        and state == ReportState.ACCEPTED
        and roles.may(seat.role, roles.WRITE_REPORT),
        "may_enter": desk
        and sendable
        and state != ReportState.ACCEPTED
        and roles.may(seat.role, roles.ENTER_REPORT),
        "amends": bool(kept and kept.acceptance_id),
        "reason": read_reason(request.POST),
        "token": draft.token if draft else uuid.uuid4(),
        "version": draft.version if draft else 0,
        "unit_writes": unit_writes,
        "page_id": page_id(request),
        "history": history,
        "recipients": [r.unit for r in obligation.recipients.select_related("unit").order_by("order")],
        "last_return": returned,
        "return_last_moment": obligation_rules.last_moment(returned.new_due_at)
        if returned and returned.new_due_at
        else None,
    }


def _next_waiting(obligation: Obligation) -> list[tuple[int, str]]:
    """What else waits for the same desk: ``[(obligation, unit), …]``."""
    waiting = Obligation.objects.filter(
        parent_id=obligation.parent_id, report__state=ReportState.WAITING, round__closed_at=None
    )
    return list(waiting.order_by(*BY_NAME_APART).values_list("pk", "unit__short_name")[:100])


def page_id(request: HttpRequest) -> str:
    """Names one open page, so that it is told from another of the same person; kept when the page comes back."""
    return request.POST.get("page") or uuid.uuid4().hex


def _amending(request: HttpRequest) -> bool:
    return request.GET.get("sua") == "1" or request.method == "POST"


def _content(kept: Report | None, draft: Draft | None, editing: bool, owner: bool) -> Content:
    """What was sent; while writing, and to the unit itself, its draft where that is newer. Nobody else reads drafts."""
    if kept and kept.sent and not editing:
        return Content.of_revision(kept.sent)
    last = _last_sent(kept)
    if draft and (editing or owner) and (last is None or draft.updated_at >= last.made_at):
        return Content.of_draft(draft)
    return Content.of_revision(last) if last else Content()


def _last_sent(kept: Report | None) -> Revision | None:
    """The newest revision, also when it was taken back or returned."""
    if kept is None or not kept.last_number:
        return None
    if kept.sent and kept.sent.number == kept.last_number:
        return kept.sent
    return queries.revision(kept.obligation, kept.last_number)


def _review_of_what_was_sent(kept: Report | None) -> Acceptance | None:
    """The acceptance, unless it is that of an earlier revision: its figures answer other ones."""
    accepted = kept.acceptance if kept else None
    return accepted if accepted and accepted.revision_id == kept.sent_id else None


def _last_return(kept: Report | None, history: list[ReportEntry]) -> ReportEntry | None:
    if kept is None or kept.state != ReportState.RETURNED:
        return None
    return next((entry for entry in history if entry.act == ActKind.RETURN), None)


def revision(request: HttpRequest, obligation: Obligation, chosen: Revision) -> dict:
    spec = spec_of(obligation)
    before = queries.revision(obligation, chosen.number - 1)
    content = Content.of_revision(chosen)
    changed = []
    if spec and before:
        for position in queries.changed_positions(before.figures, chosen.figures):
            line = spec.line_of[position]
            changed.append(
                (
                    form_rules.cell_name(line, spec.cells[position]),
                    before.figures[position],
                    chosen.figures[position],
                )
            )
    return {
        "obligation": obligation,
        "revision": chosen,
        "content": content,
        "changed": changed,
        "spec": spec,
        "rows": sheet.rows(spec, content, obligation.unit.area_type, origins=origin.of_revision(chosen))
        if spec
        else [],
    }


def saved(obligation: Obligation, spec: FormSpec | None, content: Content, draft: Draft, wrong) -> dict:
    """What draft.js shows after an autosave: time, computed cells, findings by line."""
    derived, findings = {}, []
    if spec:
        figures = form_rules.derive(spec, content.figures)
        derived = {f"c{c.position}": vn_int(figures[c.position]) for c in spec.cells if c.derived}
        findings = [
            {"line": f.line, "code": f.code, "severity": f.severity, "message": f.message, "reason": f.reason}
            for f in form_rules.check(spec, figures, content.reasons, obligation.unit.area_type)
            + filling.findings(spec, content)
        ]
    return {
        "version": draft.version,
        "token": str(draft.token),
        "at": vn_time(draft.updated_at),
        "derived": derived,
        "findings": findings,
        "wrong": wrong,
    }


def conflict(request: HttpRequest, obligation: Obligation, other: DraftConflict) -> dict:
    """Both drafts side by side, only where they differ; the person picks, field by field."""
    ours = posted_fields(other.mine)
    theirs = posted_fields(Content.of_draft(other.theirs))
    spec = spec_of(obligation)
    names = sorted(name for name in set(ours) | set(theirs) if not FILLED.fullmatch(name))
    return {
        "obligation": obligation,
        "message": other.message,
        "at": vn_datetime(other.theirs.updated_at),
        "who": other.theirs.updated_by.user.full_name if other.theirs.updated_by else "",
        "version": other.theirs.version,
        "mine": ours,
        "differences": [
            (name, field_name(spec, name), ours.get(name, ""), theirs.get(name, ""))
            for name in names
            if ours.get(name, "") != theirs.get(name, "")
        ],
    }


def field_name(spec: FormSpec | None, name: str) -> str:
    """What a person calls a posted field."""
    letter = {
        "kq": "Kết quả chính", "kk": "Khó khăn", "kn": "Kiến nghị", "doc_number": "Số văn bản",
        "doc_date": "Ngày văn bản", "authority": "Thẩm quyền ký", "signer_position": "Chức vụ người ký",
        "signer_name": "Họ tên người ký",
    }  # fmt: skip
    if name in letter:
        return letter[name]
    if spec and name[0] == "c" and name[1:].isdecimal():
        position = int(name[1:])
        return form_rules.cell_name(spec.line_of[position], spec.cells[position])
    if name.startswith("r-"):
        return "Lý do đã ghi"
    return f"Dòng {name[1:]}, {'ghi chú' if name[0] == 'g' else 'nội dung'}"


def merged(post: Mapping[str, str]) -> dict[str, str]:
    """The posted fields, with ``theirs`` put in where the conflict page says so."""
    fields = {name: post[name] for name in post if not name.startswith(("pick-", "theirs-"))}
    for name in post:
        if name.startswith("pick-") and post[name] == "theirs":
            fields[name[5:]] = post.get("theirs-" + name[5:], "")
    return fields


def read_review(
    spec: FormSpec | None, post: Mapping[str, str]
) -> tuple[dict[int, int | None], dict[int, str]]:
    """Reviewed figures by position as posted (``x12``), with the reason of their line (``xr-1.7``)."""
    reviewed, reasons = {}, {}
    for cell in spec.cells if spec else ():
        name = f"x{cell.position}"
        if cell.derived or name not in post:
            continue
        line = spec.line_of[cell.position]
        try:
            reviewed[cell.position] = parse_figure(post[name], f"Số {cell.measure}")
        except FigureError as error:
            raise Refusal(str(error), [(f"Dòng {line.number}", str(error))]) from None
        reasons[cell.position] = read_reason(post, f"xr-{line.number}")
    return reviewed, reasons


def store_upload(upload) -> tuple[StoredFile, str]:
    """Keep an uploaded attachment; refused by type and size before anything is written."""
    name = PurePosixPath(upload.name.replace("\\", "/")).name[:200]
    if PurePosixPath(name.lower()).suffix not in UPLOAD_TYPES:
        raise Refusal(f"Tệp {name}: chỉ nhận PDF, Word, Excel hoặc ảnh JPG, PNG.")
    if upload.size > UPLOAD_BYTES:
        raise Refusal(f"Tệp {name} lớn hơn 20 MB. Nén lại hoặc chia nhỏ rồi gửi.")
    return files.store(upload.read()), name


def safe_next(request: HttpRequest) -> str:
    """``next`` when it leads inside the house."""
    target = request.POST.get("next", "")
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()})
    return target if inside else ""
