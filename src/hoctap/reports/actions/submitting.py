"""Sending: one report or many, in the same few statements."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from hoctap.forms import rules as form_rules
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.notify.actions import Told, tell_all
from hoctap.obligations import actions as obligation_actions
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.enums import Relation
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import rules
from hoctap.reports.actions import drafting
from hoctap.reports.actions.standing import lock_all, said, spec_of, take_as_accepted
from hoctap.reports.content import Content, Receipt
from hoctap.reports.enums import ActKind, Channel, ReportState
from hoctap.reports.models import Report, Revision, RevisionFile


class AlreadySent(Conflict):
    """The page was sent before, and holds something else now; ``first`` is what was sent from it."""

    def __init__(self, first: Revision):
        at = first.made_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"Phiếu này đã gửi thành bản {first.number} lúc {at:%H:%M} ngày {at:%d/%m/%Y}; số vừa gõ khác bản đó "
            "nên chưa gửi, đã giữ trong bản nháp. Muốn gửi thì thu hồi bản đang chờ, hoặc bấm gửi lại."
        )
        self.first = first


@dataclass(frozen=True)
class Sending:
    """One report to send; ``obligation`` carries round, unit and parent with its unit. As for ``submit``.

    Typed on a form, it goes through the draft as ``drafting.save_draft`` says: ``version`` and ``page`` are the form's.
    """

    obligation: Obligation
    content: Content
    token: uuid.UUID
    reason: str = ""
    receipt: Receipt | None = None
    version: int | None = None  # None: not typed on a form
    page: str = ""
    unread: int = 0  # how many of the form's fields could not be read


def submit(*, seat: Seat, **sending: Any) -> Revision:
    """Send a report, or an amended one (a ``Sending`` by its fields); the same ``token`` again returns the first result.

    The owner's leader sends; the consolidator's desk may enter for it, with a ``receipt``. The same token with
    another content is AlreadySent. What was typed on a form and is refused stays in the draft, all in one transaction; the
    desk's own typing does not while the unit writes there. Somebody else's draft in between is a DraftConflict.
    """
    with transaction.atomic():
        (answer,) = _submit(seat, [Sending(**sending)])
    if isinstance(answer, Refusal):
        raise answer
    return answer


@transaction.atomic
def submit_all(*, seat: Seat, sendings: Sequence[Sending]) -> list[Revision | Refusal]:
    """``submit`` for many: each is taken whole or refused by itself, and has its own answer, in their order.

    All in one transaction and a handful of statements, however many. Of two for one obligation the second is refused.
    """
    return _submit(seat, sendings)


def _submit(seat: Seat, sendings: Sequence[Sending]) -> list[Revision | Refusal]:
    answers: dict[int, Revision | Refusal] = {}
    asked: dict[int, Sending] = {}
    named: set[int] = set()
    for place, sending in enumerate(sendings):
        try:
            _require_sender(seat, sending.obligation, sending.receipt)
            if sending.obligation.pk in named:
                raise Refusal("Báo cáo này có hai lần trong một lượt gửi. Chỉ giữ một rồi gửi lại.")
            named.add(sending.obligation.pk)
            asked[place] = sending
        except Refusal as refusal:
            answers[place] = refusal
    reports, closed = lock_all(named), _closed(asked.values())
    written: dict[int, dict[str, Any]] = {}
    for place, sending in asked.items():
        try:
            taken = _take_or_keep(seat, sending, reports[sending.obligation.pk], closed)
        except Refusal as refusal:
            answers[place] = refusal
            continue
        if isinstance(taken, Revision):
            answers[place] = taken
        else:
            written[place] = taken
    answers |= _write(seat, asked, reports, written)
    return [answers[place] for place in range(len(sendings))]


def _closed(sendings: Iterable[Sending]) -> dict[int, Refusal]:
    """The rounds that take nothing more, each with what is said of it; the others are held open."""
    found = {}
    for round_id in sorted({sending.obligation.round_id for sending in sendings}):
        try:
            obligation_actions.hold_open(round_id)
        except Refusal as refusal:
            found[round_id] = refusal
    return found


def _take_or_keep(
    seat: Seat, sending: Sending, report: Report, closed: Mapping[int, Refusal]
) -> Revision | dict[str, Any]:
    """As ``_take``, with what becomes of the draft: what was sent, or what was typed and is refused. DraftConflict."""
    if sending.version is None:
        return _take(sending, report, closed)
    typed = seat, sending.obligation, report, sending.content, sending.version, sending.page
    try:
        taken = _take(sending, report, closed)
    except Refusal:
        if typing := drafting.look(*typed):
            drafting.keep(seat, typing)
        raise
    if isinstance(taken, dict) and (typing := drafting.look(*typed)):
        draft = typing.draft
        taken |= {"draft": draft.content, "version": draft.version, "page": draft.page}
    return taken


def _take(sending: Sending, report: Report, closed: Mapping[int, Refusal]) -> Revision | dict[str, Any]:
    """What is to be written, or the revision that this very form became before. Refusal, Conflict."""
    obligation, content, receipt = sending.obligation, sending.content, sending.receipt
    if sending.unread:
        raise Refusal(f"Còn {sending.unread} ô chưa đúng. Sửa rồi bấm lại.")
    if report.last_number:
        first = Revision.objects.filter(report=report, token=sending.token).first()
        if first:
            return _again(obligation, first, content)
    if refusal := closed.get(obligation.round_id):
        raise refusal
    if report.state not in rules.MAY_SEND:
        raise Refusal("Báo cáo đã gửi và đang chờ nơi nhận. Muốn sửa thì thu hồi trước.")
    amends, reason = report.acceptance_id is not None, said(sending.reason)
    if content.typed:
        raise Refusal("Còn ô chưa phải là số. Sửa các ô được đánh dấu rồi gửi lại.")
    if amends and not reason:
        done = "duyệt" if obligation.relation == Relation.SUPERIOR else "tiếp nhận"
        raise Refusal(f"Báo cáo này đã được {done}. Ghi lý do sửa: nơi tổng hợp sẽ đọc cùng phần chênh lệch.")
    figures = rules.check_figures(
        spec_of(obligation), content.figures, content.reasons, obligation.unit.area_type
    )
    if receipt and receipt.received_at > clock.now():
        raise Refusal("Giờ nhận ở sau lúc này. Ghi lại ngày giờ đơn vị gửi tới.")
    return {
        "report_id": report.pk, "obligation_id": obligation.pk, "round_id": obligation.round_id,
        "act": ActKind.AMEND if amends else ActKind.SUBMIT, "number": report.last_number + 1,
        "token": sending.token, "figures": figures, "reason": reason,
        "content": {name: getattr(content, name) for name in Content.WORDS},
        "channel": receipt.channel if receipt else Channel.SYSTEM,
        "received_at": receipt.received_at if receipt else None,
        "sent_before": report.sent_id, "accepted": report.acceptance_id,
    } | {name: getattr(content, name) for name in Content.LETTER}  # fmt: skip


def _again(obligation: Obligation, first: Revision, content: Content) -> Revision:
    """A double click, a request sent twice: the first result, if it is what this page says."""
    spec, figures = spec_of(obligation), content.figures
    if spec and len(figures) == spec.size:
        figures = form_rules.derive(spec, figures)
    if replace(content, figures=figures) != Content.of_revision(first):
        raise AlreadySent(first)
    return first


# The revision, its entry, its draft, and where the report stands now. Amending what was accepted is never late. No table
# is joined: a plan made while tables were young would read them whole for every report (decision on many at once).
_WRITE = """
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS g(
    report_id bigint, obligation_id bigint, round_id bigint, act text, number int, token uuid, figures bigint[],
    reason text, content jsonb, channel text, received_at timestamptz, doc_number text, doc_date date, authority text,
    signer_position text, signer_name text, sent_before bigint, accepted bigint, draft jsonb, version int, page text)
),
revision AS (
  INSERT INTO reports_revision (report_id, number, token, figures, content, reason, channel, received_at, doc_number,
    doc_date, authority, signer_position, signer_name, made_by_id)
  SELECT report_id, number, token, figures, content, reason, channel, coalesce(received_at, hoctap_now()), doc_number,
    doc_date, authority, signer_position, signer_name, %(seat)s::bigint
  FROM given RETURNING id, report_id, received_at, made_at
),
entry AS (
  INSERT INTO reports_reportentry (round_id, obligation_id, act, sent_before_id, sent_after_id, accepted_before_id,
    accepted_after_id, seat_id, reason)
  SELECT g.round_id, g.obligation_id, g.act, g.sent_before, v.id, g.accepted, g.accepted, %(seat)s::bigint, g.reason
  FROM given g JOIN revision v ON v.report_id = g.report_id
),
typed AS (
  INSERT INTO reports_draft (report_id, content, version, page, token, updated_by_id, updated_at)
  SELECT report_id, draft, version, page, gen_random_uuid(), %(seat)s::bigint, hoctap_now()
  FROM given WHERE draft IS NOT NULL
  ON CONFLICT (report_id) DO UPDATE SET content = excluded.content, version = excluded.version, page = excluded.page,
    token = excluded.token, updated_by_id = excluded.updated_by_id, updated_at = excluded.updated_at,
    presented_by_id = NULL, presented_at = NULL
),
left_alone AS (
  UPDATE reports_draft SET token = gen_random_uuid(), presented_by_id = NULL, presented_at = NULL
  WHERE report_id = ANY(%(left_alone)s::bigint[])
),
standing AS (
  INSERT INTO reports_report AS r (id, obligation_id, state, sent_id, last_number, first_received_at, last_received_at)
  SELECT g.report_id, g.obligation_id, 'waiting', v.id, g.number, v.received_at,
    CASE WHEN g.act <> 'amend' THEN v.received_at END
  FROM given g JOIN revision v ON v.report_id = g.report_id
  ON CONFLICT (id) DO UPDATE SET state = excluded.state, sent_id = excluded.sent_id, last_number = excluded.last_number,
    first_received_at = coalesce(r.first_received_at, excluded.first_received_at),
    last_received_at = coalesce(excluded.last_received_at, r.last_received_at)
)
SELECT report_id, id, received_at, made_at FROM revision
"""


def _write(
    seat: Seat,
    asked: Mapping[int, Sending],
    reports: Mapping[int, Report],
    rows: Mapping[int, dict[str, Any]],
) -> dict[int, Revision | Refusal]:
    """Revisions by place, with everything that goes with them."""
    if not rows:
        return {}
    given: dict[str, Any] = {
        "rows": json.dumps([*rows.values()], cls=DjangoJSONEncoder),
        "left_alone": [row["report_id"] for row in rows.values() if "draft" not in row],
        "seat": seat.pk,
    }
    with planned_cursor() as cursor:
        cursor.execute(_WRITE, given)
        made = {report: rest for report, *rest in cursor.fetchall()}
    journal.record_all(
        Report._meta.label_lower,
        [(f"report.{row['act']}", row["report_id"], {"number": row["number"]}) for row in rows.values()],
        seat=seat,
    )
    answers: dict[int, Revision | Refusal] = {}
    told: list[Told] = []
    for place, row in rows.items():
        obligation, receipt = asked[place].obligation, asked[place].receipt
        report = reports[obligation.pk]
        revision = _revision(seat, report, row, *made[report.pk])
        answers[place] = revision
        for file, name in receipt.files if receipt else ():
            RevisionFile.objects.create(revision=revision, file=file, name=name)
        if obligation.parent_id is None:
            take_as_accepted(seat, obligation, report, revision, revision.figures, {})
        else:
            told.append(_told(obligation, revision))
    if told:
        tell_all(told)
    return answers


_OF_REVISION = ("number", "token", "figures", "reason", "content", "channel", *Content.LETTER)


def _revision(
    seat: Seat, report: Report, row: Mapping[str, Any], pk: int, received_at: datetime, made_at: datetime
) -> Revision:
    """As it stands in the database now, and its report with it."""
    report.state, report.sent_id, report.last_number = ReportState.WAITING, pk, row["number"]
    given = {"id": pk, "report": report, "received_at": received_at, "made_at": made_at, "made_by": seat}
    revision = Revision(**given, **{name: row[name] for name in _OF_REVISION})
    revision._state.adding = False
    return revision


def _told(obligation: Obligation, revision: Revision) -> Told:
    return Told(
        unit=obligation_rules.consolidator_of(obligation),
        kind="submitted",
        text=f"{obligation.unit.name} gửi {'bản sửa' if revision.number > 1 else 'báo cáo'}: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
        dedupe=f"revision-{revision.pk}",
    )


def _require_sender(seat: Seat, obligation: Obligation, receipt: Receipt | None) -> None:
    """The owner's time of receipt is the database's; only the receiving desk says when something came otherwise."""
    if obligation_rules.is_owner(seat, obligation) and receipt is None:
        obligation_rules.require_owner(seat, obligation, roles.SEND_REPORT)
        return
    obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)
    if receipt is None:
        raise Refusal("Nhập thay đơn vị thì ghi rõ báo cáo đến bằng đường nào và lúc nào.")
