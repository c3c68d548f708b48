"""``python -m bench._evening DATA CLASSES PEOPLE``: a data folder in which so many classes have their evening now.

Each is of a unit of its own and has four officers, signed in already, and so many people on its list. Prints what their
phones know, as JSON. A process of its own: the folder's database is this one's alone.
"""

import json
import os
import sys
import uuid
from datetime import timedelta

from hoctap.cli import build
from hoctap.cli.environment import database
from hoctap.cli.prepare import bring_up_to_date

OFFICERS = 4


def main(data: str, classes: str, people: str) -> None:
    with database(data, "prepare") as folder:
        from bench.nation import analyze
        from hoctap.rollup.actions import check_system_identifier

        bring_up_to_date()
        check_system_identifier()
        told = [_class(n, int(people)) for n in range(int(classes))]
        analyze()
        build.keep(folder, os.environ["DATABASE_URL"])
        print(json.dumps(told))


def _class(n: int, count: int) -> dict:
    from bench.wide import _seat, _unit
    from hoctap.activities.actions import ActivityData, SessionData, record_activity
    from hoctap.activities.models import Registration
    from hoctap.activities.queries import kind
    from hoctap.kernel import clock
    from hoctap.kernel.vietnamese import fold, sort_key
    from hoctap.orgs.enums import Line, Role
    from hoctap.people.models import Person

    unit = _unit(f"L{n}", f"Phường Thử {n}", f"Phường {n}", {Line.TERRITORY: None})
    seats = [_seat(unit, Role.OFFICER, f"l{n}-{m}") for m in range(OFFICERS)]
    data = ActivityData(
        kind("class.it"), f"Tin học cho người lớn {n}", (SessionData(clock.now() - timedelta(hours=1)),)
    )
    activity = record_activity(seat=seats[0], host=unit, data=data)
    names = [f"Người học {n} {m}" for m in range(count)]
    persons = Person.objects.bulk_create(
        Person(full_name=name, name_folded=fold(name), sort_key=sort_key(name)) for name in names
    )
    Registration.objects.bulk_create(
        Registration(activity=activity, person=person, unit=unit, seat=seats[0], token=uuid.uuid4().hex)
        for person in persons
    )
    return {
        "activity": activity.pk,
        "session": activity.sessions.get().pk,
        "people": [person.pk for person in persons],
        "signed in": [_signed_in(seat.user) for seat in seats],
    }


def _signed_in(user) -> str:
    """The key of a session of the user."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


if __name__ == "__main__":
    main(*sys.argv[1:])
