"""A wide world in seconds: one gathering unit with thousands right below it and a round that asks them all.

Rows go in by bulk, as the actions would leave them. Django must be set up before this is imported.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.directives.enums import DocumentKind
from hoctap.directives.models import Directive
from hoctap.forms.actions import publish_version
from hoctap.forms.definition import library_form
from hoctap.kernel import clock
from hoctap.kernel.keys import keys_for
from hoctap.kernel.paths import segment
from hoctap.kernel.vietnamese import sort_key
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Recipient, Round
from hoctap.obligations.rules import first_late_moment
from hoctap.orgs.actions import found_unit
from hoctap.orgs.enums import AreaType, Kind, Line, Role
from hoctap.orgs.models import Seat, Subordination, Unit, UnitName
from hoctap.orgs.naming import folded_name
from hoctap.people.models import User

PASSWORD = "hoc-suot-doi-2023"
SINCE = date(2020, 1, 1)
ALWAYS = DateRange(SINCE, None)
BATCH = 2000
_ROADS = ("Võ Thị Sáu", "Lê Quý Đôn", "Kỳ Đồng", "Bàn Cờ", "Nguyễn Đình Chiểu", "Ông Ích Khiêm", "Đồng Xoài")


@dataclass
class World:
    """``node`` gathers from ``children`` in ``round``; ``officer`` and ``leader`` sit at it.

    ``leaders`` are users who lead the children among them, the first child by the first user and so on in turn.
    """

    round: Round
    node: Obligation
    children: list[Obligation]
    officer: Seat
    leader: Seat
    leaders: list[User]
    seats: list[Seat]  # the leader of each child, in their order


@transaction.atomic
def make(children: int, *, users: int, definition: dict | None = None) -> World:
    """Units, seats, one document and its round of the form of plan 333/KH-UBND (or another); nothing sent yet."""
    top = _unit("BM", "Ủy ban nhân dân thành phố Thử", "UBND TP. Thử", {Line.TERRITORY: None})
    place = _unit("BM-0", "Phòng Giáo dục và Đào tạo Thử", "Phòng GD&ĐT Thử", {Line.TERRITORY: top})
    units = _units_below(place, children)
    officer, leader = (_seat(place, role, f"bm-0-{role}") for role in (Role.OFFICER, Role.LEADER))
    users = User.objects.bulk_create(
        [_user(f"bm-{n}", f"Lãnh đạo {n}") for n in range(1, users + 1)], batch_size=BATCH
    )
    seats = Seat.objects.bulk_create(
        [
            Seat(user=users[n % len(users)], unit=unit, role=Role.LEADER, valid=ALWAYS)
            for n, unit in enumerate(units)
        ],
        batch_size=BATCH,
    )
    directive = _document(333, top, place, clock.today() - timedelta(days=30))
    version = publish_version(seat=None, definition=definition or first_form())
    plan = RoundPlan(
        directive=directive, clause="mục IV", name="Kết quả Tuần lễ hưởng ứng học tập suốt đời",
        form_version=version, recipients=[top],
    )  # fmt: skip
    due = Due(DueRule.BY, clock.today() - timedelta(days=1))
    opened = open_round(seat=officer, plan=plan, due=due)
    node = opened.obligations.select_related("unit", "round").get(parent=None)
    obligations = _obligations(node, units, officer)
    return World(opened, node, obligations, officer, leader, users, seats)


def first_form() -> dict:
    return json.loads(library_form("tuan-le-2023").canonical)


def _unit(code: str, name: str, short: str, parents: dict) -> Unit:
    return found_unit(
        seat=None, code=code, kind=Kind.OFFICE, area_type=AreaType.DISTRICT, name=name, short_name=short,
        place="Thử", since=SINCE, parents=parents,
    )  # fmt: skip


def _units_below(place: Unit, count: int) -> list[Unit]:
    names = [f"Ủy ban nhân dân phường {_ROADS[n % len(_ROADS)]} {n}" for n in range(1, count + 1)]
    shorts = [f"Phường {_ROADS[n % len(_ROADS)]} {n}" for n in range(1, count + 1)]
    units = Unit.objects.bulk_create(
        [
            Unit(
                code=f"BM-{n:05}", kind=Kind.COMMITTEE, area_type=AreaType.COMMUNE, name=name, short_name=short,
                name_folded=folded_name(name, short, f"BM-{n:05}"), sort_key=sort_key(name), place="Thử",
            )
            for n, (name, short) in enumerate(zip(names, shorts, strict=True), 1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    UnitName.objects.bulk_create(
        [UnitName(unit=u, name=u.name, short_name=u.short_name, valid=ALWAYS) for u in units],
        batch_size=BATCH,
    )
    above = Subordination.objects.get(unit=place).path
    Subordination.objects.bulk_create(
        [
            Subordination(unit=u, parent=place, line=Line.TERRITORY, valid=ALWAYS, path=above + segment(u.pk))
            for u in units
        ],
        batch_size=BATCH,
    )
    return units


def _user(username: str, full_name: str) -> User:
    return User(username=username, full_name=full_name, password=hashed_password())


def _seat(unit: Unit, role: Role, username: str) -> Seat:
    user = _user(username, f"{role.label} {unit.short_name}")
    user.save()
    return Seat.objects.create(user=user, unit=unit, role=role, valid=ALWAYS)


@cache
def hashed_password() -> str:
    """Hashed once: it is dear on purpose."""
    return make_password(PASSWORD)


def _document(number: int, issuer: Unit, keeper: Unit, day: date) -> Directive:
    return Directive.objects.create(**particulars(number, issuer, keeper, day))


def particulars(number: int, issuer: Unit, keeper: Unit, day: date) -> dict:
    return {
        "registered_by": keeper, "issuer": issuer, "issuer_name": issuer.name, "number": str(number),
        "notation": "KH-UBND", "number_text": f"{number}/KH-UBND", "number_key": f"{number}/kh-ubnd",
        "kind": DocumentKind.KH, "issued_on": day, "listed_on": day, "place": "Thử",
        "subject": f"Tổ chức Tuần lễ hưởng ứng học tập suốt đời, lần {number}",
    }  # fmt: skip


def _obligations(node: Obligation, units: Sequence[Unit], seat: Seat) -> list[Obligation]:
    due_at = first_late_moment(node.due_rule, node.due_on)
    rows = [
        Obligation(
            pk=pk, round=node.round, unit=unit, parent=node, path=node.path + segment(pk), due_text=node.due_text,
            due_rule=node.due_rule, due_on=node.due_on, due_at=due_at, added_by=seat,
        )
        for pk, unit in zip(keys_for(Obligation, len(units)), units, strict=True)
    ]  # fmt: skip
    Obligation.objects.bulk_create(rows, batch_size=BATCH)
    Obligation.objects.filter(pk=node.pk).update(below=len(rows))
    Recipient.objects.bulk_create(
        [Recipient(obligation=o, unit_id=node.unit_id) for o in rows], batch_size=BATCH
    )
    return rows
