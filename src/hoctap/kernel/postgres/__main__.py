"""``python -m hoctap.kernel.postgres COMMAND …``: run a command with DATABASE_URL of a temporary database."""

import os
import signal
import subprocess
import sys

from hoctap.kernel.errors import Refusal
from hoctap.kernel.postgres.server import temporary


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with temporary() as server:
            child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": server.url})
            try:
                return child.wait()
            except KeyboardInterrupt:  # the terminal told the child too
                return child.wait()
            finally:
                child.terminate()
                child.wait()
    except Refusal as refusal:
        print(refusal.message, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
