"""One document with all that its page shows, as far as the seat may know it."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, JSONObject

from hoctap.directives import rules
from hoctap.directives.models import Attachment, Citation, Delivery, DeliveryCount, Directive
from hoctap.kernel.estimates import expected_rows
from hoctap.kernel.prepared import Prepared
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.models import Seat
from hoctap.orgs.naming import called, later
from hoctap.orgs.queries import BY_NAME_APART, FEW, by_name
from hoctap.orgs.rules import reachable_ids, within

CITATIONS_SHOWN = 300  # a decree may be cited by every unit of the country


@dataclass(frozen=True)
class Delivered:
    """Units that were sent a document; of them, those that have seen and those that have acknowledged it."""

    units: int
    seen: int
    acknowledged: int


@dataclass(frozen=True)
class Dossier:
    """Hồ sơ một văn bản. ``files``: dicts of id, name and size (bytes).

    ``cites`` carry ``target_seen``, whether the seat may follow the link, and ``has_choices``, whether it keeps
    this entry and sees documents of that number. ``cited_by``: the latest. ``deliveries``, in the units' order and
    not read yet, are all, or only those within reach (``all_deliveries`` says); ``delivered`` counts them.
    """

    directive: Directive
    body: str
    files: list[dict]
    successor_seen: bool  # whether the seat may follow the link to what superseded it
    cites: list[Citation]
    cited_by: list[Directive]
    deliveries: QuerySet[Delivery]
    delivered: Delivered
    all_deliveries: bool
    mine: Delivery | None


def find_visible(seat: Seat, pk: int) -> Directive | None:
    """The document by its id, or None where the seat does not see it."""
    return (
        Directive.objects.filter(rules.visible(seat), pk=pk).select_related("registered_by", "issuer").first()
    )


def dossier(seat: Seat, pk: int, **more: Expression) -> Dossier | None:
    """Everything for one page, in six or seven queries; None where the seat does not see the document.

    ``more``: annotations that an upper room hangs on the document, read from ``dossier(…).directive``.
    """
    ids = reachable_ids(seat)
    directive = _one(seat, pk, ids, more)
    if directive is None:
        return None
    by = directive.superseded_by
    successor_seen = by is not None and rules.can_see(seat, by)
    kept_here, files, body = directive.kept_here, directive.files, directive.body  # type: ignore[attr-defined]
    cites, cited_by = _citations(seat, directive, ids)
    deliveries, delivered = _deliveries(directive, None if kept_here else ids)
    mine = _MINE(directive=pk, unit=seat.unit_id)
    return Dossier(
        directive=directive,
        body=body or "",
        files=files,
        successor_seen=successor_seen,
        cites=cites,
        cited_by=cited_by,
        deliveries=deliveries,
        delivered=delivered,
        all_deliveries=kept_here,
        mine=mine[0] if mine else None,
    )


def deliveries_of(seat: Seat, directive: Directive) -> tuple[QuerySet[Delivery], Delivered, bool]:
    """To which units it went, in their order, how many they are, and whether those are all or only those within reach."""
    ids = reachable_ids(seat)
    kept_here = Directive.objects.filter(_kept(ids), pk=directive.pk).exists()
    return *_deliveries(directive, None if kept_here else ids), kept_here


def _deliveries(directive: Directive, reach: RawSQL | None) -> tuple[QuerySet[Delivery], Delivered]:
    """Of all the counts are kept; within reach they are counted, from whichever side has fewer rows."""
    sent = Delivery.objects.filter(directive=directive).select_related("unit", "sent_by")
    told = DeliveryCount.objects.filter(directive=directive).aggregate(
        units=Coalesce(Sum("units"), 0),
        seen=Coalesce(Sum("seen"), 0),
        acknowledged=Coalesce(Sum("acknowledged"), 0),
    )
    sent = sent.order_by(*by_name(told["units"]))
    if reach is None:
        return sent, Delivered(**told)
    sent = sent.filter(within(reach, "unit")) if told["units"] <= FEW else sent.filter(unit__in=reach)
    counted = sent.aggregate(units=Count("pk"), seen=Count("seen_at"), acknowledged=Count("acknowledged_at"))
    return sent, Delivered(**counted)


def narrowed(
    deliveries: QuerySet[Delivery],
    *,
    rows: int,
    limit: int,
    name: str = "",
    after: tuple[str, int] | None = None,
) -> QuerySet[Delivery]:
    """Of so many ``rows`` the first whose unit has every word of ``name`` (``called``), after the unit of that
    ``(sort_key, pk)``, in the units' order. With a name one query is asked at once, as by ``units_called``.
    """
    found = deliveries.filter(called(name, "unit__")).order_by().values("pk")
    if after:
        found = found.filter(later(after, "unit__"))
    if name:
        rows = min(rows, expected_rows(*found.query.sql_with_params()))
    read = Delivery.objects.select_related("unit", "sent_by")
    return read.filter(pk__in=found.order_by(*by_name(rows))[:limit]).order_by(*BY_NAME_APART)


def _kept(ids: RawSQL) -> Q:
    """Kept or issued within the seat's reach."""
    return Q(within(ids, "registered_by")) | Q(within(ids, "issuer"))


_MINE: Prepared[Delivery] = Prepared(
    lambda directive, unit: Delivery.objects.filter(directive=directive, unit=unit), "directive", "unit"
)


def _one(seat: Seat, pk: int, ids: RawSQL, more: dict[str, Expression]) -> Directive | None:
    files = Attachment.objects.filter(directive=OuterRef("pk")).order_by("pk")
    parts = JSONObject(id="pk", name="name", size="file__size")
    seen = Directive.objects.filter(rules.visible(seat, ids))
    kept = When(_kept(ids), then=Value(True))
    return (
        seen.filter(pk=pk)
        .annotate(
            files=ArraySubquery(files.values(json=parts)),
            kept_here=Case(kept, default=Value(False)),
            body=F("text__body"),
            **more,
        )
        .select_related("registered_by", "superseded_by")
        .first()
    )


def _citations(seat: Seat, directive: Directive, ids: RawSQL) -> tuple[list[Citation], list[Directive]]:
    seen = Directive.objects.filter(rules.visible(seat, ids))
    namesakes = seen.filter(number_key=OuterRef("number_key")).exclude(number_key="")
    # Only who keeps the entry may make its citations clear.
    choices = (
        Exists(namesakes.exclude(pk=OuterRef("directive"))) if rules.owns(seat, directive) else Value(False)
    )
    by_seen = Q(target=directive) & Exists(seen.filter(pk=OuterRef("directive")))
    own_first = Case(When(directive=directive, then=Value(0)), default=Value(1), output_field=IntegerField())
    rows: list[Citation] = list(
        Citation.objects.filter(Q(directive=directive) | by_seen)
        .annotate(target_seen=Exists(seen.filter(pk=OuterRef("target"))), has_choices=choices)
        .select_related("target", "directive")
        .order_by(own_first, "-pk")[:CITATIONS_SHOWN]
    )
    cites = [row for row in rows if row.directive_id == directive.pk]
    cited_by = {row.directive_id: row.directive for row in rows if row.directive_id != directive.pk}
    newest_first = sorted(cited_by.values(), key=lambda d: (d.listed_on, d.pk), reverse=True)
    return sorted(cites, key=lambda row: (not row.is_basis, row.pk)), newest_first


def same_number_as(seat: Seat, directive: Directive) -> list[Directive]:
    """Visible documents with its number, notation and issuer, of the same year where both are dated."""
    if not directive.number_key:
        return []
    found = Directive.objects.filter(rules.visible(seat), number_key=directive.number_key)
    return [other for other in found.exclude(pk=directive.pk) if _doubles(directive, other)]


def _doubles(one: Directive, other: Directive) -> bool:
    if one.issued_on and other.issued_on and one.issued_on.year != other.issued_on.year:
        return False  # numbers start again on 1 January
    if one.issuer_id and other.issuer_id:
        return one.issuer_id == other.issuer_id
    return fold(one.issuer_name) == fold(other.issuer_name)
