"""Several machines on one: a primary and a streaming standby, pgbouncer before them, webs, workers and folders."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from bench.house import HOCTAP, ROOT, environment, free_port
from hoctap.cli.supervise import Child, stop_all
from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import Server
from hoctap.kernel.postgres.cluster import SECRETS
from hoctap.kernel.processes import spawn, step_down, working_in
from tests.waiting import answers, eventually

GUIDE = (ROOT / "docs" / "how" / "run-on-several-machines.md").read_text()
DB1 = "host=10.0.0.11 port=5432"


def guide(name: str) -> str:
    """The block of docs/how/run-on-several-machines.md that begins with this remark."""
    return re.search(rf"```\w+\n *(?:#|--) {re.escape(name)}\n(.*?)```", GUIDE, re.DOTALL)[1]


def pooler_program() -> str:
    """pgbouncer, which .ci/run installs; elsewhere the test is left out without it."""
    found = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None and os.environ.get("CI") != "true":
        pytest.skip("pgbouncer is not installed")
    assert found, "pgbouncer is not installed"
    return found


class Database:
    """One database server in a folder of its own."""

    def __init__(self, path: Path):
        self.folder = DataFolder(path)
        self.folder.lock("test")
        self.server = Server(self.folder)

    @property
    def port(self) -> int:
        return self.folder.saved(SECRETS)["port"]

    @property
    def password(self) -> str:
        return self.folder.saved(SECRETS)["password"]

    @property
    def url(self) -> str:
        return f"postgres://hoctap:{self.password}@127.0.0.1:{self.port}/hoctap"

    def ask(self, query: str, *, admin: bool = False):
        """The first value of the first row, if there is any."""
        as_admin = f"postgres://postgres:{self.folder.saved(SECRETS)['admin']}@127.0.0.1:{self.port}/postgres"
        with psycopg.connect(as_admin if admin else self.url, autocommit=True) as connection:
            found = connection.execute(query)
            return found.fetchone()[0] if found.description else None

    def standby(self, path: Path) -> "Database":
        """A streaming copy of this server, started."""
        copy = Database(path)
        saved = self.folder.saved(SECRETS)
        copy.folder.save(SECRETS, {name: saved[name] for name in ("admin", "password")})
        account = self.server.account
        copy.folder.cluster.mkdir(mode=0o700)
        if account:
            account.owns(copy.folder.cluster)
        command = f"{self.server.binaries.program('pg_basebackup')} -D {copy.folder.cluster} -R -c fast"
        subprocess.run(
            f"{command} -h 127.0.0.1 -p {self.port} -U postgres".split(),
            env={"PGPASSWORD": saved["admin"], "PGAPPNAME": "standby", "LC_ALL": "C.UTF-8"},
            cwd="/",
            check=True,
            **step_down(account),
        )
        copy.server.start()
        return copy

    def wait_for_standby(self) -> None:
        """From now on a commit is acknowledged when the standby has it, too."""
        self.carry_out(guide("from now on"))
        state = "SELECT coalesce(max(sync_state), '') FROM pg_stat_replication"
        eventually(lambda: self.ask(state, admin=True) == "sync")

    def wait_for_nobody(self) -> None:
        self.carry_out("ALTER SYSTEM SET synchronous_standby_names = ''; SELECT pg_reload_conf();")

    def carry_out(self, statements: str) -> None:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            self.ask(statement, admin=True)

    def kill(self) -> None:
        """As when the machine loses its current."""
        for pid in working_in(self.folder.cluster):
            with suppress(ProcessLookupError):  # it went with those before it
                os.kill(pid, signal.SIGKILL)
        self.server.process.wait()

    def close(self) -> None:
        self.server.stop()
        self.folder.unlock()


def either(one: Database, other: Database) -> str:
    """The address of several hosts: whichever is the primary."""
    where = f"host=127.0.0.1,127.0.0.1&port={one.port},{other.port}"
    return f"postgres://hoctap:{one.password}@/hoctap?{where}&target_session_attrs=read-write"


class Pooler:
    """pgbouncer, leading to one of the databases."""

    def __init__(self, path: Path, to: Database):
        self.path, self.account, self.port = path, to.server.account, free_port()
        path.mkdir()
        (path / "userlist.txt").write_text(f'"hoctap" "{to.password}"\n')
        self._write(to)
        self.url = f"postgres://hoctap:{to.password}@127.0.0.1:{self.port}/hoctap"
        self.session_url = f"{self.url}_session"
        with (path / "log").open("wb") as log:
            command = [pooler_program(), str(path / "pgbouncer.ini")]
            self.process = spawn(command, account=self.account, env={"PATH": "/usr/bin:/bin"}, output=log)

    def lead_to(self, database: Database) -> None:
        self._write(database)
        self.process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()

    def _write(self, database: Database) -> None:
        text = (
            guide("pgbouncer.ini").replace("/etc/pgbouncer", str(self.path)).replace("6432", str(self.port))
        )
        assert text.count(DB1) == 2
        (self.path / "pgbouncer.ini").write_text(text.replace(DB1, f"host=127.0.0.1 port={database.port}"))
        for path in (self.path, *self.path.iterdir()):
            if self.account:
                self.account.owns(path)


class Machines:
    """All of them; ``look_after`` is their supervisor, and must be called several times a second."""

    def __init__(self, path: Path, stack: ExitStack):
        self.path, self.stack, self.children = path, stack, []
        self.primary = Database(path / "first")
        self.stack.callback(self.primary.close)
        self.primary.server.start()
        for line in guide("postgresql.conf").splitlines():  # kept in the copy, too
            self.primary.ask(f"ALTER SYSTEM SET {line}", admin=True)

    def prepare(self, units: int, users: int) -> dict:
        """The world (bench/_prepare.py) and the static files; what is told of it."""
        return json_of(
            [sys.executable, "-P", "-m", "bench._prepare", str(self.data), str(units), str(users)],
            environment() | {"DATABASE_URL": self.primary.url},
        )

    @property
    def data(self) -> Path:
        return self.path / "data"

    def replicate(self) -> None:
        """A standby whose copy every acknowledged commit has reached."""
        self.standby = self.primary.standby(self.path / "second")
        self.stack.callback(self.standby.close)
        self.primary.wait_for_standby()

    def open(self, **more: str) -> list[str]:
        """Pooler, two webs, two workers, two folders; the webs' addresses once they answer."""
        self.pooler = Pooler(self.path / "pooler", self.primary)
        self.stack.callback(self.pooler.close)
        shared = environment() | {
            "DATABASE_URL": self.pooler.url,
            "DATABASE_SESSION_URL": self.pooler.session_url,
            "HOCTAP_SECRET_KEY": "k" * 50,
            **more,
        }
        self.shared = shared
        ports = [free_port(), free_port()]
        words = [("web", "--port", str(port), "--processes", "2") for port in ports]
        words += [("worker",), ("folder",)] * 2
        self.children = [Child(w[0], [*HOCTAP, *w, "--data", str(self.data)], shared) for w in words]
        self.stack.callback(lambda: stop_all(self.children))
        for child in self.children:
            child.start()
        for port in ports:
            eventually(lambda port=port: answers(port), self.look_after)
        return [f"http://127.0.0.1:{port}" for port in ports]

    def look_after(self) -> None:
        for child in self.children:
            child.look_after()

    def fail_over(self) -> None:
        """The primary is gone; the standby takes its place."""
        self.primary.kill()
        self.standby.carry_out(guide("promote"))
        self.pooler.lead_to(self.standby)

    @property
    def either_database(self) -> str:
        return either(self.primary, self.standby)

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess:
        command = [*HOCTAP, *words, "--data", str(self.data)]
        return subprocess.run(command, env=self.shared | more, capture_output=True, text=True, check=False)


@contextmanager
def machines(path: Path) -> Iterator[Machines]:
    pooler_program()
    with ExitStack() as stack:
        yield Machines(path, stack)


def json_of(command: list[str], env: dict) -> dict:
    done = subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)
