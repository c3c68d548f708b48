"""Waiting for what other processes and threads do."""

import time
from collections.abc import Callable


def eventually(
    true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None, seconds: float = 60
) -> None:
    """Asks until it is so, and does what is to be done meanwhile; fails when it takes longer."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.05)
