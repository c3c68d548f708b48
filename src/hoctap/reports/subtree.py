"""Every report below one node, unit by unit, as one long reading."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, QuerySet, When

from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Seat
from hoctap.reports.enums import Basis
from hoctap.reports.queries import standing_case

COLUMNS = (
    "unit__code",
    "unit__name",
    "parent__unit__name",
    "relation",
    "standing",
    "report__sent__received_at",
    "report__sent__doc_number",
    "report__sent__doc_date",
    "counting",
)


def all_below(node: Obligation, path: str) -> QuerySet[Obligation]:
    """The node at ``path`` and all below it: those who report to one unit stand together, by name."""
    bounds = {"path__gte": path, "path__lt": path.rstrip(".") + "/"}
    together = F("parent__path").asc(nulls_first=True)
    return Obligation.objects.filter(round=node.round_id, **bounds).order_by(together, "unit__sort_key", "pk")


def seen_by(seat: Seat, node: Obligation, below: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """Those of ``all_below`` that the seat may take away: a node it takes part in may gather from units it does not."""
    if obligation_rules.sees_all_below(seat, node):
        return below
    return below.filter(obligation_rules.taking_part(seat))


def figures_of(rows: QuerySet[Obligation], node: Obligation, basis: str, now: datetime) -> QuerySet:
    """COLUMNS of ``rows``: standing as on the board, and the figures that count in the node's consolidation."""
    return rows.annotate(standing=standing_case(now), counting=_counting(node, basis)).values_list(*COLUMNS)


def _counting(node: Obligation, basis: str) -> Case | F:
    """As rollup adds up: accepted figures, and the node's own part as it sent it until accepted above."""
    if basis == Basis.SENT:
        return F("report__sent__figures")
    own = When(pk=node.pk, report__acceptance=None, then=F("report__sent__figures"))
    vector = ArrayField(BigIntegerField(null=True))
    return Case(own, default=F("report__acceptance__figures"), output_field=vector)
