"""Persons from an Excel sheet: all rows or none. A dry run and the real one make the same plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold
from hoctap.orgs import people_sheets, roles, rules
from hoctap.orgs.lookalikes import Likeness, Traits, likeness, traits_of
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.orgs.people_sheets import CONTACT, NAME, UNIT, PeopleSheet, PersonRow, Wrong
from hoctap.people.actions.persons import write
from hoctap.people.models import Person, PersonSheet
from hoctap.people.queries import standing

KEPT_FOR = timedelta(days=1)  # a sheet that was looked at and not taken


@dataclass(frozen=True)
class PlannedPerson:
    """One row. ``same``: who it is or may be; ``sure``: nothing to decide. ``row`` as Excel counts."""

    row: int
    full_name: str
    birth_year: int | None
    unit: Unit
    same: Person | None = None
    same_units: str = ""
    sure: bool = True
    near: bool = False  # of the same unit: taken for the same unless somebody says otherwise


@dataclass
class PeoplePlan:
    """What an import would do (dry run) or did. ``maybe``: rows that a person has to decide about."""

    new: list[PlannedPerson] = field(default_factory=list)
    there: list[PlannedPerson] = field(default_factory=list)
    maybe: list[PlannedPerson] = field(default_factory=list)
    joined: int = 0  # memberships that are, or would be, added to persons already there
    refused: list[Wrong] = field(default_factory=list)

    def refusal(self) -> Refusal:
        (where, what), more = self.refused[0], len(self.refused) - 1
        others = f" Còn {more} ô nữa phải sửa." if more else ""
        return Refusal(f"Chưa nhận gì từ tệp. Ô {where}: {what}{others}", self.refused)


def import_people(
    *,
    seat: Seat,
    unit: Unit,
    data: bytes,
    dry_run: bool,
    decided: Mapping[int, bool] | None = None,
) -> PeoplePlan:
    """Nhập danh sách người. ``unit``: of rows without a unit's code. ``decided`` {row as Excel counts: the same person}.

    A dry run changes nothing and lists refused cells; a real run with any raises ``Refusal``. Rows that may be somebody
    who is there already are taken as ``decided`` says, else as ``near`` does.
    """
    rules.require(seat, roles.KEEP_PEOPLE)
    rules.require_reach(seat, unit)
    sheet = people_sheets.read_people(data)
    importing = _Import(seat, unit, sheet)
    plan = importing.plan
    if plan.refused and not dry_run:
        raise plan.refusal()
    importing.settle(decided or {})
    if not dry_run:
        with transaction.atomic():
            importing.carry_out()
            journal.record("person.import", seat=seat, new=len(importing.making), joined=plan.joined)
    return plan


def keep_for_a_look(*, seat: Seat, data: bytes) -> PersonSheet:
    """Keep the looked-at file of this user until it is taken; any of the user's, and any old one, is forgotten."""
    PersonSheet.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    PersonSheet.objects.filter(user=seat.user_id).delete()
    return PersonSheet.objects.create(user_id=seat.user_id, data=data)


class _Import:
    """One sheet against the persons that the seat reaches."""

    def __init__(self, seat: Seat, unit: Unit, sheet: PeopleSheet):
        self.seat, self.sheet, self.unit = seat, sheet, unit
        self.plan = PeoplePlan(refused=list(sheet.wrong))
        self.units = self._units()
        self.near = self._known()
        self.traits = traits_of(person for some in self.near.values() for person in some)
        self.unit_names = self._unit_names()
        self.rows: dict[int, PersonRow] = {}
        self.making: list[PersonRow] = []
        self.joining: list[tuple[Person, PersonRow]] = []
        seen: dict[tuple, PersonRow] = {}
        for row in sheet.rows:
            self._look(row, seen)

    def _units(self) -> dict[str, Unit]:
        codes = {row.unit_code for row in self.sheet.rows if row.unit_code}
        found = rules.reachable_units(self.seat).filter(code__in=codes) if codes else []
        return {"": self.unit} | {unit.code: unit for unit in found}

    def _known(self) -> dict[str, list[Person]]:
        """Persons within reach, by folded name, for the names of the sheet."""
        names = {fold(row.full_name) for row in self.sheet.rows}
        found: dict[str, list[Person]] = {}
        for person in standing(rules.persons_reached(self.seat)).filter(name_folded__in=names).order_by("pk"):
            found.setdefault(person.name_folded, []).append(person)
        return found

    def _unit_names(self) -> dict[int, str]:
        """What tells candidates apart: the units they are of."""
        rows = Membership.objects.filter(person__in=list(self.traits)).order_by("pk")
        names: dict[int, list[str]] = {}
        for person_id, name in rows.values_list("person", "unit__short_name"):
            if name not in names.setdefault(person_id, []):
                names[person_id].append(name)
        return {pk: ", ".join(some) for pk, some in names.items()}

    def _look(self, row: PersonRow, seen: dict[tuple, PersonRow]) -> None:
        unit = self.units.get(row.unit_code)
        if unit is None:
            why = f"Đang ghi “{row.unit_code}”. Không có đơn vị nào mã này trong phạm vi của anh/chị."
            self.plan.refused.append((self.sheet.place(row, UNIT), why))
            return
        name = fold(row.full_name)
        mark = (name, row.birth_year, unit.pk, fold(row.contact))
        if mark in seen:
            why = (
                f"Trùng với hàng {seen[mark].row + 1}. Cùng một người thì xóa một hàng; hai người khác nhau thì ghi "
                "liên hệ của từng người."
            )
            column = CONTACT if row.contact == "" else NAME
            self.plan.refused.append((self.sheet.place(row, column), why))
            return
        seen[mark] = row
        self.rows[row.row + 1] = row
        self._sort(row, unit, name)

    def _sort(self, row: PersonRow, unit: Unit, name: str) -> None:
        own = Traits(row.birth_year, row.contact, frozenset({unit.pk}))
        found: dict[Likeness, Person] = {}
        for person in self.near.get(name, []):
            found.setdefault(likeness(own, self.traits[person.pk]), person)
        said = (row.row + 1, row.full_name, row.birth_year, unit)
        if same := found.get(Likeness.SAME):
            self.plan.there.append(PlannedPerson(*said, same, self.unit_names.get(same.pk, "")))
        elif maybe := found.get(Likeness.MAYBE):
            near = unit.pk in self.traits[maybe.pk].units
            names = self.unit_names.get(maybe.pk, "")
            self.plan.maybe.append(PlannedPerson(*said, maybe, names, sure=False, near=near))
        else:
            self.plan.new.append(PlannedPerson(*said))

    def settle(self, decided: Mapping[int, bool]) -> None:
        """Who is made and who joins, by what was decided about the doubtful rows."""
        plan = self.plan
        same = [*plan.there, *(p for p in plan.maybe if decided.get(p.row, p.near))]
        made = [*plan.new, *(p for p in plan.maybe if not decided.get(p.row, p.near))]
        self.making = [self.rows[p.row] for p in sorted(made, key=lambda p: p.row)]
        since = clock.today()
        held = Membership.objects.filter(person__in=[p.same for p in same if p.same])
        standings: dict[tuple, list] = {}
        for person_id, unit_id, kind, valid in held.values_list("person", "unit", "standing", "valid"):
            standings.setdefault((person_id, unit_id, kind), []).append(valid)
        for planned in same:
            row = self.rows[planned.row]
            assert planned.same
            ranges = standings.setdefault((planned.same.pk, planned.unit.pk, row.standing), [])
            if not any(valid.upper is None or valid.upper > (row.since or since) for valid in ranges):
                ranges.append(DateRange(row.since or since, None))
                self.joining.append((planned.same, row))
        plan.joined = len(self.joining)

    def carry_out(self) -> None:
        persons = []
        for row in self.making:
            person = Person()
            details = {
                "contact": row.contact,
                "guardian_name": row.guardian_name,
                "guardian_contact": row.guardian_contact,
            }
            write(person, row.full_name, row.birth_year, details)
            persons.append(person)
        Person.objects.bulk_create(persons, batch_size=2000)
        journal.record_all("people.person", [("person.add", p.pk, {}) for p in persons], seat=self.seat)
        belonging = [*zip(persons, self.making, strict=True), *self.joining]
        today = clock.today()
        made = Membership.objects.bulk_create(
            (
                Membership(
                    person=person,
                    unit=self.units[row.unit_code],
                    standing=row.standing,
                    valid=DateRange(row.since or today, None),
                )
                for person, row in belonging
            ),
            batch_size=2000,
        )
        journal.record_all(
            "orgs.membership", (("membership.join", row.pk, {}) for row in made), seat=self.seat
        )
