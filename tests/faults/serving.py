"""The web as it runs, on a test's own database."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from bench.house import free_port
from tests.waiting import PATIENCE, eventually


@contextmanager
def serving(folder: Path, threads: int = 2, **settings: str) -> Iterator[tuple[str, int]]:
    """gunicorn with our application, its settings from the environment; host and port."""
    port = free_port()
    url = urlsplit(os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/hoctap"))
    environment = os.environ | {
        "DATABASE_URL": url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
        "DJANGO_SETTINGS_MODULE": "hoctap.config.settings",
        "HOCTAP_DATA_DIR": str(folder),
        "HOCTAP_DEBUG": "1",  # static files as they lie
        **settings,
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--worker-class=gthread",
        f"--threads={threads}",
        "--no-control-socket",
        "--timeout=120",  # as hoctap web has it: a worker that only starts slowly lives on
    ]
    command += [f"--bind=127.0.0.1:{port}", "--log-level=warning", "hoctap.config.wsgi:application"]
    process = subprocess.Popen(command, env=environment)
    address = ("127.0.0.1", port)

    def listens() -> bool:
        assert process.poll() is None
        with suppress(OSError), socket.create_connection(address, 1):
            return True
        return False

    try:
        eventually(listens)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)
