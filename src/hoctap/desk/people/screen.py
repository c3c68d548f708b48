"""What the pages about persons show. A seat sees the people of the units it reaches, of today and of before."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from hoctap.desk.orgs.forms import UnitField
from hoctap.desk.paging import next_after, place_after
from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.orgs import rules
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.orgs.naming import later
from hoctap.people import rules as people_rules
from hoctap.people.enums import Purpose
from hoctap.people.models import Apart, Card, Consent, DataRequest, Merge, Person
from hoctap.people.queries import apart, named, standing

PAGE = 50


def person_of(request: HttpRequest, pk: int) -> Person:
    """The person, or 404 when none of the units the seat reaches is or was his or hers."""
    person = Person.objects.select_related("merged_into").filter(pk=pk).first()
    # One who was merged is of no unit any more: who reaches the one that stayed is led there.
    if person is None or not rules.reaches_person(request.seat, person.merged_into or person):
        raise Http404
    return person


def standing_person(request: HttpRequest, pk: int) -> Person:
    """``person_of``; a Refusal when merged or erased meanwhile."""
    person = person_of(request, pk)
    people_rules.require_standing(person)
    return person


def kept_person(request: HttpRequest, pk: int) -> Person:
    """``standing_person``, to act on; a Refusal when now of another unit."""
    person = standing_person(request, pk)
    rules.require_person(request.seat, person)
    return person


@dataclass
class Row:
    """A person on the list, with the units the seat reaches."""

    person: Person
    units: list[tuple[str, str]]  # (short name, standing in words)


def listing(request: HttpRequest) -> dict:
    """A page of persons by name; of one unit, or of all the seat reaches."""
    seat, text = request.seat, request.GET.get("tim", "")[:100]
    unit, wrong = _unit(request)
    gone = bool(request.GET.get("da-roi"))
    persons = _listed(seat, unit, gone).filter(named(text))
    if after := place_after(request):
        persons = persons.filter(later(after))
    found = list(_told(persons).order_by("sort_key", "pk")[: PAGE + 1])
    return {
        "rows": rows_of(seat, found[:PAGE], gone),
        "next": next_after(request, found[PAGE - 1]) if len(found) > PAGE else "",
        "text": text,
        "unit": unit,
        "asked": request.GET.get("don-vi", "") if wrong else unit.name if unit else "",
        "wrong": wrong,
        "gone": gone,
        "overdue": _overdue(seat),
    }


def _unit(request: HttpRequest) -> tuple[Unit | None, str]:
    """The unit asked for, by name or code, and what is wrong about it."""
    asked = request.GET.get("don-vi", "")[:200]
    if not asked:
        return None, ""
    field = UnitField(required=False)
    field.reach = request.seat
    try:
        return field.clean(asked), ""
    except ValidationError as error:
        return None, " ".join(error.messages)


def _listed(seat: Seat, unit: Unit | None, gone: bool) -> QuerySet[Person]:
    ours = Membership.objects.filter(person=OuterRef("pk"))
    ours = ours.filter(unit=unit) if unit else ours.filter(unit__in=rules.reachable_ids(seat))
    there = Exists(ours.filter(rules.lasting()))
    if not gone:
        return standing().filter(there)
    ended = ours.filter(valid__upper_inf=False, valid__endswith__lte=clock.today())
    return standing().filter(Exists(ended), ~there)


def _told(persons: QuerySet[Person]) -> QuerySet[Person]:
    agreed = Consent.objects.filter(person=OuterRef("pk"), purpose=Purpose.RECORD, withdrawn_on=None)
    card = Card.objects.filter(person=OuterRef("pk"), revoked_at=None)
    return persons.annotate(agreed=Exists(agreed), has_card=Exists(card))


def rows_of(seat: Seat, persons: list[Person], gone: bool = False) -> list[Row]:
    """Each with its units within reach; one query."""
    found: dict[int, list[tuple[str, str]]] = {person.pk: [] for person in persons}
    words = {value: _(label) for value, label in Standing.choices}
    today = clock.today()
    for person_id, unit, held_as, valid in _UNITS(persons=list(found), unit=seat.unit_id, on=today):
        if gone or valid.upper is None or valid.upper > today:
            found[person_id].append((unit, words[held_as]))
    return [Row(person, found[person.pk]) for person in persons]


_UNITS: Prepared[tuple] = Prepared(
    lambda persons, unit, on: (
        Membership.objects.filter(rules.reached_from(unit, on), person__in=one_of(persons))
        .order_by("valid", "pk")
        .values_list("person", "unit__short_name", "standing", "valid")
    ),
    "persons", "unit", "on",
)  # fmt: skip


def without_card(seat: Seat, unit: Unit, limit: int) -> list[Person]:
    """People of the unit today who have no card in use, by name."""
    return list(_told(_listed(seat, unit, False)).filter(has_card=False).order_by("sort_key", "pk")[:limit])


def person(held: list[Membership]) -> dict:
    """Of what the seat ``knows`` (orgs.rules): the person, with the units within reach named."""
    who, today = held[0].person, clock.today()
    consents = list(who.consents.order_by("-given_on", "-pk"))
    return {
        "person": who,
        "memberships": [row for row in held if row.reached],
        "elsewhere": sum(not row.reached for row in held),
        "consents": consents,
        "agreed": {row.purpose for row in consents if row.withdrawn_on is None},
        "account": who.user if who.user_id else None,
        "card": who.cards.filter(revoked_at=None).first(),
        "requests": list(who.requests.order_by("-asked_on", "-pk")),
        "merges": list(
            Merge.objects.filter(kept=who, undone_at=None).exclude(done={}).select_related("gone")
        ),
        "may_act": rules.keeps(held),
        "is_child": people_rules.may_be_child(who.birth_year, today),
        "today": today,
    }


def told_apart(seat: Seat) -> list[tuple[Apart, str]]:
    """What was said of two who look alike, the last first, with their names; where the seat reaches both."""
    ours = Membership.objects.filter(rules.reached_from(seat.unit_id, clock.today()))
    found = apart().filter(
        Exists(ours.filter(person=OuterRef("first"))),
        Exists(ours.filter(person=OuterRef("second"))),
        ~Q(first=F("second")),
    )
    rows = list(found.order_by("-at", "-pk")[:PAGE])
    names = Person.objects.in_bulk({pk for row in rows for pk in (row.first, row.second)})  # type: ignore[attr-defined]
    return [(row, names[row.first].full_name) for row in rows if not names[row.first].erased_at]  # type: ignore[attr-defined]


def _overdue(seat: Seat) -> int:
    return len(_LATE(unit=seat.unit_id, on=clock.today()))


def _late(unit, on) -> QuerySet[DataRequest]:
    ours = Membership.objects.filter(rules.reached_from(unit, on), person=OuterRef("person"))
    late = Q(finish_by__lt=on) | Q(answered_at=None, answer_by__lt=on)
    return DataRequest.objects.filter(late, Exists(ours), done_at=None).values_list("pk")


_LATE: Prepared[tuple] = Prepared(_late, "unit", "on")


def request_of(request: HttpRequest, pk: int) -> DataRequest:
    """The request about data, to be acted on by who keeps the person (or kept one who is erased); else 404, or a Refusal."""
    found = DataRequest.objects.select_related("person").filter(pk=pk).first()
    if found is None or not rules.reaches_person(request.seat, found.person):
        raise Http404
    if not found.person.erased_at:
        rules.require_person(request.seat, found.person)
    return found


def requests(request: HttpRequest) -> dict:
    """What is not done yet, nearest last day first; or what was done last."""
    ours = Membership.objects.filter(person=OuterRef("person"), unit__in=rules.reachable_ids(request.seat))
    done = bool(request.GET.get("xong"))
    found = DataRequest.objects.filter(Exists(ours), done_at__isnull=not done).select_related("person")
    order = ("-done_at", "-pk") if done else ("finish_by", "pk")
    return {"rows": list(found.order_by(*order)[:200]), "done": done, "today": clock.today()}
