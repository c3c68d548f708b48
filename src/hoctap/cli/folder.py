"""``hoctap folder``: folding what comes in into the sums of the units above. Any number may run at once."""

import argparse
import logging
import signal
import threading
import time

from hoctap.cli.environment import add_data_argument, database

BUSY, IDLE = 0.25, 1.0  # seconds between two looks for something to fold
LOOK = 30.0  # seconds between two looks for what holds folding back

log = logging.getLogger("hoctap.folder")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with database(args.data, "folder"):
        keep_folding(stopping)
    return 0


def keep_folding(stopping: threading.Event) -> None:
    """Until told to stop. A lost database is connected to again, wherever its address leads then."""
    from django.db import close_old_connections, connection

    from hoctap.rollup.actions import fold_busy_rounds, warn_of_long_writer

    pause, looked_at = IDLE, time.monotonic()
    while not stopping.wait(pause):
        close_old_connections()
        try:
            pause = BUSY if fold_busy_rounds() else IDLE
            if time.monotonic() > looked_at + LOOK:
                looked_at = time.monotonic()
                warn_of_long_writer()
        except Exception:
            log.exception("folding failed, tried again shortly")
            connection.close()
            pause = 2 * IDLE
    connection.close()
