"""Waiting for what other processes and threads do."""

import time
from collections.abc import Callable


def eventually(true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Asks until it is so, and does what is to be done meanwhile; fails when a minute was not enough."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.05)
