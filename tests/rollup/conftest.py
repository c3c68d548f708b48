import pytest

from tests.rollup.world import World


@pytest.fixture
def world(transactional_db) -> World:
    """Committed rows, emptied after the test: inside one transaction nothing ever folds."""
    return World.make()
