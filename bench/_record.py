"""A person with a long record, its officer and a big class, for bench/record.py."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

PIN = "246810"
SESSIONS = 3  # of an activity
SINCE = date(2015, 1, 1)


@dataclass
class World:
    person: object
    token: str
    officer: object
    leader: object
    issued: list


def make(activities: int, years: int, certificates: int) -> World:
    from django.contrib.auth.hashers import make_password

    from bench.nation import analyze
    from hoctap.activities.actions.certifying import issue_certificates
    from hoctap.kernel import clock
    from hoctap.orgs.actions import found_unit, grant_seat
    from hoctap.orgs.actions.memberships import join
    from hoctap.orgs.enums import Kind, Line, Role, Standing
    from hoctap.people.actions import add_person
    from hoctap.people.models import Card, User

    unit = found_unit(
        seat=None, code="CD-01", kind=Kind.BASE_UNION, name="Công đoàn cơ sở Công ty May 10", short_name="CĐCS May 10",
        since=SINCE, parents={Line.UNION: None},
    )  # fmt: skip
    seats = [
        grant_seat(
            seat=None, user=User.objects.create_user(role, f"Người {role}"), unit=unit, role=role, since=SINCE
        )
        for role in (Role.OFFICER, Role.LEADER)
    ]
    people = [add_person(full_name=f"Nguyễn Thị Hoa {n}", birth_year=1985) for n in range(certificates)]
    for person in people:
        join(seat=None, person=person, unit=unit, standing=Standing.WORKER, since=SINCE)
    day = clock.now() - timedelta(days=1)
    for n in range(activities):
        _activity(
            seats[0],
            f"Lớp bồi dưỡng tay nghề số {n}",
            day - timedelta(days=365 * years * n // activities),
            people[:1],
        )
    whole_class = _activity(seats[0], "Lớp an toàn lao động", day, people)
    issued = issue_certificates(seat=seats[1], activity=whole_class, share=80, position="Chủ tịch")
    analyze()
    token = secrets.token_hex(16)
    Card.objects.create(person=people[0], token=token, pin=make_password(PIN))
    return World(people[0], token, *seats, issued)


def _activity(seat, name: str, day, people):
    from hoctap.activities.actions import ActivityData, SessionData, record_activity
    from hoctap.activities.enums import MarkWay
    from hoctap.activities.models import Attendance
    from hoctap.activities.queries import kind

    sessions = [
        SessionData(day + timedelta(hours=n - 24), day + timedelta(hours=n - 23), held=True)
        for n in range(SESSIONS)
    ]
    made = record_activity(
        seat=seat, host=seat.unit, data=ActivityData(kind("class.worker-skills"), name, sessions)
    )
    Attendance.objects.bulk_create(
        Attendance(session=session, person=person, way=MarkWay.NAME, at=session.starts_at)
        for session in made.sessions.all()
        for person in people
    )
    return made


def pages(world: World) -> dict[str, Callable[[], bytes]]:
    """Each page by its name, to be asked for as often as one likes."""
    from django.core.management import call_command
    from django.test import Client
    from django.urls import reverse

    from bench._pages import _application, _signed_in

    call_command("collectstatic", interactive=False, verbosity=0)
    learner, ask = Client(), _application()
    learner.post(reverse("card", args=[world.token]), {"pin": PIN}, headers={"Host": "localhost"})
    card, officer = f"sessionid={learner.cookies['sessionid'].value}", _signed_in(world.officer)

    def asked(path: str, cookie: str) -> Callable[[], bytes]:
        def page() -> bytes:
            status, body = ask(path, cookie)
            if status != 200:
                raise AssertionError(f"{path} answers {status}")
            return body

        return page

    mine, long_ago = reverse("mine"), date.today().year - 3
    return {
        "who is signed in": asked(reverse("session_state"), officer),
        "one's own page": asked(mine, card),
        "one's own page, a year long ago": asked(f"{mine}?nam={long_ago}", card),
        "the officer's view": asked(reverse("person-record", args=[world.person.pk]), officer),
    }


def size(ask: Callable) -> dict:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        body = ask()
    return {"queries": len(asked), "bytes, compressed": len(body)}


def certificates(world: World) -> bytes:
    from hoctap.activities.certificates import of_activity
    from hoctap.papers.certificates import certificates_pdf

    every = list(of_activity(world.issued[0].activity))
    return certificates_pdf(every, lambda one: f"https://hoctap.example.vn/chung-nhan/{one.token}/")
