"""Web, worker and folder as processes of their own: started, stopped, and bereft of their database."""

import re
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from bench.house import free_port
from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import launch
from tests.cli.conftest import HOCTAP
from tests.waiting import PATIENCE, answers, eventually

FOLDS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%%rollup_watermark%%' AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def folder(place):
    folder = DataFolder(place / "several")
    folder.lock("test")
    yield folder
    folder.unlock()


@pytest.fixture(scope="module")
def server(folder):
    server = launch(folder)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def shared(environment, server, folder):
    """The environment of every machine; the database and this machine's static files are prepared."""
    shared = environment | {"DATABASE_URL": server.url, "HOCTAP_SECRET_KEY": "k" * 50}
    subprocess.run([*HOCTAP, "prepare", "--data", str(folder.path)], env=shared, check=True)
    return shared


@contextmanager
def running(folder, environment, *words: str):
    child = subprocess.Popen([*HOCTAP, *words, "--data", str(folder.path)], env=environment)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def stopped(child: subprocess.Popen) -> int:
    child.send_signal(signal.SIGTERM)
    return child.wait(PATIENCE)


def count(server, query: str) -> int:
    with psycopg.connect(server.url) as connection:
        return connection.execute(query).fetchone()[0]


def newest_worker(server) -> int:
    return count(server, "SELECT coalesce(max(id), 0) FROM procrastinate_workers")


def hears_the_end(child: subprocess.Popen) -> bool:
    """Whether it catches SIGTERM by now: a worker stands in the table a moment before it does, and would die of it."""
    (caught,) = re.findall(r"^SigCgt:\s*(\w+)", Path(f"/proc/{child.pid}/status").read_text(), re.MULTILINE)
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_web_serves_with_several_processes_and_stops_when_asked(folder, shared):
    port = free_port()
    with running(folder, shared, "web", "--port", str(port), "--processes", "2", "--threads", "2") as web:
        eventually(lambda: answers(port))
        assert stopped(web) == 0


@pytest.mark.parametrize("missing", ["DATABASE_URL", "HOCTAP_SECRET_KEY"])
def test_web_needs_what_all_machines_share(folder, shared, missing):
    environment = {name: value for name, value in shared.items() if name != missing}
    done = subprocess.run(
        [*HOCTAP, "web", "--data", str(folder.path)], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert missing in done.stderr and "Traceback" not in done.stderr


def test_web_refuses_a_machine_that_was_not_prepared(place, shared):
    done = subprocess.run(
        [*HOCTAP, "web", "--data", str(place / "new")], env=shared, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "hoctap prepare" in done.stderr


def test_a_worker_ends_and_a_folder_waits_when_the_database_goes(folder, shared, server):
    """The worker's supervisor starts it again; the folder connects again by itself."""
    with running(folder, shared, "worker") as worker, running(folder, shared, "folder") as keeper:
        eventually(lambda: newest_worker(server) > 0)
        eventually(lambda: count(server, FOLDS) == 1)
        server.stop()
        assert worker.wait(PATIENCE) != 0
        assert keeper.poll() is None
        server.start()
        eventually(lambda: count(server, FOLDS) == 1)
        before = newest_worker(server)
        with running(folder, shared, "worker") as worker:
            eventually(lambda: newest_worker(server) > before)
            eventually(lambda: hears_the_end(worker))
            assert (stopped(worker), stopped(keeper)) == (0, 0)


def test_whatever_needs_a_whole_session_takes_the_second_address(folder, shared, server):
    """Behind a pooler of transactions DATABASE_URL leads to it: here it leads nowhere."""
    beside = shared | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DATABASE_SESSION_URL": server.url,
    }
    with running(folder, beside, "folder") as keeper:
        eventually(lambda: count(server, FOLDS) == 1)
        assert stopped(keeper) == 0
    done = subprocess.run(
        [*HOCTAP, "check", "--data", str(folder.path)], env=beside, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
