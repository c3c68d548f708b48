"""Of a document's reports: rounds with their trees: who owes what to whom, via whom, by when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hoctap.directives.understood import Item, taken
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import Due, RoundPlan, lay, open_round
from hoctap.obligations.enums import DueRule, Force, Frequency
from hoctap.obligations.following import let_follow
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Seat, Unit
from hoctap.reports.actions.withdrawing import require_unsent
from hoctap.reports.programmes.made import FORCES, Made

LONGEST_NAME: int = Round._meta.get_field("name").max_length or 0
FEW_WORDS = 6
GATHERED_HERE = "tổng hợp tại đơn vị"  # the due of a consolidator of whom the document asks no report


@dataclass(frozen=True)
class _Owed:
    """A report item with its units by id. ``above``: who gathers it: "via" if named, else whom it goes to first."""

    item: Item
    units: tuple[int, ...]
    to: tuple[int, ...]
    above: int

    @property
    def due(self) -> Due:
        value = self.item["value"]
        on = date.fromisoformat(value["due_on"]) if value["due_on"] else None
        try:
            return Due(DueRule(value["rule"]), on, (value["due_text"] or "")[:120])
        except Refusal as refusal:
            raise Refusal(f"Mục {self.item['id']}: {refusal.message}") from None

    @property
    def force(self) -> Force:
        return FORCES.get(self.item["value"].get("force", ""), Force.ASSIGN)


def _owed(items: list[Item], me: int) -> list[_Owed]:
    """Where whom a report goes to is unknown to Hoctap, it is gathered here, unless it is this unit's own."""
    found = []
    for item in taken(items, "report"):
        value = item["value"]
        to, via = tuple(value.get("to_units", ())), tuple(value.get("via_units", ()))
        units = tuple(value.get("units", ()))
        above = (*via, *to, 0 if me in units else me)[0]
        found.append(_Owed(item, tuple(pk for pk in units if pk != above), to, above))
    return found


def make_rounds(seat: Seat, items: list[Item], made: Made) -> None:
    """One round for each report that this unit gathers, with what it owes itself; else one for its own report alone."""
    me = seat.unit_id
    owed = _owed(items, me)
    own = [report for report in owed if me in report.units]
    nobody = [report for report in owed if report.above == me and not report.units]
    made.notes += [
        f"Mục {report.item['id']}: chưa có đơn vị nào phải báo cáo nên không mở đợt. Hoàn tác rồi ghi đơn vị ở mục này."
        for report in nobody
    ]
    gathered = [report for report in owed if report.above == me and report.units]
    if not gathered and not own and made.directive.issuer_id == me:
        gathered = [report for report in owed if not any(report.above in other.units for other in owed)]
    units = {
        u.pk: u for u in Unit.objects.filter(pk__in={pk for r in owed for pk in (*r.units, *r.to, r.above)})
    }
    for report in gathered:
        mine = next((other for other in own if _serves(report, other)), own[0] if own else None)
        if mine in own:
            own.remove(mine)
        if node := _passed_on(made, me):
            require_unsent(node)
            due = {"name": node.round.name, "due": node.due_text, "units": 0, "below": []}
            made.rounds.append(due | {"form": node.round.form_version_id is not None})
            _hang(seat, made, node, report, owed, units)
            continue
        if _is_open(made, me, mine):
            made.notes.append(f"Đợt báo cáo ở mục {report.item['id']} đã mở theo văn bản này; không mở thêm.")
            continue
        root = _open(seat, items, made, report, mine, units)
        if report.above == me:
            _hang(seat, made, root, report, owed, units)
        else:
            between = lay(seat, root.round, root, [units[report.above]], Due(DueRule.UNDATED, text=GATHERED_HERE), (),
                          Force.ASSIGN, "")  # fmt: skip
            made.obligations += between
            _hang(seat, made, between[0], report, owed, units)
    for report in own:
        if Obligation.objects.filter(unit_id=me, round__directive=made.directive).exists():
            made.notes.append(
                f"Báo cáo ở mục {report.item['id']} đã có trong đợt mà cấp trên giao; không mở đợt nữa."
            )
            continue
        _open(seat, items, made, report, report, units)
    done = {*map(id, gathered), *map(id, own), *map(id, nobody)}
    others = [r for r in owed if id(r) not in done and me not in r.units and not _below(r, gathered, owed)]
    made.notes += [
        f"Mục {r.item['id']}: báo cáo này do {units[r.above].name} tổng hợp, không mở đợt ở đây."
        for r in others
    ]
    _with_form(made)
    _let_follow(seat, items, made)


def _let_follow(seat: Seat, items: list[Item], made: Made) -> None:
    """Whom a clause has watch the work reads the rounds opened here, and nothing else (seed document 003, III.1.1)."""
    opened = [row.round for row in made.obligations if row.parent_id is None]
    followed: set[int] = {seat.unit_id}
    for item in taken(items, "follow"):
        units = list(Unit.objects.filter(pk__in=item["value"]["units"]).exclude(pk__in=followed))
        followed |= {unit.pk for unit in units}
        clause = f"mục {item['value']['ref']}" if item["value"]["ref"] else "nội dung giao việc"
        for one in opened if units else ():
            let_follow(seat=seat, opened=one, units=units, clause=clause, text=item["value"]["text"])
            made.followers += len(units)


def _passed_on(made: Made, me: int) -> Obligation | None:
    """What this unit owes by the document that this one carries out: those below report under it, in the same round."""
    if made.directive.implements_id is None:
        return None
    mine = Obligation.objects.filter(
        unit_id=me, round__directive=made.directive.implements_id, round__closed_at=None
    )
    found = mine.order_by("-pk").first()
    if found is None:
        return None
    # One change of a round's tree at a time, then read the path (as ``obligations.actions.expect``).
    Round.objects.select_for_update(no_key=True).get(pk=found.round_id)
    found = mine.filter(pk=found.pk).select_related("unit", "round").first()
    return found


def _is_open(made: Made, me: int, mine: _Owed | None) -> bool:
    """Whether this unit gathers for the same day by this document already, in a round opened by hand."""
    due = mine.due.on if mine else None
    roots = Obligation.objects.filter(
        round__directive=made.directive, round__closed_at=None, unit_id=me, parent=None
    )
    return roots.exclude(pk__in=[row.pk for row in made.obligations]).filter(due_on=due).exists()


def _serves(report: _Owed, own: _Owed) -> bool:
    """Whether what is gathered can go into that own report: it is due no later."""
    first, last = report.item["value"]["due_on"], own.item["value"]["due_on"]
    return not last or not first or first <= last


def _below(report: _Owed, gathered: Iterable[_Owed], owed: Sequence[_Owed]) -> bool:
    """Whether its gatherer is one of those who report to us, at any depth."""
    seen: set[int] = set()
    edge = {pk for top in gathered for pk in (*top.units, top.above)}
    while edge - seen:
        seen |= edge
        edge = {pk for other in owed if other.above in seen for pk in other.units}
    return report.above in seen


def _open(
    seat: Seat, items: list[Item], made: Made, report: _Owed, mine: _Owed | None, units: dict[int, Unit]
) -> Obligation:
    value = report.item["value"]
    due = mine.due if mine else Due(DueRule.UNDATED, text=GATHERED_HERE)
    name = _name(value["what"] or "", made, report.due)
    campaign = made.campaigns[0] if made.campaigns else None
    with_form = made.form if len(taken(items, "report")) == 1 or _asks_figures(report, items) else None
    plan = RoundPlan(
        directive=made.directive,
        name=name,
        content=value["text"] or "",
        form_version=with_form,
        campaign=campaign,
        period_from=campaign.starts_on if campaign else None,
        period_to=campaign.ends_on if campaign else None,
        frequency=Frequency(value["frequency"]),
        channel=_channel(value),
        recipients=[units[pk] for pk in mine.to if pk != seat.unit_id] if mine else [],
    )
    try:
        opened = open_round(seat=seat, plan=plan, due=due)
    except Refusal as refusal:
        raise Refusal(f"Mục {report.item['id']}: {refusal.message}") from None
    root = Obligation.objects.select_related("unit", "round").get(round=opened, parent=None)
    made.obligations.append(root)
    made.rounds.append(
        {"name": opened.name, "due": due.words, "units": 1, "below": [], "form": bool(with_form)}
    )
    return root


def _name(what: str, made: Made, due: Due) -> str:
    """ "Báo cáo kết quả: Tổ chức Tuần lễ …": few words alone name no round; a second one of the same name says its day."""
    said = " ".join(what.split())
    if len(said.split()) < FEW_WORDS:
        said = ": ".join(part for part in (said, made.directive.subject) if part)
    said = said[:1].upper() + said[1:]
    day = f" ({due.words})"
    same = said[:LONGEST_NAME] in {opened["name"] for opened in made.rounds}
    return said[: LONGEST_NAME - len(day)] + day if same else said[:LONGEST_NAME]


def _asks_figures(report: _Owed, items: list[Item]) -> bool:
    """Of several reports the form goes with the one that is gathered and due last: the results."""
    dues = [
        item["value"]["due_on"] for item in taken(items, "report") if len(item["value"].get("units", ())) > 1
    ] or [item["value"]["due_on"] for item in taken(items, "report")]
    return report.item["value"]["due_on"] == max(dues)


def _channel(value: dict) -> str:
    """ "thông qua …": as the document says it, also where the words name a unit."""
    via = f"thông qua {value['via']}" if value["via"] else ""
    return ", ".join(part for part in (via, value["channel"] or "") if part)[:250]


def _hang(
    seat: Seat, made: Made, node: Obligation, report: _Owed, owed: Sequence[_Owed], units: dict[int, Unit]
) -> None:
    """Units under who gathers from them; and under each, those whose reports go to it."""
    taken_already = set(Obligation.objects.filter(round=node.round).values_list("unit", flat=True))
    new = [units[pk] for pk in report.units if pk not in taken_already]
    if len(new) < len(report.units):
        made.notes.append(
            f"Mục {report.item['id']}: {len(report.units) - len(new)} đơn vị đã có báo cáo trong đợt “{node.round.name}”; "
            "mỗi đơn vị một báo cáo trong một đợt, nên không thêm ở mục này. Cần thì mở đợt riêng."
        )
    if not new:
        return
    recipients = [units[pk] for pk in report.to] or [node.unit]
    added = lay(seat, node.round, node, new, report.due, recipients, report.force, "")
    made.obligations += added
    made.rounds[-1]["units"] += len(added)
    made.rounds[-1]["below"].append(
        {"due": report.due.words, "units": len(added), "to": [u.short_name for u in recipients]}
    )
    for row in added:
        for other in owed:
            if other is not report and other.above == row.unit_id:
                _hang(seat, made, row, other, owed, units)


def _with_form(made: Made) -> None:
    if made.form and made.rounds and not any(opened["form"] for opened in made.rounds):
        made.notes.append("Biểu mẫu chưa gắn với đợt báo cáo nào.")
