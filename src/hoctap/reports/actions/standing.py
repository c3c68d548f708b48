"""What all acts share: the report's row under lock, and the entry that moves where it stands."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS

from hoctap.forms import queries as form_queries
from hoctap.forms.spec import FormSpec
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.planned import planned_cursor
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Seat
from hoctap.reports.enums import ActKind, ReportState
from hoctap.reports.filling import sources_of
from hoctap.reports.models import Acceptance, Counted, Report, ReportEntry, Revision

LONGEST_REASON = 400


# Makes the row where there was none, locks it either way and reads it as it is then; in one order, so that two who
# send the same reports wait for each other instead of each for the other.
_LOCK = """
INSERT INTO reports_report AS r (obligation_id, state, last_number)
SELECT id, 'none', 0 FROM unnest(%s::bigint[]) AS id ORDER BY id
ON CONFLICT (obligation_id) DO UPDATE SET state = r.state
RETURNING id, obligation_id, state, sent_id, acceptance_id, last_number
"""
_STANDS = ("id", "obligation_id", "state", "sent_id", "acceptance_id", "last_number")  # in the model's order


def lock_all(obligations: Iterable[int]) -> dict[int, Report]:
    """The reports' rows by obligation, made where there were none, locked until the transaction ends.

    Where each stands is read; its times are when they are asked for.
    """
    with planned_cursor() as cursor:
        cursor.execute(_LOCK, [list(obligations)])
        rows = [Report.from_db(DEFAULT_DB_ALIAS, _STANDS, row) for row in cursor.fetchall()]
    return {report.obligation_id: report for report in rows}


def lock(obligation: Obligation) -> Report:
    """One report's row, locked, and then read whole with what it points to."""
    lock_all([obligation.pk])
    return Report.objects.select_related("sent", "acceptance__revision").get(obligation=obligation)


def spec_of(obligation: Obligation) -> FormSpec | None:
    version_id = obligation.round.form_version_id
    return form_queries.version_spec(version_id) if version_id else None


def said(reason: str) -> str:
    """A reason as it is kept; never cut short."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"Lý do dài {len(reason)} chữ, chỉ ghi được {LONGEST_REASON}. Viết gọn lại.")
    return reason


def enter(
    seat: Seat,
    obligation: Obligation,
    report: Report,
    act: ActKind,
    state: ReportState,
    reason: str,
    *,
    sent: Revision | None,
    acceptance: Acceptance | None,
    new_due_at: datetime | None = None,
) -> ReportEntry:
    """Write the entry and move the report's standing; the caller saves ``report``."""
    entry = ReportEntry.objects.create(
        round_id=obligation.round_id,
        obligation=obligation,
        act=act,
        sent_before_id=report.sent_id,
        accepted_before_id=report.acceptance_id,
        sent_after=sent,
        accepted_after=acceptance,
        seat=seat,
        reason=reason,
        new_due_at=new_due_at,
    )
    report.state, report.sent, report.acceptance = state, sent, acceptance
    journal.record(f"report.{act}", report, seat=seat, number=report.last_number)
    return entry


def fall_back(
    seat: Seat,
    obligation: Obligation,
    report: Report,
    act: ActKind,
    state: ReportState,
    reason: str,
    *,
    kept: Acceptance | None,
    new_due_at: datetime | None = None,
) -> ReportEntry:
    """Undo what was sent last: back to ``kept``, an earlier acceptance, where there is one, else to nothing sent."""
    sent = kept.revision if kept else None
    let_go(obligation, sources_of(sent.content) if sent else ())
    return enter(
        seat, obligation, report, act, state, reason, sent=sent, acceptance=kept, new_due_at=new_due_at
    )


def let_go(obligation: Obligation, still: Collection[int]) -> None:
    """All activities but ``still`` count here no more, unless it was decided so."""
    Counted.objects.filter(obligation=obligation, decided_by=None).exclude(activity__in=still).delete()


def take_as_accepted(
    seat: Seat, obligation: Obligation, report: Report, revision: Revision, figures: list, why: dict
) -> Acceptance:
    """Write the acceptance with its entry; ``figures`` in cell order, ``why`` {position: reason} where reviewed."""
    acceptance = Acceptance.objects.create(revision=revision, figures=figures, reasons=why)
    enter(
        seat,
        obligation,
        report,
        ActKind.ACCEPT,
        ReportState.ACCEPTED,
        "",
        sent=revision,
        acceptance=acceptance,
    )
    report.save()
    return acceptance
