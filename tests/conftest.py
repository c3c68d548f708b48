"""Fixtures every test may use."""

from functools import partial

import pytest

from hoctap.kernel import clock
from tests.browser import browse, chromium  # noqa: F401
from tests.cast import cast  # noqa: F401
from tests.pages import sign_in
from tests.rounds import IN_TIME, story  # noqa: F401


@pytest.fixture
def signed_in(client):
    """``signed_in(seat)``: the test client, acting from that seat."""
    return partial(sign_in, client)


@pytest.fixture
def at(signed_in):
    """As ``signed_in``; the clock stands at 16:00 12/10/2023."""
    with clock.frozen(IN_TIME):
        yield signed_in


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    """Stored files go where pytest throws them away, never into the data folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
