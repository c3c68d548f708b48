"""``python -m bench._prepare DATA UNITS USERS [filled]``: a data folder with a world in it, ready for ``up``.

Prints what visitors need to know of it, as JSON. A process of its own: the folder's database is this one's alone.
"""

import json
import os
import sys

from hoctap.cli import build
from hoctap.cli.environment import database
from hoctap.cli.prepare import bring_up_to_date


def main(data: str, units: str, users: str, filled: str = "") -> None:
    with database(data, "prepare") as folder:
        from bench import filling, wide
        from hoctap.rollup.actions import check_system_identifier

        bring_up_to_date()
        check_system_identifier()
        made = wide.make(int(units), users=int(users))
        if filled:
            filling.fill(made)
        build.keep(folder, os.environ["DATABASE_URL"])
        print(json.dumps(_told(made)))


def _told(made) -> dict:
    from bench import wide

    users = {user.pk: user.username for user in made.leaders}
    return {
        "password": wide.PASSWORD,
        "round": made.round.pk,
        "node": made.node.pk,
        "officer": made.officer.user.username,
        "children": [
            {"obligation": o.pk, "seat": seat.pk, "user": users[seat.user_id]}
            for o, seat in zip(made.children, made.seats, strict=True)
        ],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
