"""The desk as people use it, in these tests."""

from collections.abc import Callable

import pytest

from hoctap.kernel import clock
from tests.rounds import IN_TIME


@pytest.fixture
def at(client) -> Callable:
    """``at(seat)`` signs in and returns the client; the clock stands at 16:00 12/10/2023."""
    with clock.frozen(IN_TIME):

        def sign_in(seat):
            client.force_login(seat.user)
            session = client.session
            session["seat"] = seat.pk
            session.save()
            return client

        yield sign_in
