"""Đăng ký: places in a class, who waits for one, and who is told when something changes."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from hoctap.activities import calendars, rules
from hoctap.activities.actions import telling
from hoctap.activities.enums import Opening, Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Attendance, Registration
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.orgs.models import Membership, Seat
from hoctap.people import queries as people_queries
from hoctap.people import rules as people_rules
from hoctap.people.actions import add_person, give_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person

_GONE = "Người này không còn trong danh sách. Mở lại trang rồi chọn lại."


@dataclass(frozen=True)
class Applicant:
    """What somebody says of himself on the public page; a child's guardian says it and agrees."""

    full_name: str
    birth_year: int | None = None
    contact: str = ""
    guardian_name: str = ""
    guardian_contact: str = ""
    record: bool = False  # agreed that it is kept who learned
    write: bool = False  # agreed to be written to


@transaction.atomic
def register(*, seat: Seat, activity: Activity, person: Person, part: Part = Part.LEARNER) -> Registration:
    """The unit's officer enrols somebody, before and after the closing moment, or gives him another part; already so: that
    registration. The part holds for the sessions he was marked at, too."""
    rules.require_marking(seat, activity)
    if person.merged_into_id:  # the page is old; who was erased is refused below
        raise Refusal(_GONE)
    held = locked(activity)
    row = _enrol(held, person, part, seat)
    if row.part != part:
        row.part, row.changed_at = part, clock.now()
        if part != Part.LEARNER:  # needs no place
            row.state = RegistrationState.TAKEN
        row.save(update_fields=["part", "state", "changed_at"])
        _fill(held)
    marks = Attendance.objects.filter(session__activity=held, person=row.person_id)
    marks.exclude(part=part).update(part=part)
    journal.record("registration.register", row, seat=seat, activity=held.pk)
    return row


@transaction.atomic
def register_oneself(*, activity: Activity, person: Person) -> Registration:
    """Who has an account; of the units that hold it, unless it is open to all."""
    held = locked(activity)
    _require_opening(held)
    if held.opening == Opening.UNIT and not rules.is_of_units(held, person):
        raise Refusal(
            f"Lớp này dành cho người của {held.host.name}, đơn vị phối hợp và các đơn vị trực thuộc. "
            "Nhờ cán bộ của đơn vị đó ghi danh."
        )
    row = _enrol(held, person, Part.LEARNER, None)
    journal.record("registration.self", row, activity=held.pk)
    return row


@transaction.atomic
def apply(*, activity: Activity, applicant: Applicant, page: str = "") -> Registration:
    """On the public page, without an account. ``page``: made with the page; the same one sent again gets the place taken
    first. Somebody else's place is never given away, nor its link: whoever knows a name may type it.
    """
    held = locked(activity)
    _require_opening(held)
    if held.opening != Opening.PUBLIC:
        raise Refusal("Lớp này không mở đăng ký công khai. Nhờ cán bộ của đơn vị tổ chức ghi danh.")
    _check(applicant)
    token = _token(held, page)
    again = held.registrations.select_related("person").filter(token=token).first()
    if again:
        return (
            again
            if again.state != RegistrationState.GIVEN_UP
            else _enrol(held, again.person, Part.LEARNER, None)
        )
    _require_new(held, applicant)
    person = add_person(
        full_name=applicant.full_name,
        birth_year=applicant.birth_year,
        contact=tidy(applicant.contact),
        guardian_name=tidy(applicant.guardian_name),
        guardian_contact=tidy(applicant.guardian_contact),
    )
    _consent(person, applicant)
    row = _enrol(held, person, Part.LEARNER, None, token)
    journal.record("registration.apply", row, activity=held.pk)
    return row


def _token(activity: Activity, page: str) -> str:
    return (
        salted_hmac("hoctap.register", f"{activity.pk} {page}").hexdigest()[:32]
        if page
        else secrets.token_hex(16)
    )


@transaction.atomic
def give_up(*, registration: Registration, seat: Seat | None = None) -> Registration:
    """Rút: by the link, or by the officer; the next who waits gets the place. Given up already: nothing."""
    held = locked(registration.activity)
    if seat:
        rules.require_marking(seat, held)
    row = Registration.objects.select_for_update().get(pk=registration.pk)
    if row.state == RegistrationState.GIVEN_UP:
        return row
    row.state, row.changed_at = RegistrationState.GIVEN_UP, clock.now()
    row.save(update_fields=["state", "changed_at"])
    journal.record("registration.give-up", row, seat=seat, activity=held.pk)
    _fill(held)
    return row


@transaction.atomic
def fill_places(*, activity: Activity) -> list[Registration]:
    """Give free places to those who wait, in their order: after the capacity grew. Who got one, told."""
    return _fill(locked(activity))


def put_back(*, registration: Registration) -> None:
    """A place that a merge had folded into another: his again; where the class is full by now, he is first in line for one
    and told so. Under the activity's lock."""
    activity = registration.activity
    if activity.capacity is None or _taken(activity) <= activity.capacity:
        return
    registration.state, registration.changed_at = RegistrationState.WAITING, clock.now()
    registration.save(update_fields=["state", "changed_at"])
    journal.record("registration.wait", registration, activity=activity.pk)
    telling.registered(registration)


def lock_places(persons: Iterable[Person], activities: Iterable[int] = ()) -> None:
    """Every limited class that one of them is on the list of, and these, this transaction's alone: before the persons
    themselves are, as whoever registers takes them in this order."""
    listed = Registration.objects.filter(person__in=list(persons)).exclude(state=RegistrationState.GIVEN_UP)
    named = Q(pk__in=listed.values("activity")) | Q(pk__in=list(activities))
    limited = Activity.objects.filter(named).exclude(capacity=None)
    list(limited.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def locked(activity: Activity) -> Activity:
    """The activity, this transaction's alone: places are given out one after another."""
    found = _LOCKED(pk=activity.pk)
    if not found:
        raise Activity.DoesNotExist
    return found[0]


# Not as if it were to be deleted: who only names it, as the hourly count does, need not wait.
_LOCKED: Prepared[Activity] = Prepared(
    lambda pk: (
        Activity.objects.select_for_update(of=("self",), no_key=True).select_related("host").filter(pk=pk)
    ),
    "pk",
)


def is_open(activity: Activity) -> bool:
    """Whether people may register themselves at this moment."""
    ends = activity.registration_ends_at
    standing = activity.opening != Opening.CLOSED and not activity.cancelled_at and not activity.is_template
    return standing and (ends is None or clock.now() < ends) and not _is_over(activity)


def places_left(activity: Activity) -> int | None:
    """None where there is no limit."""
    return None if activity.capacity is None else max(0, activity.capacity - _taken(activity))


def _is_over(activity: Activity) -> bool:
    """Once the last of what was not cancelled has ended; whoever gets a place then has nothing to come to."""
    if not activity.ends_on or activity.ends_on > clock.today():
        return False
    sessions = activity.sessions.exclude(state=SessionState.CANCELLED)
    return all(calendars.over_at(session) <= clock.now() for session in sessions)


def _require_opening(activity: Activity) -> None:
    if activity.cancelled_at:
        raise Refusal("Hoạt động này đã hủy, không nhận đăng ký nữa.")
    ends = activity.registration_ends_at
    if ends and clock.now() >= ends:
        ended = f"{ends.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}"
        raise Refusal(f"Đã hết hạn đăng ký lúc {ended}. Hỏi {activity.host.name} nếu vẫn muốn học.")
    if not is_open(activity):
        raise Refusal(f"Lớp này không nhận đăng ký. Hỏi {activity.host.name} nếu muốn học.")


def _taken(activity: Activity) -> int:
    return activity.registrations.filter(state=RegistrationState.TAKEN, part=Part.LEARNER).count()


def _enrol(
    activity: Activity, person: Person, part: Part, seat: Seat | None, token: str = ""
) -> Registration:
    """Under the activity's lock; a merge under way is waited for. Who gave up comes last again."""
    who = people_queries.held([person.pk])[person.pk]
    if who.erased:
        raise Refusal(_GONE)
    row = activity.registrations.filter(person=who.pk).first()
    if row and row.state != RegistrationState.GIVEN_UP:
        return row
    waiting = activity.registrations.filter(state=RegistrationState.WAITING).exists()
    full = activity.capacity is not None and _taken(activity) >= activity.capacity
    state = RegistrationState.TAKEN
    if part == Part.LEARNER and (full or (waiting and activity.capacity is not None)):
        state = RegistrationState.WAITING
    now = clock.now()
    today = clock.today()
    membership = Membership.objects.filter(person=who.pk, valid__contains=today).order_by("-pk").first()
    row = row or Registration(activity=activity, person_id=who.pk, token=token or secrets.token_hex(16))
    row.part, row.state, row.at, row.changed_at, row.seat = part, state, now, now, seat
    row.unit_id = membership.unit_id if membership else None
    row.save()
    telling.registered(row)
    return row


def _fill(activity: Activity) -> list[Registration]:
    if activity.cancelled_at or _is_over(activity):
        return []
    waiting = activity.registrations.filter(state=RegistrationState.WAITING).select_related("person")
    rows = waiting.order_by("at", "pk")
    left = places_left(activity)
    promoted = list(rows if left is None else rows[:left])
    for row in promoted:
        row.state, row.changed_at = RegistrationState.TAKEN, clock.now()
        row.save(update_fields=["state", "changed_at"])
        journal.record("registration.promote", row, activity=activity.pk)
        telling.promoted(row)
    return promoted


def _check(applicant: Applicant) -> None:
    today = clock.today()
    name = tidy(applicant.full_name)
    places = people_rules.name_problems(name) + people_rules.year_problems(applicant.birth_year, today)
    places += people_rules.guardian_problems(applicant.birth_year, applicant.guardian_name, today)
    if not applicant.record:
        why = "Đánh dấu đồng ý cho ghi họ tên vào danh sách lớp; không đồng ý thì không đăng ký được."
        places.append(("Đồng ý", why))
    if places:
        raise Refusal(places[0][1], places)


def _require_new(activity: Activity, applicant: Applicant) -> None:
    """Refuse who registered already with the same name, year of birth and contact."""
    same = Q(person__name_folded=fold(tidy(applicant.full_name)), person__birth_year=applicant.birth_year)
    rows = activity.registrations.filter(same, person__contact=tidy(applicant.contact), seat=None)
    if rows.exclude(state=RegistrationState.GIVEN_UP).exists():
        why = (
            "Đã có người đăng ký với đúng tên, năm sinh và liên hệ này. Nếu là anh/chị thì đã xong; muốn xem hay rút, mở "
            "đường dẫn nhận được khi đăng ký. Nếu là người khác cùng tên thì ghi thêm năm sinh hoặc liên hệ."
        )
        raise Refusal(why, [("Họ tên", why)])


def _consent(person: Person, applicant: Applicant) -> None:
    today = clock.today()
    child = people_rules.may_be_child(person.birth_year, today)
    purposes = [Purpose.RECORD, *([Purpose.CONTACT] if applicant.write else [])]
    for purpose in purposes:
        give_consent(
            person=person, purpose=purpose, way=ConsentWay.FORM, given_on=today, by_guardian=child,
            given_by=person.guardian_name if child else person.full_name,
        )  # fmt: skip
