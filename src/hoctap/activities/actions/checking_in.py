"""Tự điểm danh: by the QR or the typed code, on one's own phone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hoctap.activities import attending, marking
from hoctap.activities.enums import MarkWay, Opening, Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Attendance, Registration, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.people.actions import add_person, give_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person

_AHEAD = marking.EARLY + marking.DAY


@dataclass(frozen=True)
class CheckedIn:
    """Who, and since when; ``already``: it had been so before."""

    name: str
    at: datetime
    already: bool


def session_of_code(code: str) -> Session:
    """The session of these days whose code that is, typed in capitals or not, with spaces or dashes. Refusal for none."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())[:6]
    now = clock.now()
    rows = Session.objects.filter(
        code=typed, starts_at__range=(now - 2 * marking.DAY, now + marking.DAY), self_check_in=True
    ).exclude(state=SessionState.CANCELLED)
    found = rows.order_by("-starts_at").first()
    if found is None:
        raise Refusal(
            "Không có buổi nào đang nhận mã này. Xem lại mã trên màn hình của lớp, hoặc nhờ người tổ chức.",
            [("Mã", "Mã gồm 6 chữ và số, ví dụ K7P2QX.")],
        )
    return found


def require_open(session: Session) -> None:
    """Refuse before and after its window, saying when; nobody is shut out for having come early."""
    now, (opens, closes) = clock.now(), marking.window(session)
    if session.state == SessionState.CANCELLED or session.activity.cancelled_at:
        raise Refusal("Buổi này đã hủy.")
    if now < opens:
        raise Refusal(
            f"Chưa tới giờ tự điểm danh. Mở lại trang này từ {opens.astimezone(clock.VIETNAM):%H:%M, %d/%m/%Y}; "
            "đến sớm không mất lượt."
        )
    if not session.self_check_in or session.closed_at or now > closes:
        raise Refusal("Buổi này không nhận tự điểm danh lúc này. Nhờ người tổ chức ghi giúp.")


@transaction.atomic
def check_in(
    *,
    session: Session,
    person: Person | None = None,
    name: str = "",
    birth_year: int | None = None,
    consented: bool = False,
) -> CheckedIn:
    """Mark oneself present. ``person``: of the account that is signed in; else by name, typed with accents or without.

    Who is on no list walks in, where the activity is open to all and ``consented`` to being recorded; else Refusal.
    """
    held = Session.objects.select_for_update(of=("self",)).select_related("activity").get(pk=session.pk)
    require_open(held)
    person = person or _by_name(held.activity, tidy(name), birth_year, consented)
    place = Registration.objects.filter(
        activity=held.activity, person=person, state=RegistrationState.TAKEN
    ).first()
    now = clock.now()
    row, made = Attendance.objects.get_or_create(
        session=held,
        person=person,
        defaults={
            "way": MarkWay.SELF, "at": now, "said_at": now, "walk_in": place is None,
            "part": place.part if place else Part.LEARNER,
        },
    )  # fmt: skip
    if made:
        journal.record("attendance.self", held)
    elif not row.present:
        raise Refusal(
            f"Người tổ chức đã ghi anh/chị vắng lúc {row.at.astimezone(clock.VIETNAM):%H:%M}. Nhờ người tổ chức ghi lại."
        )
    return CheckedIn(person.full_name, row.at, not made)


def _by_name(activity: Activity, name: str, birth_year: int | None, consented: bool) -> Person:
    if not name:
        raise Refusal("Ghi họ tên như khi đăng ký.", [("Họ tên", "Ghi họ tên như khi đăng ký.")])
    folded = fold(name)
    enrolled = Person.objects.filter(
        registrations__activity=activity, registrations__state=RegistrationState.TAKEN, erased_at=None
    )
    for people in (enrolled, attending.people_for(activity)):
        rows = people.filter(name_folded=folded)
        if birth_year:
            rows = rows.filter(birth_year=birth_year)
        found = list(rows[:2])
        if len(found) == 1:
            return found[0]
        if found:
            why = "Có nhiều người cùng tên. Ghi thêm năm sinh, hoặc nhờ người tổ chức ghi giúp."
            raise Refusal(why, [("Năm sinh", why)])
    return _newcomer(activity, name, birth_year, consented)


def _newcomer(activity: Activity, name: str, birth_year: int | None, consented: bool) -> Person:
    if activity.opening != Opening.PUBLIC:
        why = "Tên này không có trong danh sách lớp. Xem lại cách ghi, hoặc nhờ người tổ chức ghi giúp."
        raise Refusal(why, [("Họ tên", why)])
    if not consented:
        why = "Anh/chị chưa có trong danh sách. Đánh dấu đồng ý ghi tên rồi bấm lại, hoặc nhờ người tổ chức ghi giúp."
        raise Refusal(why, [("Đồng ý", why)])
    person = add_person(full_name=name, birth_year=birth_year)
    give_consent(
        person=person, purpose=Purpose.RECORD, way=ConsentWay.FORM, given_on=clock.today(), given_by=name
    )
    return person
