"""Whom marks mean: ids, cards and names to persons as they are now, merged and erased ones reckoned with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from hoctap.activities import attending
from hoctap.activities.enums import RegistrationState
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Activity, Registration
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs.models import Seat
from hoctap.people.actions import add_person
from hoctap.people.models import Card, Person
from hoctap.people.queries import Held, held

_ERASED = "Một người trong danh sách đã xóa dữ liệu theo yêu cầu, nên không điểm danh người ấy; các người khác đã ghi."
_UNKNOWN = "Một người không thuộc lớp, đơn vị tổ chức hay đơn vị trực thuộc nên chưa điểm danh; các người khác đã ghi."
_NO_CARD = "Một mã vừa quét không phải thẻ học tập của Hoctap. Tìm người ấy theo tên."


@dataclass
class Resolved:
    """``marks``: each of a person as it is now. ``parts``: of those with a place in the class; others walk in."""

    marks: list[tuple[Held, MarkData]] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def resolve(*, seat: Seat, activity: Activity, marks: Sequence[MarkData]) -> Resolved:
    """Part of the caller's transaction, during which none of them is merged. A name that nobody has yet becomes a person."""
    found = Resolved()
    cards = _cards(mark.card for mark in marks)
    meant = [(mark, _meant(seat, activity, mark, cards, found.notes)) for mark in marks]
    persons = held(pk for _mark, pk in meant if pk)
    ids = {person.pk for person in persons.values()}
    found.parts = dict(_PARTS(activity=activity.pk, persons=list(ids))) if ids else {}
    known = _known(seat, activity, ids - found.parts.keys())
    for mark, pk in meant:
        person, card = persons.get(pk or 0), cards.get(mark.card)
        if person is None:
            if mark.card or mark.person:
                _once(found.notes, _NO_CARD if mark.card else _UNKNOWN)
        elif person.erased:
            _once(found.notes, _ERASED)
        elif mark.person and person.pk not in found.parts and person.pk not in known:
            _once(found.notes, _UNKNOWN)
        elif card and card.revoked_at:
            found.notes.append(
                f"Thẻ của {person.full_name} đã thu hồi ngày {card.revoked_at:%d/%m/%Y} nên không quét được. "
                "Tìm theo tên để điểm danh, và dùng thẻ mới."
            )
        else:
            found.marks.append((person, mark))
    return found


def _meant(
    seat: Seat, activity: Activity, mark: MarkData, cards: dict[str, Card], notes: list[str]
) -> int | None:
    """The id of a person, as it was written down."""
    if mark.card:
        return cards[mark.card].person_id if mark.card in cards else None
    return mark.person or _named(seat, activity, mark, notes)


_PARTS: Prepared[tuple[int, str]] = Prepared(
    lambda activity, persons: Registration.objects.filter(
        activity=activity, state=RegistrationState.TAKEN, person__in=one_of(persons)
    ).values_list("person", "part"),
    "activity",
    "persons",
)


def _known(seat: Seat, activity: Activity, ids: set[int]) -> set[int]:
    """Those whom the officer may add."""
    if not ids:
        return set()
    people = attending.people_for(activity, seat)
    return set(people.filter(pk__in=ids).values_list("pk", flat=True))


def _cards(tokens: Iterable[str]) -> dict[str, Card]:
    asked = [token for token in tokens if token]
    return {card.token: card for card in Card.objects.filter(token__in=asked)} if asked else {}


def _named(seat: Seat, activity: Activity, mark: MarkData, notes: list[str]) -> int | None:
    """Somebody who walked in: one whom the officer knows by that name, else a new person."""
    name = tidy(mark.name)
    if not name:
        return None
    rows = _of_name(attending.near(activity, seat), name, mark)
    if len(rows) == 1:
        return rows[0].pk
    if rows:
        notes.append(f"Có nhiều người tên {name}. Tìm trong danh sách rồi chọn đúng người.")
        return None
    below = _of_name(attending.people_for(activity, seat), name, mark)
    if len(below) == 1 and mark.birth_year:
        return below[0].pk
    if below:  # a name alone means too many in a district
        notes.append(
            f"Có người tên {name} ở đơn vị trực thuộc, nên chưa ghi. Tìm trong danh sách rồi chọn, hoặc ghi thêm năm sinh."
        )
        return None
    try:
        return add_person(full_name=name, birth_year=mark.birth_year, seat=seat).pk
    except Refusal as refusal:
        notes.append(f"{name}: {refusal.message}")
        return None


def _of_name(people: QuerySet[Person], name: str, mark: MarkData) -> list[Person]:
    same = people.filter(name_folded=fold(name))
    if mark.birth_year:
        same = same.filter(birth_year=mark.birth_year)
    return [person for person in same if person.full_name.casefold() == name.casefold()]


def _once(notes: list[str], text: str) -> None:
    if text not in notes:
        notes.append(text)
