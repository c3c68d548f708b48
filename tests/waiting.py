"""Waiting for what other processes and threads do."""

import time
from collections.abc import Callable

PATIENCE = 120.0  # seconds after which what others do is not awaited any longer


def eventually(true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Asks until it is so, and does what is to be done meanwhile; fails when ``PATIENCE`` was not enough."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.05)
