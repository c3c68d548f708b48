"""What the consolidation's pages show."""

from dataclasses import dataclass, field

from django.db.models import Q
from django.http import Http404, HttpRequest

from hoctap.activities.models import Activity
from hoctap.desk.fields import whole
from hoctap.desk.words import words
from hoctap.forms import queries as form_queries
from hoctap.forms.rules import cell_name
from hoctap.forms.spec import Cell, FormSpec, Line
from hoctap.indicators.collecting import collect
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.obligations import rules as obligation_rules
from hoctap.obligations.models import Obligation
from hoctap.orgs import roles
from hoctap.reports import deeds
from hoctap.reports.models import Report
from hoctap.rollup import queries
from hoctap.rollup.models import Snapshot

CHILDREN = 30
SHARES = 50
DEEDS = 100


@dataclass
class Row:
    """One figure of the form: a line and one of its measures."""

    line: Line
    cell: Cell
    first: bool  # of its line
    span: int
    total: int | None
    count: int
    own: int | None
    children: list[tuple[int, int | None, bool]]  # obligation, figure, whether nothing came from it
    signed: int | None = None
    difference: int | None = None


@dataclass
class Group:
    """A section heading, or a line with its figures."""

    line: Line
    rows: list[Row] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # unit, note


def spec_of(obligation: Obligation) -> FormSpec | None:
    version_id = obligation.round.form_version_id
    return form_queries.version_spec(version_id) if version_id else None


def consolidation(request: HttpRequest, at: Obligation) -> dict:
    """The live table and the last signed report beside it."""
    spec = spec_of(at)
    basis, after = basis_of(request), _after(request)
    table = queries.table(at, basis, after=after, limit=CHILDREN)
    drawn, signed = _drawn_and_signed(at)
    difference = queries.signed_vs_live(signed) if signed else None
    seat = request.seat
    owner = seat.unit_id == at.unit_id
    said = words(table.children[0].obligation.relation if table.children else at.relation)
    return {
        "node": at,
        "round": at.round,
        "spec": spec,
        "table": table,
        "basis": basis,
        "groups": groups(spec, table, difference, only_changed=request.GET.get("khac") == "1")
        if spec
        else [],
        "words": said,
        "now": clock.now(),
        "drawn": drawn if owner else None,
        "signed": signed,
        "difference": difference,
        "only_changed": request.GET.get("khac") == "1",
        "first": _turned(request, None) if after else "",
        "next": _turned(request, table.children[-1].obligation.unit_id) if table.more else "",
        "may_draw": owner
        and roles.may(seat.role, roles.WRITE_REPORT)
        and bool(table.child_count or at.parent_id is None),
        "own_missing": table.own.reports == 0,
        "may_sign": owner and roles.may(seat.role, roles.SIGN_CONSOLIDATION),
        "query": _query(request),
        "may_export": spec is not None and roles.may(seat.role, roles.EXPORT_FIGURES),
    }


def basis_of(request: HttpRequest) -> str:
    return "sent" if request.GET.get("gom") == "da-gui" else "accepted"


def _after(request: HttpRequest) -> int | None:
    """``?sau=``: the unit whose column was the last one shown. Its id alone: every figure's link carries it along."""
    return whole(request.GET.get("sau", ""))


def _turned(request: HttpRequest, after: int | None) -> str:
    """The address of the columns after that unit."""
    query = request.GET.copy()
    query.pop("sau", None)
    if after is not None:
        query["sau"] = str(after)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _drawn_and_signed(at: Obligation) -> tuple[Snapshot | None, Snapshot | None]:
    """The draft that waits for its signature, and the last one signed."""
    found = {snapshot.is_signed: snapshot for snapshot in _NEWEST(obligation=at.pk)}
    drawn, signed = found.get(False), found.get(True)
    return (drawn if drawn and (signed is None or drawn.number > signed.number) else None), signed


_NEWEST: Prepared[Snapshot] = Prepared(
    lambda obligation: (
        Snapshot.objects.filter(obligation=obligation)
        .annotate(is_signed=Q(signed_at__isnull=False))
        .select_related("obligation")
        .order_by("is_signed", "-number")
        .distinct("is_signed")
    ),
    "obligation",
)


def what_goes_in(node: Obligation) -> dict:
    """Before drawing: how many units count, why others do not, and whether the unit's own part is there."""
    covered = queries.table(node, limit=0).coverage
    below = Obligation.objects.filter(parent=node).first()
    own = getattr(node, "report", None)
    return {
        "covered": covered,
        "own_sent": bool(own and own.sent_id),
        "words": words(below.relation if below else node.relation),
    }


def left_out(snapshot: Snapshot) -> list[str]:
    """The units whose figures a drawn or signed consolidation does not hold: nothing sent, or not accepted yet. Its own
    part counts as sent: nobody below accepts it."""
    own = Q(obligation=snapshot.obligation_id)
    missing = snapshot.items.filter(own & Q(revision=None) | ~own & Q(acceptance=None))
    ordered = missing.order_by("obligation__path", "obligation__unit__sort_key")
    return list(ordered.values_list("obligation__unit__short_name", flat=True))


def _query(request: HttpRequest) -> str:
    """What leads from one figure back to the columns it stood among."""
    after = _after(request)
    sent = ["gom=da-gui"] if basis_of(request) == "sent" else []
    return "&".join(sent + ([] if after is None else [f"sau={after}"]))


def _is_silent(obligation: Obligation, basis: str) -> bool:
    """Whether nothing of its own report counts on this basis."""
    report = getattr(obligation, "report", None)
    return report is None or (report.acceptance_id if basis == "accepted" else report.sent_id) is None


def groups(spec: FormSpec, table, difference, *, only_changed: bool = False) -> list[Group]:
    """The form's lines with a row a measure: total, count of units, own part, each child."""
    changed = {c.position: c for c in difference.cells} if difference else {}
    snapshot = difference.snapshot if difference else None
    notes = _notes(table)
    shares = [(c.obligation.pk, c.sums.sums, _is_silent(c.obligation, table.basis)) for c in table.children]
    drawn = []
    for line in spec.lines:
        if only_changed and not any(cell.position in changed for cell in line.cells):
            continue
        group = Group(line, notes=notes.get(line.number, []))
        for index, cell in enumerate(line.cells):
            position = cell.position
            row = Row(
                line=line,
                cell=cell,
                first=index == 0,
                span=len(line.cells),
                total=table.total.sums[position],
                count=table.below_counts[position],
                own=table.own.sums[position],
                children=[(unit, sums[position], silent) for unit, sums, silent in shares],
            )
            if snapshot is not None:
                row.signed = snapshot.sums[position]
                row.difference = changed[position].difference if position in changed else 0
            group.rows.append(row)
        drawn.append(group)
    return drawn


def _notes(table) -> dict[str, list[tuple[str, str]]]:
    """Notes the units on this page wrote, by line number."""
    ids = [c.obligation.pk for c in table.children] + [table.obligation.pk]
    found: dict[str, list[tuple[str, str]]] = {}
    for unit, notes in _NOTES(ids=ids):
        for number, text in (notes or {}).items():
            found.setdefault(number, []).append((unit, text))
    return found


_NOTES: Prepared[tuple] = Prepared(
    lambda ids: (
        Report.objects.filter(obligation__in=one_of(ids), sent__isnull=False)
        .exclude(sent__content__notes={})
        .values_list("obligation__unit__short_name", "sent__content__notes")
        .order_by("obligation__unit__sort_key")
    ),
    "ids",
)


def figure(request: HttpRequest, at: Obligation, position: int) -> dict:
    """Where one figure comes from: the units with the largest shares, and with ``?dv=`` one unit's revisions."""
    spec = spec_of(at)
    if spec is None or position >= spec.size:
        raise Http404
    basis = basis_of(request)
    line, cell = spec.line_of[position], spec.cells[position]
    made = queries.lineage(at, position, basis, limit=SHARES)
    chosen = _chosen(request, at)
    steps = queries.steps(chosen, position, basis, below=chosen != at) if chosen else ()
    counting = next((step for step in steps if step.counts), None)
    _drawn, signed = _drawn_and_signed(at)
    return {
        "node": at,
        "round": at.round,
        "position": position,
        "signed": signed,
        "signed_sum": signed.sums[position] if signed else None,
        "line": line,
        "cell": cell,
        "name": cell_name(line, cell),
        "basis": basis,
        "words": words(made.branches[0].relation if made.branches else at.relation),
        "made": made,
        "largest": max([b.value.sum or 0 for b in made.branches] + [made.own.sum or 0, 1]),
        "chosen": chosen,
        "below": queries.lineage(chosen, position, basis, limit=0, below=True)
        if chosen and chosen != at
        else made,
        "steps": steps,
        "counting": counting,
        "deeds": _deeds(at, cell, counting.deeds) if counting else [],
        "parts": [(spec.line_of[part], part) for part in cell.formula],
        "amended": counting.revision.content.get("amended", {}).get(line.number, "") if counting else "",
        "query": _query(request),
    }


def _deeds(at: Obligation, cell: Cell, ids: list[int]) -> list[tuple[Activity, int | None]]:
    """The activities behind one figure, the first DEEDS of them, each with what it gives by itself today."""
    days = deeds.period(at.round)
    shown = ids[:DEEDS]
    alone = collect({pk: [pk] for pk in shown}, *days) if days else {}
    rows = Activity.objects.filter(pk__in=shown).select_related("host").order_by("starts_on", "pk")
    return [
        (row, fact.value if (fact := alone.get(row.pk, {}).get(cell.indicator)) else None) for row in rows
    ]


def _chosen(request: HttpRequest, at: Obligation) -> Obligation | None:
    """The obligation asked for by its id: the node itself or one below it that the seat may see."""
    asked = whole(request.GET.get("dv", ""))
    if asked is None or asked == at.pk:
        return at if asked else None
    below = Obligation.objects.filter(pk=asked, round_id=at.round_id, path__startswith=at.path)
    chosen = below.select_related("unit").first()
    if chosen and chosen.parent_id == at.pk:
        chosen.parent = at
    if chosen is None or not obligation_rules.can_see(request.seat, chosen):
        raise Http404
    return chosen
