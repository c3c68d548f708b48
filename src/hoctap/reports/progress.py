"""How far each unit is with a document: seen, acknowledged, planned, passed on by a document of its own, reported."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Delivery, Directive
from hoctap.obligations.models import Obligation, PlannedActivity, Task
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Report

SENT = (ReportState.WAITING, ReportState.ACCEPTED)
CHILDREN = 200  # second-level units listed on one page


@dataclass(frozen=True)
class Totals:
    """Of a document's units: how many have a task, have planned one, wrote a document of their own, owe, have reported."""

    tasked: int
    planned: int
    cascaded: int
    owed: int
    reported: int


def with_steps(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Each delivery with ``tasks``, ``planned`` (tasks with a plan), ``own`` (the unit's own document) and ``owed``.

    ``own``: id, kind, number, day; ``owed``: id, below (obligations given on), its report's state, due_text; or None.
    """
    here = {"unit": OuterRef("unit"), "clause__directive": OuterRef("directive")}
    tasks = (
        Task.objects.filter(**here).order_by().values("clause__directive").annotate(n=Count("pk")).values("n")
    )
    planned = (
        Task.objects.filter(Exists(PlannedActivity.objects.filter(task=OuterRef("pk"))), **here)
        .order_by()
        .values("clause__directive")
        .annotate(n=Count("pk"))
        .values("n")
    )
    own = (
        Directive.objects.filter(
            implements=OuterRef("directive"), registered_by=OuterRef("unit"), status=DirectiveStatus.ISSUED
        )
        .order_by("-pk")
        .values(json=JSONObject(id="pk", kind="kind", number="number_text", day="issued_on"))[:1]
    )
    owed = (
        Obligation.objects.filter(
            Q(round__directive=OuterRef("directive")) | Q(round__directive=OuterRef("directive__implements")),
            unit=OuterRef("unit"),
        )
        .order_by("-pk")
        .values(json=JSONObject(id="pk", below="below", state="report__state", due="due_text"))[:1]
    )
    none = {"output_field": IntegerField()}
    return deliveries.annotate(
        tasks=Coalesce(Subquery(tasks, **none), 0), planned=Coalesce(Subquery(planned, **none), 0),
        own=Subquery(own), owed=Subquery(owed),
    )  # fmt: skip


def children_of(directives: Iterable[int]) -> dict[int, list[Delivery]]:
    """The receivers of units' own documents, with their steps, by document; the first ``CHILDREN`` in all."""
    found: dict[int, list[Delivery]] = {pk: [] for pk in directives}
    if found:
        rows = (
            Delivery.objects.filter(directive__in=found)
            .select_related("unit")
            .order_by("unit__sort_key", "unit_id")
        )
        for row in with_steps(rows)[:CHILDREN]:
            found[row.directive_id].append(row)
    return found


def totals(directive: Directive) -> Totals:
    """Over every unit that got the document, in one query."""
    tasks = Task.objects.filter(clause__directive=OuterRef("pk"))
    owed = Obligation.objects.filter(round__directive=OuterRef("pk"), parent__isnull=False)
    sent = Report.objects.filter(
        obligation__round__directive=OuterRef("pk"), obligation__parent__isnull=False, state__in=SENT
    )
    own = Directive.objects.filter(implements=OuterRef("pk"), status=DirectiveStatus.ISSUED)
    counted = Directive.objects.filter(pk=directive.pk).values_list(
        _distinct(tasks, "unit"),
        _distinct(tasks.filter(Exists(PlannedActivity.objects.filter(task=OuterRef("pk")))), "unit"),
        _distinct(own, "registered_by"),
        _distinct(owed, "unit"),
        _distinct(sent, "obligation__unit"),
    )
    return Totals(*counted[0])


def _distinct(rows: QuerySet, field: str) -> Subquery:
    """How many different units the rows name; written so that Django groups by nothing."""
    count = Func(F(field), template="COUNT(DISTINCT %(expressions)s)", output_field=IntegerField())
    return Subquery(rows.order_by().annotate(n=count).values("n"), output_field=IntegerField())
