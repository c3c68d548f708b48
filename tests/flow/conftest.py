"""The demo world as the stories' stage: real organisations and documents, invented people."""

import pytest
from django.db import connection, transaction

from hoctap.cli.demo.script import moment
from hoctap.cli.demo.world import World, make_world
from hoctap.kernel import clock


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def _world() -> World:
    with clock.frozen(moment("02/10 08:00")):
        return make_world()


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    """One world for a module, never committed: making it takes longer than most stories."""
    with django_db_blocker.unblock(), transaction.atomic():
        name = connection.settings_dict["NAME"]
        assert name.startswith("test_"), (
            f"{name} is no test database: run a test marked django_db along with these"
        )
        yield _world()
        transaction.set_rollback(True)


@pytest.fixture
def world(stage) -> World:
    """The stage as it was at first; what the story changes is undone."""
    with transaction.atomic():
        yield stage
        transaction.set_rollback(True)


@pytest.fixture
def committed_world(transactional_db) -> World:
    """For stories that fold: folding needs committed transactions. Not in one module with ``world``."""
    return _world()
