"""Of a document's items: its campaign with slogans and events, clauses with tasks, targets, the form."""

import json
import re
from datetime import date

from hoctap.campaigns.models import Campaign, Event, Slogan
from hoctap.directives.models import Clause, Directive
from hoctap.directives.understood import Item, taken
from hoctap.forms.actions import publish_version
from hoctap.forms.drafting import definition_of, library_form_of
from hoctap.forms.models import Form, FormVersion
from hoctap.kernel.errors import Refusal
from hoctap.obligations.enums import Force, TaskRole
from hoctap.obligations.models import Obligation, Target, Task
from hoctap.orgs.models import Seat
from hoctap.orgs.rules import reached_of
from hoctap.reports.programmes.made import FORCES, Made

MOST_PERCENT, MOST = 1000, 10**13  # what a target may say


def make_occasions(seat: Seat, items: list[Item], made: Made) -> None:
    """Campaigns as this unit announces them: another unit's week of the same name has days and slogans of its own."""
    for item in taken(items, "campaign"):
        value = item["value"]
        if not (value["name"] and value["start"] and value["end"]):
            raise Refusal(
                f"Mục {item['id']}: đợt phát động cần tên, ngày bắt đầu và ngày kết thúc. Ghi đủ, hoặc bỏ mục này."
            )
        starts, ends = date.fromisoformat(value["start"]), date.fromisoformat(value["end"])
        if starts > ends:
            raise Refusal(f"Mục {item['id']}: ngày bắt đầu sau ngày kết thúc. Sửa lại hai ngày này.")
        name = re.sub(rf"\s+năm {starts.year}$", "", value["name"])  # the year is kept apart
        name = name[:1].upper() + name[1:]
        campaign, _new = Campaign.objects.get_or_create(
            unit=seat.unit, name=name[:200], year=starts.year,
            defaults={"theme": (value["theme"] or "")[:300], "starts_on": starts, "ends_on": ends},
        )  # fmt: skip
        made.campaigns.append(campaign)
    hung = [
        (line, item["value"]["place"]) for item in taken(items, "slogans") for line in item["value"]["lines"]
    ]
    held = taken(items, "event")
    if not made.campaigns:
        if hung or held:
            made.notes.append("Văn bản không nêu đợt phát động: khẩu hiệu và sự kiện chỉ giữ trong toàn văn.")
        return
    campaign = made.campaigns[0]
    known = set(campaign.slogans.values_list("text", flat=True))
    new = [(line, place) for line, place in hung if line["text"][:600] not in known]
    Slogan.objects.bulk_create(
        Slogan(campaign=campaign, order=order, text=line["text"][:600], author=(line["author"] or "")[:120],
               place=(place or "")[:300])
        for order, (line, place) in enumerate(new, len(known) + 1)
    )  # fmt: skip
    made.slogans = len(hung)
    for item in held:
        value = item["value"]
        if not value["date"]:
            raise Refusal(f"Mục {item['id']}: sự kiện chưa có ngày. Ghi ngày, hoặc bỏ mục này.")
        Event.objects.get_or_create(
            campaign=campaign, name=value["name"][:300], on=date.fromisoformat(value["date"]),
            defaults={"place": (value["place"] or "")[:300]},
        )  # fmt: skip
        made.events += 1


def make_clauses(seat: Seat, items: list[Item], made: Made) -> None:
    """A clause for each task; a task of each unit that has it. General work, given to nobody by name, stays a clause.

    Of another's document only what is for whom this unit may tell (``_beyond``).
    """
    work = taken(items, "work")
    named = {unit for item in work for unit in item["value"].get("units", [])}
    above, beyond = _not_below(made.directive, named), _beyond(seat, made, named)
    if beyond:
        made.notes.append(
            f"{len(beyond)} đơn vị được giao việc không thuộc phạm vi của đơn vị mình: "
            "việc của các đơn vị đó không lập từ đây."
        )
    rows: list[tuple[Clause, dict, list[int]]] = []
    for item in work:
        units = [unit for unit in dict.fromkeys(item["value"].get("units", [])) if unit not in beyond]
        for task in item["value"]["tasks"] if units or not item["value"].get("units") else ():
            clause = Clause(
                directive=made.directive, order=len(rows) + 1, ref=(task["ref"] or "")[:60], text=task["text"]
            )
            rows.append((clause, task, units))
    Clause.objects.bulk_create(clause for clause, _task, _units in rows)
    made.clauses = len(rows)
    made.tasks = Task.objects.bulk_create(
        Task(
            clause=clause,
            unit_id=unit,
            role=TaskRole(task["role"] or "thuc-hien"),
            force=_force(FORCES[task["force"] or "giao"], unit in above),
        )
        for clause, task, units in rows
        for unit in units
    )


def _beyond(seat: Seat, made: Made, units: set[int]) -> set[int]:
    """Of another's document by which this unit gathers nobody's reports: those who do not stand under it."""
    gathered = Obligation.objects.filter(
        round__directive=made.directive, round__opened_by__unit=seat.unit_id, parent__isnull=False
    )
    if made.directive.issuer_id == seat.unit_id or gathered.exists():
        return set()
    return units - {seat.unit_id} - reached_of(seat, units)


def _force(said: Force, is_no_subordinate: bool) -> Force:
    """Who is no subordinate of the issuer (Mặt trận, hội, party bodies) is asked, whatever the list's heading says."""
    return Force.REQUEST if said == Force.ASSIGN and is_no_subordinate else said


def _not_below(directive: Directive, units: set[int]) -> set[int]:
    """Of the units those that do not stand under the issuer in any line; none where Hoctap does not know the issuer."""
    if directive.issuer is None:
        return set()
    return units - reached_of(Seat(unit=directive.issuer), units)


def make_targets(items: list[Item], made: Made) -> None:
    rows = []
    for order, item in enumerate(taken(items, "target"), 1):
        value = item["value"]
        if value["percent"] is None and value["number"] is None:
            raise Refusal(
                f"Mục {item['id']}: chỉ tiêu cần tỷ lệ hoặc số lượng. Ghi một trong hai, hoặc bỏ mục này."
            )
        if (value["percent"] or 0) > MOST_PERCENT or (value["number"] or 0) > MOST:
            raise Refusal(f"Mục {item['id']}: con số của chỉ tiêu quá lớn. Xem lại văn bản, hoặc bỏ mục này.")
        years = re.findall(r"(?<!\d)(?:19|20|21)\d\d(?!\d)", str(value["by"] or ""))
        rows.append(
            Target(
                directive=made.directive, order=order, percent=value["percent"], number=value["number"],
                measure=(value["unit"] or "")[:200], subject=(value["subject"] or "")[:500],
                by=int(years[-1]) if years else None, text=value["text"],
            )
        )  # fmt: skip
    made.targets = len(Target.objects.bulk_create(rows))


def make_form(seat: Seat, items: list[Item], directive: Directive) -> FormVersion | None:
    """The version to report by: of the form that Hoctap brings along, when the table is that one, else drafted from it."""
    tables = taken(items, "form")
    if not tables:
        return None
    try:
        return _published(seat, tables[0]["value"]["form"], directive)
    except Refusal as refusal:
        raise Refusal(
            f"Mục {tables[0]['id']}: bảng số liệu chưa thành biểu mẫu được. {refusal.message.rstrip('.')}. "
            "Bỏ mục này rồi lập, hoặc nhờ người soạn biểu mẫu."
        ) from None


def _published(seat: Seat, table: dict, directive: Directive) -> FormVersion:
    known = library_form_of(table)
    if known:
        return publish_version(seat=None, definition=json.loads(known.canonical))
    definition = definition_of(
        table, version=1, source=f"{directive} {directive.issuer_name}", owner=directive.issuer_name
    )
    newest = Form.objects.filter(code=definition["code"]).first()
    same = newest and newest.versions.order_by("-number").first()
    if same and same.definition["lines"] == definition["lines"]:
        return same
    if same:
        definition["version"] = same.number + 1
    return publish_version(seat=seat, definition=definition)
