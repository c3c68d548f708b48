"""Pytest plugin (``-p tests.servers``): a PostgreSQL for each of xdist's workers, unless DATABASE_URL names one.

A server for all would not do: the roll-up's watermark waits for every transaction of a server, another worker's too. The
plugin is loaded by name because Django reads DATABASE_URL before any conftest.
"""

import os
from contextlib import ExitStack

from hoctap.kernel.postgres.server import temporary

_started = ExitStack()
if "PYTEST_XDIST_WORKER" in os.environ and "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = _started.enter_context(temporary()).url


def pytest_unconfigure() -> None:
    _started.close()
