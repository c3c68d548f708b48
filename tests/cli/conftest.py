"""Running the ``hoctap`` command as people do: in processes of its own, on data folders of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import launch

HOCTAP = [sys.executable, "-m", "hoctap.cli.main"]


@pytest.fixture(scope="module")
def place():
    """A folder that root's database account may pass through (pytest's own are closed to it)."""
    path = Path(tempfile.mkdtemp(prefix="hoctap-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)  # a database killed by a failing test may still be at it


@contextmanager
def rows_of(data: Path):
    """A connection to the database of a data folder that nobody runs."""
    folder = DataFolder(data)
    folder.lock("test")
    server = launch(folder)
    try:
        with psycopg.connect(server.url) as connection:
            yield connection
    finally:
        server.stop()
        folder.unlock()


@pytest.fixture(scope="module")
def environment():
    """Without the database of the tests themselves."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "DJANGO"))}


@pytest.fixture(scope="module")
def hoctap(environment):
    """Run one command to its end; ``hoctap("backup", path, fails=True)`` expects an exit code other than 0."""

    def run(*words, fails: bool = False) -> str:
        done = subprocess.run(
            [*HOCTAP, *map(str, words)], env=environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) is fails, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    return run
