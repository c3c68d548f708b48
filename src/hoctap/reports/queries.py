"""Reading reports: one report whole, its history, a round's board."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable

from hoctap.kernel.prepared import Prepared, one_of
from hoctap.obligations.models import Extension, Obligation
from hoctap.reports import rules
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Export, Intake, IntakeFile, Report, ReportEntry, Revision


def obligation_for_screen(pk: int) -> Obligation:
    """One obligation with all its form page needs, in one query. Raises Obligation.DoesNotExist."""
    return _one(_FOR_SCREEN(pk=pk))


def obligation_to_write(pk: int) -> Obligation:
    """One obligation with what keeping and sending its report need, in one query. Raises Obligation.DoesNotExist."""
    return _one(_TO_WRITE(pk=pk))


def _one(found: list[Obligation]) -> Obligation:
    if not found:
        raise Obligation.DoesNotExist
    return found[0]


_FOR_SCREEN: Prepared[Obligation] = Prepared(
    lambda pk: Obligation.objects.filter(pk=pk).select_related(
        "round__directive",
        "unit",
        "parent__unit",
        "report__draft__updated_by__user",
        "report__sent",
        "report__acceptance",
    ),
    "pk",
)


_TO_WRITE: Prepared[Obligation] = Prepared(
    lambda pk: Obligation.objects.filter(pk=pk).select_related("round", "unit", "parent__unit"), "pk"
)


def report_of(obligation: Obligation) -> Report | None:
    return getattr(obligation, "report", None)


def history(report: Report) -> QuerySet[ReportEntry]:
    """All acts on a report, newest first, with who did them."""
    return (
        ReportEntry.objects.filter(obligation_id=report.obligation_id)
        .select_related("seat__user", "seat__unit", "sent_after")
        .defer("sent_after__figures", "sent_after__content")
        .order_by("-id")
    )


def revisions(report: Report) -> QuerySet[Revision]:
    return report.revisions.select_related("made_by__user").prefetch_related("files").order_by("-number")


def changed_positions(before: list[int | None], after: list[int | None]) -> list[int]:
    """Cell positions whose figure differs between two vectors of one form version."""
    return [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]


# A board's groups, the most urgent first; a rank counts from 1.
BOARD_ORDER = ("rank", "unit__sort_key", "pk")
AWAITED_ORDER = ("rank", "due_at", "unit__sort_key", "pk")
STANDINGS = ("late", "wait", "back", "recall", "ext", "none", "ok")


def standing_case(now: datetime | Combinable) -> Case:
    """Each obligation's standing as one of STANDINGS, as ``desk.words.standing`` says it for one in hand."""
    extended = Exists(Extension.objects.filter(obligation=OuterRef("pk")))
    return Case(
        When(report__state=ReportState.WAITING, then=Value("wait")),
        When(report__state=ReportState.ACCEPTED, then=Value("ok")),
        When(rules.overdue(now), then=Value("late")),
        When(report__state=ReportState.RETURNED, then=Value("back")),
        When(report__state=ReportState.WITHDRAWN, then=Value("recall")),
        When(extended, then=Value("ext")),
        default=Value("none"),
    )


def board(parent: Obligation | Combinable, now: datetime | Combinable) -> QuerySet[Obligation]:
    """The obligations that report to ``parent``, with ``standing`` and ``rank``; most urgent first, then by name."""
    return _ranked(Obligation.objects.filter(parent=parent), now).order_by(*BOARD_ORDER)


def _ranked(obligations: QuerySet[Obligation], now: datetime | Combinable) -> QuerySet[Obligation]:
    order = Value([*STANDINGS], output_field=ArrayField(TextField()))
    rank = Func(order, F("standing"), function="array_position", output_field=IntegerField())
    return obligations.annotate(standing=standing_case(now)).annotate(rank=rank)


def first_of(rows: QuerySet[Obligation], count: int, read: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The first ``count`` of ``rows`` (of ``board`` or ``awaited_by``) as ``read`` gives them, in no order.

    Who comes first is found with what little that takes; only those are read in full.
    """
    return read.filter(pk__in=rows.values("pk")[:count])


def in_order(found: list[Obligation], now: datetime, order: tuple[str, ...]) -> list[Obligation]:
    """As ``board`` or ``awaited_by`` put them (BOARD_ORDER, AWAITED_ORDER), each with ``standing``, ``rank`` and
    whether it is ``late``. They carry unit and report."""
    for obligation in found:
        report = report_of(obligation)
        standing = rules.standing(obligation, report, now)
        late = report is not None and rules.is_late_for(obligation, report)
        vars(obligation).update(standing=standing, rank=STANDINGS.index(standing) + 1, late=late)
    read = attrgetter(*(name.replace("__", ".") for name in order))
    return sorted(found, key=lambda obligation: [(value is None, value) for value in read(obligation)])


def board_counts(parent: Obligation, now: datetime) -> dict[str, int]:
    """How many stand where, by STANDINGS, plus ``late_sent`` (sent after the deadline) and ``all``."""
    counts = dict.fromkeys([*STANDINGS, "late_sent", "all"], 0)
    for row in _BOARD_COUNTS(parent=parent.pk, now=now):
        counts[row["standing"]] = row["n"]
        counts["late_sent"] += row["late_sent"]
        counts["all"] += row["n"]
    return counts


_BOARD_COUNTS: Prepared[dict] = Prepared(
    lambda parent, now: (
        Obligation.objects.filter(parent=parent)
        .annotate(standing=standing_case(now))
        .values("standing")
        .annotate(n=Count("pk"), late_sent=Count("pk", filter=rules.LATE & rules.SENT))
        .order_by()
    ),
    "parent",
    "now",
)


def revision(obligation: Obligation, number: int) -> Revision | None:
    return (
        Revision.objects.filter(report__obligation=obligation, number=number)
        .select_related("made_by__user", "made_by__unit")
        .prefetch_related("files")
        .first()
    )


def awaited_by(nodes: Iterable[int] | Combinable, now: datetime | Combinable) -> QuerySet[Obligation]:
    """Whose reports these nodes still wait for, with ``standing`` and ``rank``; most urgent first."""
    return (
        _ranked(Obligation.objects.filter(parent__in=nodes), now)
        .exclude(report__state__in=(ReportState.WAITING, ReportState.ACCEPTED))
        .order_by(*AWAITED_ORDER)
    )


def progress_of(nodes: Iterable[int], now: datetime) -> dict[int, dict[str, int]]:
    """For each of the nodes that gathers from somebody: how many stand where (STANDINGS, ``all``)."""
    wanted = list(nodes)
    by_node: dict[int, dict[str, int]] = {}
    for row in _PROGRESS(nodes=wanted, now=now) if wanted else []:
        counts = by_node.setdefault(row["parent_id"], dict.fromkeys([*STANDINGS, "all"], 0))
        counts[row["standing"]] += row["n"]
        counts["all"] += row["n"]
    return by_node


_PROGRESS: Prepared[dict] = Prepared(
    lambda nodes, now: (
        Obligation.objects.filter(parent__in=one_of(nodes))
        .annotate(standing=standing_case(now))
        .values("parent_id", "standing")
        .annotate(n=Count("pk"))
        .order_by()
    ),
    "nodes",
    "now",
)


def intakes(round_id: int, unit_id: int) -> QuerySet[Intake]:
    """What a receiving desk dropped in one round, newest first, each with ``count`` and ``left``."""
    return (
        Intake.objects.filter(round=round_id, seat__unit=unit_id)
        .annotate(count=Count("files"), left=Count("files", filter=Q(files__done_at=None)))
        .select_related("seat__user")
        .order_by("-pk")
    )


def exports(obligation_id: int, unit_id: int) -> QuerySet[Export]:
    """What a unit's people exported of one node, newest first."""
    return (
        Export.objects.filter(obligation=obligation_id, seat__unit=unit_id)
        .select_related("seat__user")
        .order_by("-pk")
    )


def intake_files(intake: Intake) -> QuerySet[IntakeFile]:
    """The files of one intake in the order dropped, refused ones first once done."""
    refused = Case(When(done_at__isnull=False, revision=None, then=Value(0)), default=Value(1))
    return intake.files.select_related("revision__report__obligation__unit").order_by(refused, "pk")
