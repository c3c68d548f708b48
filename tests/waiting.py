"""Waiting for what other processes and threads do."""

import http.client
import time
from collections.abc import Callable
from contextlib import closing

PATIENCE = 120.0  # seconds after which what others do is not awaited any longer


def eventually(true: Callable[[], bool], meanwhile: Callable[[], None] = lambda: None) -> None:
    """Asks until it is so, and does what is to be done meanwhile; fails when ``PATIENCE`` was not enough."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        meanwhile()
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether a page of the web comes from there: a port is open long before."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        try:
            line.request("GET", "/dang-nhap/")
            return line.getresponse().status == 200
        except OSError:
            return False
