"""A person with a long record, its officer and a big class, for bench/record.py."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

PIN = "246810"
SESSIONS = 3  # of an activity
SINCE = date(2015, 1, 1)
BATCH = 2000


@dataclass
class World:
    person: object
    token: str
    officer: object
    leader: object
    issued: list


def make(activities: int, years: int, certificates: int) -> World:
    from bench.nation import analyze
    from hoctap.activities.actions.certifying import issue_certificates
    from hoctap.orgs.actions import found_unit, grant_seat
    from hoctap.orgs.enums import Kind, Line, Role
    from hoctap.people.models import User

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
    people = people_of([unit], certificates)
    learn(seats[0], people[0], activities, years)
    whole_class = _activity(seats[0], "Lớp an toàn lao động", _yesterday(), people)
    issued = issue_certificates(seat=seats[1], activity=whole_class, share=80, position="Chủ tịch")
    analyze()
    return World(people[0], card(people[0]), *seats, issued)


def people_of(units: list, each: int) -> list:
    """So many persons of each unit, who agreed to be recorded."""
    from hoctap.kernel.vietnamese import fold, sort_key
    from hoctap.orgs.enums import Standing
    from hoctap.orgs.models import Membership
    from hoctap.people.enums import ConsentWay, Purpose
    from hoctap.people.models import Consent, Person

    names = [f"Nguyễn Thị Hoa {n}" for n in range(each * len(units))]
    people = Person.objects.bulk_create(
        [
            Person(full_name=name, name_folded=fold(name), sort_key=sort_key(name), birth_year=1985)
            for name in names
        ],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(
                person=person, unit=units[n // each], standing=Standing.WORKER, valid=DateRange(SINCE, None)
            )
            for n, person in enumerate(people)
        ],
        batch_size=BATCH,
    )
    Consent.objects.bulk_create(
        [
            Consent(
                person=person, purpose=Purpose.RECORD, way=ConsentWay.PAPER, given_by=person.full_name,
                given_on=SINCE,
            )
            for person in people
        ],
        batch_size=BATCH,
    )  # fmt: skip
    return people


def learn(seat, person, activities: int, years: int) -> None:
    """So many activities that the person attended, spread over the years before yesterday."""
    for n in range(activities):
        day = _yesterday() - timedelta(days=365 * years * n // activities)
        _activity(seat, f"Lớp bồi dưỡng tay nghề số {n}", day, [person])


def card(person) -> str:
    """What its QR holds; the PIN is PIN."""
    from django.contrib.auth.hashers import make_password

    from hoctap.people.models import Card

    return Card.objects.create(person=person, token=secrets.token_hex(16), pin=make_password(PIN)).token


def opened(token: str) -> str:
    """The cookie of a browser in which the card was opened."""
    from django.test import Client
    from django.urls import reverse

    learner = Client()
    learner.post(reverse("card", args=[token]), {"pin": PIN}, headers={"Host": "localhost"})
    return f"sessionid={learner.cookies['sessionid'].value}"


def _yesterday() -> datetime:
    from hoctap.kernel import clock

    return clock.now() - timedelta(days=1)


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
    from django.urls import reverse

    from bench._pages import _application, _signed_in

    call_command("collectstatic", interactive=False, verbosity=0)
    ask, own, officer = _application(), opened(world.token), _signed_in(world.officer)

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
        "one's own page": asked(mine, own),
        "one's own page, a year long ago": asked(f"{mine}?nam={long_ago}", own),
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
