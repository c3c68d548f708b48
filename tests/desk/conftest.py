"""Fixtures of the screens."""

from pathlib import Path

import pytest
from django.template import engines
from jinja2 import ChoiceLoader, DictLoader


@pytest.fixture
def frame_room(settings, monkeypatch):
    """The small house of ``frame_urls`` with its one page."""
    settings.ROOT_URLCONF = "tests.desk.frame_urls"
    env = engines["jinja2"].env
    room = (Path(__file__).parent / "frame.html").read_text()
    monkeypatch.setattr(env, "loader", ChoiceLoader([env.loader, DictLoader({"frame/room.html": room})]))
