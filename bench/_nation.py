"""``python -m bench._nation DATA UNITS``: a data folder with a nation in it and a round nobody has answered, for ``up``.

Prints what the units' systems need to send (everybody is signed in already), as JSON. A process of its own: the folder's
database is this one's alone.
"""

import json
import os
import sys
from datetime import timedelta

from hoctap.cli import build
from hoctap.cli.environment import database
from hoctap.cli.prepare import bring_up_to_date

VECTORS = 200  # different reports to send


def main(data: str, units: str) -> None:
    with database(data, "prepare") as folder:
        from bench import nation
        from hoctap.kernel import clock
        from hoctap.rollup.actions import check_system_identifier

        bring_up_to_date()
        check_system_identifier()
        made = nation.Nation(int(units))
        opened = made.add_round("Báo cáo đang tới hạn", clock.today() + timedelta(days=1), filed=0)
        told = {
            "round": opened.pk,
            "vectors": [v.figures for v in made.vectors[:VECTORS]],
            **_signed_in(made, opened),
        }
        nation.analyze()
        build.keep(folder, os.environ["DATABASE_URL"])
        print(json.dumps(told))


def _signed_in(made, opened) -> dict:
    """Sessions of every base unit's leader, with its report of a round, and of every officer who gathers."""
    from django.contrib.sessions.models import Session

    from bench.nation import copy
    from hoctap.kernel import clock
    from hoctap.obligations.models import Obligation
    from hoctap.people.models import User

    owed = dict(Obligation.objects.filter(round=opened).values_list("unit_id", "pk"))
    data = _session_data(User.objects.first())
    expires = clock.now() + timedelta(days=1)
    units, officers = [], {}
    with copy(Session, "session_key session_data expire_date") as write:
        for node in made.nodes.values():
            user = node.pk if node.level == 3 else made.size + node.pk
            key = f"{made.chance.getrandbits(150):038x}"
            write((key, data(user), expires))
            if node.level == 3:
                units.append(
                    {"unit": node.code, "report": owed[node.pk], "session": key, "above": node.parent}
                )
            else:
                officers[node.pk] = key
    return {"units": units, "officers": officers}


def _session_data(any_user):
    """What a session of a user holds; all of the nation have one password, hence one hash."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store, proof = SessionStore(), any_user.get_session_auth_hash()
    shared = {BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0], HASH_SESSION_KEY: proof}
    return lambda user: store.encode(shared | {SESSION_KEY: str(user)})


if __name__ == "__main__":
    main(*sys.argv[1:])
