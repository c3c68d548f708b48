"""Writing down what was taken: one report or many, in the same few statements."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.notify.actions import Told, tell_all
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Seat
from hoctap.reports.actions.standing import take_as_accepted
from hoctap.reports.content import Content, Sending
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Report, Revision, RevisionFile

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


def write(
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
