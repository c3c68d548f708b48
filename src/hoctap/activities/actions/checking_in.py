"""Tự điểm danh: by the QR or the typed code, on one's own phone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from hoctap.activities import attending, marking
from hoctap.activities.enums import MarkWay, Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Attendance, Claim, Registration, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold, tidy
from hoctap.people import queries as people_queries
from hoctap.people import rules as people_rules
from hoctap.people.models import Person

MOST_CLAIMS = 300  # that wait at one session


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
def check_in(*, session: Session, person: Person) -> CheckedIn:
    """Who is signed in with a card or an account marks himself present; of no list: a walk-in."""
    held = _locked(session)
    row, made = _present(held, person)
    if not row.present:
        raise Refusal(
            f"Người tổ chức đã ghi anh/chị vắng lúc {row.at.astimezone(clock.VIETNAM):%H:%M}. Nhờ người tổ chức ghi lại."
        )
    return CheckedIn(person.full_name, row.at, not made)


@transaction.atomic
def say_present(
    *, session: Session, name: str, birth_year: int | None = None, consented: bool = False
) -> None:
    """By the name, typed with accents or without. The same is done to be seen, and nothing said, whether or not the name
    is on a list, was marked already, or marked absent: one person it means is present, all else waits for the officer.
    """
    held = _locked(session)
    name = tidy(name)
    places = people_rules.name_problems(name) + people_rules.year_problems(birth_year, clock.today())
    if not consented:
        places.append(("Đồng ý", "Đánh dấu đồng ý ghi tên rồi bấm lại, hoặc nhờ người tổ chức ghi giúp."))
    if places:
        raise Refusal(places[0][1], places)
    if held.claims.count() >= MOST_CLAIMS:
        raise Refusal("Đang có quá nhiều người chờ xác nhận ở buổi này. Nhờ người tổ chức ghi giúp.")
    person = _meant(held.activity, fold(name), birth_year)
    if person and _present(held, person)[0].present:
        return
    Claim.objects.bulk_create(
        [Claim(session=held, name=name, name_folded=fold(name)[:160], birth_year=birth_year, at=clock.now())],
        ignore_conflicts=True,
    )


def _locked(session: Session) -> Session:
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("activity")
    held = rows.get(pk=session.pk)
    require_open(held)
    return held


def _present(session: Session, person: Person) -> tuple[Attendance, bool]:
    """The person's mark at the session, made by himself where there is none; a merge under way is waited for."""
    who = people_queries.held([person.pk])[person.pk]
    if who.erased:
        raise Refusal("Dữ liệu của người này đã xóa. Nhờ người tổ chức ghi giúp.")
    place = Registration.objects.filter(
        activity=session.activity, person=who.pk, state=RegistrationState.TAKEN
    ).first()
    now = clock.now()
    row, made = Attendance.objects.get_or_create(
        session=session,
        person_id=who.pk,
        defaults={
            "way": MarkWay.SELF, "at": now, "said_at": now, "walk_in": place is None,
            "part": place.part if place else Part.LEARNER,
        },
    )  # fmt: skip
    if made:
        journal.record("attendance.self", session)
    return row, made


def _meant(activity: Activity, folded: str, birth_year: int | None) -> Person | None:
    """The one person of the class, else of the host, whom the name means; None for several, or nobody."""
    enrolled = Person.objects.filter(
        registrations__activity=activity, registrations__state=RegistrationState.TAKEN, erased_at=None
    )
    for people in (enrolled, attending.near_host(activity)):
        rows = people.filter(name_folded=folded)
        if birth_year:
            rows = rows.filter(birth_year=birth_year)
        found = list(rows[:2])
        if found:
            return found[0] if len(found) == 1 else None
    return None
