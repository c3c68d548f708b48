"""Reading reports: one report whole, its history, a round's board."""

from django.db.models import F, QuerySet

from hoctap.obligations.models import Obligation
from hoctap.reports.models import Report, ReportEntry, Revision


def obligation_for_screen(pk: int) -> Obligation:
    """One obligation with all its form page needs, in one query. Raises Obligation.DoesNotExist."""
    return Obligation.objects.select_related(
        "round__form_version",
        "round__directive",
        "unit",
        "parent__unit",
        "report__draft__updated_by__user",
        "report__sent",
        "report__acceptance",
    ).get(pk=pk)


def report_of(obligation: Obligation) -> Report | None:
    return getattr(obligation, "report", None)


def history(report: Report) -> QuerySet[ReportEntry]:
    """All acts on a report, newest first, with who did them."""
    return (
        ReportEntry.objects.filter(obligation_id=report.obligation_id)
        .select_related("seat__user", "seat__unit", "sent_after", "accepted_after")
        .order_by("-id")
    )


def revisions(report: Report) -> QuerySet[Revision]:
    return report.revisions.select_related("made_by__user").prefetch_related("files").order_by("-number")


def changed_positions(before: list[int | None], after: list[int | None]) -> list[int]:
    """Cell positions whose figure differs between two vectors of one form version."""
    return [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]


def board(parent: Obligation) -> QuerySet[Obligation]:
    """The obligations that report to ``parent``, with their reports: one query, ready to filter and page."""
    return (
        Obligation.objects.filter(parent=parent)
        .select_related("unit", "report__sent", "report__acceptance", "report__draft")
        .defer("report__draft__content")
        .order_by(F("unit__sort_key"), "id")
    )
