"""gunicorn's configuration.

A serving process whose master was killed would finish its requests first, and hold the port against the next start all
the while: it goes with its master at once. What it was doing is not acknowledged, and is sent again.
"""

import signal

from hoctap.kernel.processes import die_with


def post_fork(server, worker) -> None:
    die_with(server.pid, signal.SIGKILL)()
