"""Drafts: kept while typing, presented to the unit's own leader."""

import json
import uuid
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.kernel.prepared import Prepared
from hoctap.notify.actions import tell
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.actions import hold_open
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import rules
from hoctap.reports.actions.standing import lock, lock_all, spec_of
from hoctap.reports.content import Content
from hoctap.reports.models import Draft, Report


class DraftConflict(Conflict):
    """Two people wrote at once; ``theirs`` is the draft as it stands, ``mine`` what was to be kept."""

    def __init__(self, theirs: Draft, mine: Content):
        who = theirs.updated_by.user.full_name if theirs.updated_by else "Người khác"
        at = theirs.updated_at.astimezone(clock.VIETNAM)
        super().__init__(
            f"{who} vừa lưu bản nháp này lúc {at:%H:%M}. Chọn giữ số nào ở các ô khác nhau, rồi lưu lại."
        )
        self.theirs, self.mine = theirs, mine


@transaction.atomic
def save_draft(
    *, seat: Seat, obligation: Obligation, content: Content, version: int, page: str = ""
) -> Draft:
    """Keep what was typed. ``version`` is the draft the writer started from; another one meanwhile: DraftConflict,
    unless it was saved from the very same open ``page``. The journal notes each open page once.
    """
    _require_writer(seat, obligation)
    report = lock_all([obligation.pk])[obligation.pk]
    typing = look(seat, obligation, report, content, version, page)
    if typing is None:
        raise Refusal(
            "Đơn vị đang soạn bản nháp này. Ghi nhận báo cáo thì được; bản nháp của đơn vị để nguyên."
        )
    return keep(seat, typing)


class Typing(NamedTuple):
    """A draft as it is to be written."""

    draft: Draft
    new_page: bool  # the first from this open page


def look(
    seat: Seat, obligation: Obligation, report: Report, content: Content, version: int, page: str
) -> Typing | None:
    """What ``save_draft`` would write into the draft of a locked report; None: the unit writes it, the seat does not.

    DraftConflict.
    """
    found = _DRAFT(report=report.pk)
    draft = found[0] if found else Draft(report=report, token=uuid.uuid4())
    if found and not obligation_rules.is_owner(seat, obligation) and rules.is_units_own(draft, obligation):
        return None
    values = vars(content) | {"figures": content.figures or _blank(obligation)}
    changed = Content.of_draft(draft) != Content(**values)
    same_page = bool(page) and draft.page == page
    if found and draft.version != version and not same_page and changed:
        raise DraftConflict(draft, content)
    new_page = not same_page or draft.updated_by != seat
    draft.content, draft.page, draft.updated_by = values, page, seat
    draft.version += 1
    if changed:
        draft.presented_by = draft.presented_at = None
    return Typing(draft, new_page)


def keep(seat: Seat, typing: Typing) -> Draft:
    """Write it."""
    draft = typing.draft
    if typing.new_page:
        journal.record("report.draft", draft.report, seat=seat)
    _keep(draft)
    return draft


_DRAFT: Prepared[Draft] = Prepared(
    lambda report: Draft.objects.filter(report=report).select_related("updated_by__user"), "report"
)
# Written every few moments by everybody who types: one statement, whether there is a draft or not.
_KEEP = """
INSERT INTO reports_draft (report_id, content, version, page, token, updated_by_id, updated_at)
VALUES (%(report)s::bigint, %(content)s::jsonb, %(version)s::int, %(page)s::text, %(token)s::uuid, %(seat)s::bigint,
  hoctap_now())
ON CONFLICT (report_id) DO UPDATE SET content = excluded.content, version = excluded.version, page = excluded.page,
  updated_by_id = excluded.updated_by_id, updated_at = excluded.updated_at, presented_by_id = %(presented_by)s::bigint,
  presented_at = %(presented_at)s::timestamptz
RETURNING id, updated_at
"""


def _keep(draft: Draft) -> None:
    given: dict[str, Any] = {
        "report": draft.report_id, "content": json.dumps(draft.content, cls=DjangoJSONEncoder), "version": draft.version,
        "page": draft.page, "token": draft.token, "seat": draft.updated_by_id, "presented_by": draft.presented_by_id,
        "presented_at": draft.presented_at,
    }  # fmt: skip
    with planned_cursor() as cursor:
        cursor.execute(_KEEP, given)
        draft.pk, draft.updated_at = cursor.fetchone()


@transaction.atomic
def present(*, seat: Seat, obligation: Obligation) -> None:
    """Trình lãnh đạo: the writer asks the unit's own leader to approve and send. What is presented already stays so."""
    obligation_rules.require_owner(seat, obligation, roles.WRITE_REPORT)
    report = lock(obligation)
    hold_open(obligation.round_id)
    if report.state not in rules.MAY_SEND:
        raise Refusal("Báo cáo đã gửi và đang chờ nơi nhận. Muốn sửa thì thu hồi trước.")
    draft = Draft.objects.filter(report=report).first()
    if draft is None:
        raise Refusal("Chưa có bản nháp để trình. Lưu nháp trước rồi trình lãnh đạo.")
    if draft.presented_at:
        return
    draft.presented_by, draft.presented_at = seat, clock.DatabaseNow()
    draft.save(update_fields=["presented_by", "presented_at"])
    tell(
        unit=obligation.unit,
        kind="presented",
        text=f"Chờ lãnh đạo duyệt gửi: {obligation.round.name}.",
        url=f"/bao-cao/{obligation.pk}/",
    )
    journal.record("report.present", report, seat=seat)


def _blank(obligation: Obligation) -> list[None]:
    spec = spec_of(obligation)
    return [None] * (spec.size if spec else 0)


def _require_writer(seat: Seat, obligation: Obligation) -> None:
    if obligation_rules.is_owner(seat, obligation):
        obligation_rules.require_owner(seat, obligation, roles.WRITE_REPORT)
    else:
        obligation_rules.require_consolidator(seat, obligation, roles.ENTER_REPORT)
