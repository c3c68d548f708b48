"""Two people change the tree at the same moment, each on a real connection."""

import threading
from datetime import date

import pytest
from django.db import connection

from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions import move_unit
from hoctap.orgs.enums import Line
from hoctap.orgs.queries import is_under
from tests.cast import make_cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_moves_that_together_make_a_circle(db):
    """P1 under P2 and P2 under P1: each right alone. One goes through, the other is refused."""
    cast, day = make_cast(), date(2023, 7, 1)
    outcome: list[bool] = []
    start = threading.Barrier(2)

    def move(unit, parent) -> None:
        try:
            start.wait()
            move_unit(seat=None, unit=unit, line=Line.TERRITORY, parent=parent, on=day)
            outcome.append(True)
        except Refusal:
            outcome.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((cast.p1, cast.p2), (cast.p2, cast.p1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == [False, True]
    under = [is_under(*pair, Line.TERRITORY, day) for pair in ((cast.p1, cast.p2), (cast.p2, cast.p1))]
    assert sorted(under) == [False, True]
