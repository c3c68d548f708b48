"""The demo world of the five source documents, made once a file; what a test adds is taken back."""

from collections.abc import Callable

import pytest
from django.db import transaction

from hoctap.cli.demo.units import SINCE, found_all
from hoctap.orgs.actions import grant_seat
from hoctap.orgs.enums import Role
from hoctap.orgs.matching import Match, match_units
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import User


class World:
    def __init__(self) -> None:
        self.units: dict[str, Unit] = found_all()
        user = User.objects.create_user("quan-tri", "Quản trị Quận 3", "hoc-suot-doi", "qt@example.vn")
        self.admin: Seat = grant_seat(
            seat=None, user=user, unit=self.units["ubnd-q3"], role=Role.ADMIN, since=SINCE
        )

    def match(self, at: str, *phrases: str) -> list[Match]:
        return match_units(self.admin, phrases, self.units[at])


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(made):
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def sure(world) -> Callable[[str, str], list[str]]:
    """``sure(at, phrase)``: the codes of the units surely meant, none when unsure."""

    def codes(at: str, phrase: str) -> list[str]:
        (match,) = world.match(at, phrase)
        assert match.phrase == phrase
        return [unit.code for unit in match.units] if match.certain else []

    return codes
