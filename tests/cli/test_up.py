"""One command starts everything and leaves nothing: started, killed and stopped for real."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bench.house import free_port
from hoctap.cli import up
from hoctap.cli.prepare import _make_demo_world
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import address
from hoctap.kernel.postgres.cluster import SECRETS
from hoctap.kernel.processes import alive, working_in
from tests.cli.conftest import HOCTAP
from tests.waiting import PATIENCE, eventually


@contextlib.contextmanager
def running(data: Path, environment: dict):
    """``hoctap up`` once it has printed its address; ended by force if the test did not."""
    # Of its own choice, two workers' houses would find the same port free.
    command = [*HOCTAP, "up", "--data", str(data), "--port", str(free_port())]
    child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        with child.stdout:
            for line in child.stdout:
                if line.startswith("Hoctap đang chạy tại "):
                    child.address = line.split()[-1]
                if line.startswith("Dừng:"):
                    break
            else:
                pytest.fail(f"up ended with {child.wait()}")
            yield child
    finally:
        child.kill()
        child.wait()


def status(url: str) -> int:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def family(pid: int) -> dict[int, str]:
    """Every descendant of a process: number and command line."""
    parents, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # gone meanwhile
                commands[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found: dict[int, str] = {}
    wanted = {pid}
    while wanted:
        wanted = {child for child, parent in parents.items() if parent in wanted}
        found |= {child: commands[child] for child in wanted}
    return found


def answers(url: str) -> bool:
    try:
        return status(url) < 500
    except OSError:
        return False


def member(pid: int, words: str) -> int:
    return next((number for number, command in family(pid).items() if words in command), 0)


def database_of(pid: int) -> str:
    """The DATABASE_URL a process was started with; empty when it is gone."""
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/environ").read_text().split("\0"):
            if entry.startswith("DATABASE_URL="):
                return entry.removeprefix("DATABASE_URL=")
    return ""


@pytest.fixture(scope="module")
def data(place):
    return place / "up"


def test_it_serves_refuses_a_second_and_stops_without_a_trace(data, environment, hoctap):
    with running(data, environment) as child:
        eventually(lambda: answers(child.address))
        assert hoctap("up", "--data", data) == f"Hoctap đang chạy tại {child.address}\n"
        everything = family(child.pid)
        assert len(working_in(data / "pg")) > 3
        assert any("gunicorn" in command for command in everything.values())
        child.send_signal(signal.SIGINT)
        assert child.wait(PATIENCE) == 0
    # What is just dying is gone in a moment.
    eventually(lambda: not [command for pid, command in everything.items() if alive(pid)])
    eventually(lambda: not working_in(data / "pg"))
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_whatever_dies_is_started_again_and_a_killed_house_leaves_nothing(data, environment):
    with running(data, environment) as child:
        with psycopg.connect(address(DataFolder(data)), autocommit=True) as connection:
            connection.execute("CREATE TABLE acknowledged (n int)")
            connection.execute("INSERT INTO acknowledged VALUES (1)")
        for words in ("hoctap.cli.main worker", "gunicorn", "postgres -D"):
            victim = member(child.pid, words)
            assert victim
            os.kill(victim, signal.SIGKILL)
            eventually(lambda words=words, victim=victim: member(child.pid, words) not in (0, victim))
        eventually(lambda: answers(child.address))
        everything = family(child.pid)
        worker, database = (member(child.pid, words) for words in ("hoctap.cli.main worker", "postgres -D"))
        assert worker and database
        child.send_signal(signal.SIGSTOP)
        os.kill(database, signal.SIGKILL)
        eventually(lambda: not alive(worker))  # without its database it ends
        child.kill()
        child.wait()
    eventually(lambda: not [pid for pid in everything if alive(pid)])

    with running(data, environment) as child:
        eventually(lambda: answers(child.address))
        with psycopg.connect(address(DataFolder(data))) as connection:
            assert connection.execute("SELECT count(*) FROM acknowledged").fetchone() == (1,)
        child.terminate()
        assert child.wait(PATIENCE) == 0


def test_a_database_whose_port_was_taken_meanwhile_is_found_again(data, environment):
    with running(data, environment) as child, socket.socket() as stranger:
        old = address(DataFolder(data))
        database = member(child.pid, "postgres -D")
        assert database
        child.send_signal(signal.SIGSTOP)
        os.kill(database, signal.SIGKILL)
        eventually(lambda: not working_in(data / "pg"))
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", DataFolder(data).saved(SECRETS)["port"]))
        stranger.listen()
        child.send_signal(signal.SIGCONT)
        for words in ("hoctap.cli.main worker", "gunicorn"):
            eventually(lambda words=words: database_of(member(child.pid, words)) not in ("", old))
        eventually(lambda: answers(child.address))
        assert database_of(member(child.pid, "gunicorn")) == address(DataFolder(data))


def test_a_taken_port_is_refused_by_name_and_passed_over_by_default():
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        taken = stranger.getsockname()[1]
        with pytest.raises(Refusal, match="--port"):
            up._port("127.0.0.1", taken)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(up, "PORT", taken)
            assert up._port("127.0.0.1", None) > taken


def test_help_needs_no_django():
    script = """
import contextlib, sys
from hoctap.cli.main import main
with contextlib.suppress(SystemExit):
    main(["--help"])
assert "django" not in sys.modules
"""
    shown = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    for command in ("up", "demo", "consolidate", "check", "backup", "restore"):
        assert re.search(rf"^    {command}\b", shown, re.MULTILINE)


@pytest.mark.django_db
def test_no_demo_world_on_top_of_real_units(cast, tmp_path):
    with pytest.raises(Refusal, match="--demo"):
        _make_demo_world(DataFolder(tmp_path))
    assert not (tmp_path / "demo.json").exists()
