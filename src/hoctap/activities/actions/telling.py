"""Letters to those who registered, or were given a certificate: to the address of an account, or of a person who agreed
to be written to.

The addresses in them begin at ``settings.SITE_URL``; without one they are paths.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from hoctap.activities import calendars
from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Certificate, Registration, Session
from hoctap.kernel import clock
from hoctap.notify.models import Letter
from hoctap.people.enums import Purpose
from hoctap.people.models import Consent, Person

# Rows whose person has an address to write to.
_REACHED = Q(person__user__email__contains="@") | Q(
    Exists(Consent.objects.filter(person=OuterRef("person"), purpose=Purpose.CONTACT, withdrawn_on=None)),
    person__contact__contains="@",
)
LIVE = (RegistrationState.TAKEN, RegistrationState.WAITING)


def registered(row: Registration) -> None:
    """What was written down, with the link to give it up."""
    name = row.activity.name
    waits = row.state == RegistrationState.WAITING
    subject = f"Chờ chỗ: {name}" if waits else f"Đã đăng ký: {name}"
    says = (
        "Lớp đã đủ chỗ, anh/chị đang chờ; có chỗ trống sẽ được vào lớp và được báo ngay."
        if waits
        else "Anh/chị có chỗ trong lớp này."
    )
    _write([row], subject, says, f"registered-{row.changed_at:%y%m%d%H%M%S%f}")


def promoted(row: Registration) -> None:
    _write([row], f"Đã có chỗ: {row.activity.name}", "Lớp có chỗ trống nên anh/chị đã có chỗ.",
           f"promoted-{row.changed_at:%y%m%d%H%M%S%f}")  # fmt: skip


def session_moved(session: Session, why: str = "") -> int:
    """Tell all who registered that a session was moved; how many letters."""
    why = f" ({why})" if why else ""
    says = f"Buổi học dời sang {calendars.when(session)}{why}."
    return _write_all(session.activity, "Dời buổi", says, f"moved-{session.pk}")


def session_elsewhere(session: Session) -> int:
    place = ", ".join(filter(None, (session.place, session.online_link)))
    says = f"Buổi {calendars.when(session)} đổi nơi học{f': {place}' if place else ''}."
    return _write_all(session.activity, "Đổi nơi học", says, f"moved-{session.pk}")


def session_cancelled(session: Session) -> int:
    why = f": {session.note}" if session.note else ""
    says = f"Buổi {calendars.when(session)} đã hủy{why}."
    return _write_all(session.activity, "Hủy buổi", says, f"cancelled-{session.pk}")


def session_restored(session: Session) -> int:
    says = f"Buổi {calendars.when(session)} không hủy nữa, vẫn học như cũ."
    return _write_all(session.activity, "Vẫn học", says, f"restored-{session.pk}")


def activity_cancelled(activity: Activity) -> int:
    says = f"Hoạt động này đã hủy: {activity.cancelled_reason}."
    return _write_all(activity, "Đã hủy", says, f"cancelled-a{activity.pk}")


def activity_reinstated(activity: Activity) -> int:
    says = "Hoạt động này không hủy nữa, vẫn học như cũ."
    return _write_all(activity, "Vẫn học", says, f"restored-a{activity.pk}")


def remind_tomorrow() -> int:
    """Write to those with a place at what is held tomorrow; once a session and person. How many letters."""
    day = clock.start_of(clock.today() + timedelta(days=1))
    sessions = Session.objects.filter(
        starts_at__range=(day, day + timedelta(days=1) - timedelta(microseconds=1)),
        state=SessionState.PLANNED,
        activity__cancelled_at=None,
        activity__is_template=False,
    )
    told = 0
    for session in sessions.select_related("activity__host").order_by("pk").iterator(chunk_size=200):
        rows = registered_in(session.activity).filter(state=RegistrationState.TAKEN)
        says = f"Ngày mai có buổi học: {calendars.when(session)}."
        told += _write(
            rows, f"Nhắc lịch: {session.activity.name}", says, f"soon-{session.pk}-{session.starts_at:%y%m%d}"
        )
    return told


def registered_in(activity: Activity) -> QuerySet[Registration]:
    """Who has a place or waits for one, and so is told of changes."""
    rows = activity.registrations.filter(state__in=LIVE).exclude(part=Part.ORGANISER)
    return rows.filter(person__erased_at=None)


def certified(certificates: Iterable[Certificate]) -> int:
    """Tell each who was given one, with the address where anybody checks it."""
    return _write_of(
        certificates, "Chứng nhận", "{unit} đã cấp cho anh/chị chứng nhận số {number}.", "certified"
    )


def certificate_revoked(certificate: Certificate) -> int:
    says = "{unit} đã thu hồi chứng nhận số {number} của anh/chị. Muốn biết vì sao, hỏi đơn vị đã cấp."
    return _write_of([certificate], "Thu hồi chứng nhận", says, "revoked")


def certificate_replaced(new: Certificate, old: Certificate) -> int:
    says = f"{{unit}} đã cấp chứng nhận số {{number}} thay cho số {old.number}; bản cũ hết hiệu lực."
    return _write_of([new], "Chứng nhận cấp thay", says, "replaced")


def _write_of(certificates: Iterable[Certificate], subject: str, says: str, cause: str) -> int:
    found = Certificate.objects.filter(_REACHED, pk__in=[one.pk for one in certificates])
    letters = [
        Letter(
            to=_address(one.person),
            subject=f"{subject}: {one.activity.name}"[:250],
            body=(
                f"{one.name} thân mến,\n\n{says.format(unit=one.issued_by.unit.name, number=one.number)}\n\n"
                f"{one.activity.name}\nAi cũng kiểm tra được tại: {settings.SITE_URL}/chung-nhan/{one.token}/\n"
                f"Bản in và sổ học tập của anh/chị: {settings.SITE_URL}/cua-toi/\n"
            ),
            dedupe_key=f"{cause}-{one.pk}",
        )
        for one in found.select_related("person__user", "activity", "issued_by__unit")
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)


def _address(person: Person) -> str:
    return person.user.email if person.user and person.user.email else person.contact


def _write_all(activity: Activity, subject: str, says: str, cause: str) -> int:
    """``changed_at``: what is done again after it was undone is told again, the same act is not."""
    at = f"{activity.changed_at:%y%m%d%H%M%S%f}"
    return _write(registered_in(activity), f"{subject}: {activity.name}", says, f"{cause}-{at}")


def _write(rows, subject: str, says: str, cause: str) -> int:
    """One letter each, to whom there is an address for; the same ``cause`` writes once."""
    found = Registration.objects.filter(_REACHED, pk__in=[row.pk for row in rows])
    letters = [
        Letter(
            to=_address(row.person),
            subject=subject[:250],
            body=_body(row, says),
            dedupe_key=f"{cause}-{row.pk}",
        )
        for row in found.select_related("person__user", "activity__host")
    ]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)


def _body(row: Registration, says: str) -> str:
    activity = row.activity
    sessions = activity.sessions.exclude(state=SessionState.CANCELLED).order_by("starts_at")
    times = "".join(
        f"- {calendars.when(s)}{f', {s.place}' if s.place else ''}{_online(s)}\n" for s in sessions[:20]
    )
    return (
        f"{row.person.full_name} thân mến,\n\n{says}\n\n{activity.name}\nĐơn vị tổ chức: {activity.host.name}\n{times}\n"
        f"Thêm vào lịch: {settings.SITE_URL}{calendars.path_of('person', row.person_id)}\n"
        f"Xem lại hoặc rút đăng ký: {settings.SITE_URL}/dang-ky/rut/{row.token}/\n"
    )


def _online(session: Session) -> str:
    return f", {session.online_link}" if session.online_link else ""
