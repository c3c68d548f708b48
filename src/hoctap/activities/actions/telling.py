"""Letters to those who registered: to the address of an account, or of a person who agreed to be written to.

The addresses in them begin at ``settings.SITE_URL``; without one they are paths.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from hoctap.activities import calendars
from hoctap.activities.enums import Part, RegistrationState, SessionState
from hoctap.activities.models import Activity, Registration, Session
from hoctap.kernel import clock
from hoctap.notify.models import Letter
from hoctap.people.enums import Purpose
from hoctap.people.models import Consent

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


def session_moved(session: Session) -> int:
    """Tell all who registered that a session was moved; how many letters. Once for each time it is moved to."""
    says = f"Buổi học dời sang {calendars.when(session)}"
    why = f" ({session.note})" if session.note else ""
    rows = _live(session.activity)
    return _write(rows, f"Dời buổi: {session.activity.name}", f"{says}{why}.",
                  f"moved-{session.pk}-{session.starts_at:%y%m%d%H%M}")  # fmt: skip


def session_cancelled(session: Session) -> int:
    why = f": {session.note}" if session.note else ""
    says = f"Buổi {calendars.when(session)} đã hủy{why}."
    return _write(
        _live(session.activity), f"Hủy buổi: {session.activity.name}", says, f"cancelled-{session.pk}"
    )


def activity_cancelled(activity: Activity) -> int:
    says = f"Hoạt động này đã hủy: {activity.cancelled_reason}."
    return _write(_live(activity), f"Đã hủy: {activity.name}", says, f"cancelled-a{activity.pk}")


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
        rows = _live(session.activity).filter(state=RegistrationState.TAKEN)
        says = f"Ngày mai có buổi học: {calendars.when(session)}."
        told += _write(
            rows, f"Nhắc lịch: {session.activity.name}", says, f"soon-{session.pk}-{session.starts_at:%y%m%d}"
        )
    return told


def _live(activity: Activity) -> QuerySet[Registration]:
    rows = activity.registrations.filter(state__in=LIVE).exclude(part=Part.ORGANISER)
    return rows.filter(person__erased_at=None)


def _write(rows, subject: str, says: str, cause: str) -> int:
    """One letter each, to whom there is an address for; the same ``cause`` writes once."""
    agreed = Consent.objects.filter(person=OuterRef("person"), purpose=Purpose.CONTACT, withdrawn_on=None)
    found = Registration.objects.filter(pk__in=[row.pk for row in rows]).filter(
        Q(person__user__email__contains="@") | Q(Exists(agreed), person__contact__contains="@")
    )
    letters = [
        Letter(
            to=row.person.user.email if row.person.user and row.person.user.email else row.person.contact,
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
