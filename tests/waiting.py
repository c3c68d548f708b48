"""Waiting for what other processes and threads do."""

import time
from collections.abc import Callable


def eventually(true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Asks until it is so, and does what is to be done meanwhile; fails when two minutes were not enough."""
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.05)
