"""Whom marks mean: ids, cards and names to persons as they are now, merged and erased ones reckoned with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hoctap.activities import attending
from hoctap.activities.enums import RegistrationState
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Activity, Registration
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs.models import Seat
from hoctap.people.actions import add_person
from hoctap.people.models import Card, Person

_ERASED = "Một người trong danh sách đã xóa dữ liệu theo yêu cầu, nên không điểm danh người ấy; các người khác đã ghi."
_UNKNOWN = "Một người không thuộc lớp hay đơn vị tổ chức, nên không điểm danh được; các người khác đã ghi."


@dataclass
class Resolved:
    """``marks``: each of a person as it is now. ``parts``: of those with a place in the class; others walk in."""

    marks: list[tuple[Person, MarkData]] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def resolve(*, seat: Seat, activity: Activity, marks: Sequence[MarkData]) -> Resolved:
    """Part of the caller's transaction: a name that nobody has yet becomes a person."""
    found = Resolved()
    persons = _persons(mark.person for mark in marks)
    cards = _cards(mark.card for mark in marks)
    ids = {person.pk for person in persons.values()} | {c.person_id for c in cards.values()}
    enrolled = Registration.objects.filter(activity=activity, state=RegistrationState.TAKEN)
    found.parts = dict(enrolled.values_list("person", "part"))
    others = ids - found.parts.keys()
    known = (
        set(attending.people_for(activity).filter(pk__in=others).values_list("pk", flat=True))
        if others
        else set()
    )
    for mark in marks:
        person = _whom(seat, activity, mark, persons, cards, found)
        if person is None:
            continue
        if mark.person and person.pk not in found.parts and person.pk not in known:
            _once(found.notes, _UNKNOWN)
        else:
            found.marks.append((person, mark))
    return found


def _whom(seat: Seat, activity: Activity, mark: MarkData, persons, cards, found: Resolved) -> Person | None:
    if mark.card:
        return _of_card(cards.get(mark.card), found.notes)
    if mark.person:
        person = persons.get(mark.person)
        if person is None:
            _once(found.notes, _UNKNOWN)
        elif person.erased_at:
            _once(found.notes, _ERASED)
        else:
            return person
        return None
    return _named(seat, activity, mark, found)


def _persons(ids: Iterable[int | None]) -> dict[int, Person]:
    """By the id asked for, the person it means now."""
    rows = Person.objects.select_related("merged_into").in_bulk([pk for pk in ids if pk])
    return {pk: row.merged_into or row for pk, row in rows.items()}


def _cards(tokens: Iterable[str]) -> dict[str, Card]:
    asked = [token for token in tokens if token]
    if not asked:
        return {}
    rows = Card.objects.filter(token__in=asked).select_related("person__merged_into")
    return {card.token: card for card in rows}


def _of_card(card: Card | None, notes: list[str]) -> Person | None:
    if card is None:
        _once(notes, "Một mã vừa quét không phải thẻ học tập của Hoctap. Tìm người ấy theo tên.")
        return None
    person = card.person.merged_into or card.person
    if person.erased_at:
        _once(notes, _ERASED)
    elif card.revoked_at:
        notes.append(
            f"Thẻ của {person.full_name} đã thu hồi ngày {card.revoked_at:%d/%m/%Y} nên không quét được. "
            "Tìm theo tên để điểm danh, và dùng thẻ mới."
        )
    else:
        return person
    return None


def _named(seat: Seat, activity: Activity, mark: MarkData, found: Resolved) -> Person | None:
    """Somebody who walked in: one whom the host knows by that name, else a new person."""
    name = tidy(mark.name)
    if not name:
        return None
    same = attending.people_for(activity).filter(name_folded=fold(name))
    if mark.birth_year:
        same = same.filter(birth_year=mark.birth_year)
    rows = [person for person in same if person.full_name.casefold() == name.casefold()]
    if len(rows) == 1:
        return rows[0]
    if rows:
        found.notes.append(f"Có nhiều người tên {name}. Tìm trong danh sách rồi chọn đúng người.")
        return None
    try:
        return add_person(full_name=name, birth_year=mark.birth_year, seat=seat)
    except Refusal as refusal:
        found.notes.append(f"{name}: {refusal.message}")
        return None


def _once(notes: list[str], text: str) -> None:
    if text not in notes:
        notes.append(text)
