"""The world behind every address."""

import pytest

from tests.house.world import World
from tests.rounds import Story


@pytest.fixture
def world(story: Story) -> World:
    return World.make(story)
