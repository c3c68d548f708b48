"""Starting, finding again and stopping the private PostgreSQL server."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import Busy, DataFolder, shared
from hoctap.kernel.postgres import binaries as programs
from hoctap.kernel.postgres.cluster import ENVIRONMENT, SECRETS, prepare
from hoctap.kernel.processes import clear_out, spawn, stop, working_in

NAME = "hoctap"  # of the role and of the database
LONGEST_SOCKET = 107  # bytes of a path in sockaddr_un, without its end mark
PATIENCE = 600  # seconds a crash recovery may take
STOPPING = ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10))  # fast, immediate, by force

# Small on purpose: web, worker and database together stay within 400 MB.
SETTINGS = {
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "48MB",
    "max_wal_size": "512MB",
    "max_connections": "40",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "Asia/Ho_Chi_Minh",
    # A failing statement may carry names and figures: the log keeps the error only.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
THROWN_AWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Server:
    """A running private database; ``url`` is its DATABASE_URL, password included."""

    def __init__(self, folder: DataFolder, *, durable: bool = True):
        self.folder = folder
        self.account = folder.account
        self.binaries = programs.find(self.account)
        self.safety = DURABLE if durable else THROWN_AWAY
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return address(self.folder)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start on the saved port or, when it is taken, on another; return once a real connection works."""
        prepare(self.folder, self.binaries, self.account)
        self._end_orphans()
        for attempt in range(5):
            port = self._choose_port()
            self._spawn(port)
            connection = self._connect(port)
            if connection:
                with connection:
                    self._ensure_database(connection)
                connection.close()
                return
            time.sleep(0.2 * attempt)
        raise Refusal(f"Không khởi động được cơ sở dữ liệu. Cuối nhật ký {self._log}:\n{self._log_end()}")

    def stop(self) -> None:
        """Stop cleanly: fast, then immediate."""
        if self.process:
            stop(self.process, STOPPING)

    @property
    def _log(self) -> Path:
        return self.folder.path / "postgres.log"

    def _log_end(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-8:])

    def _end_orphans(self) -> None:
        """We hold the folder's lock, so whatever still works in it was left by a start that was killed.

        Its lock files would frighten PostgreSQL when their process number lives on: as a stranger's, or as
        a dead process that nobody has buried.
        """
        pid_file = self.folder.cluster / "postmaster.pid"
        leader = _first_number(pid_file)
        clear_out(self.folder.cluster, leader, STOPPING)
        if leader and not working_in(self.folder.cluster) and Path(f"/proc/{leader}").exists():
            pid_file.unlink(missing_ok=True)
        for left in self.folder.sockets.iterdir():
            left.unlink()

    def _choose_port(self) -> int:
        saved = self.folder.saved(SECRETS)
        port = saved.get("port")
        if not port or not _is_free(port):
            port = _free_port()
            self.folder.save(SECRETS, saved | {"port": port})
        return port

    def _spawn(self, port: int) -> None:
        place = str(self.folder.sockets) if socket_fits(self.folder, port) else ""
        options = (
            SETTINGS
            | self.safety
            | {
                "listen_addresses": "127.0.0.1",
                "port": str(port),
                "unix_socket_directories": place,
            }
        )
        command = [self.binaries.program("postgres"), "-D", str(self.folder.cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        if self._log.exists() and self._log.stat().st_size > 10_000_000:
            self._log.replace(self._log.with_suffix(".log.1"))
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self.process = spawn(
                command, account=self.account, death_signal=signal.SIGINT, env=ENVIRONMENT, output=log
            )

    def _connect(self, port: int) -> psycopg.Connection | None:
        """A connection, retried while the server recovers; None when the server gave up."""
        password = self.folder.saved(SECRETS).get("admin", "")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return psycopg.connect(
                    host="127.0.0.1", port=port, user="postgres", password=password, dbname="postgres",
                    connect_timeout=10, autocommit=True,
                )  # fmt: skip
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    self.stop()
                    raise Refusal(
                        f"Mật khẩu trong {self.folder.path / SECRETS} không khớp với cơ sở dữ liệu."
                        " Hãy lấy lại tệp này từ bản sao của thư mục dữ liệu."
                    ) from None
                if not self.running:
                    return None
                if time.monotonic() > deadline:
                    self.stop()
                    raise
            time.sleep(0.03)

    def _ensure_database(self, connection: psycopg.Connection) -> None:
        """The role and the database; asked at every start, so a first start may be cut off anywhere."""
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
            password = self.folder.saved(SECRETS)["password"]
            create = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(create.format(sql.Identifier(NAME), sql.Literal(password)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def launch(folder: DataFolder, *, durable: bool = True) -> Server:
    """Start the private database of a folder whose lock the caller holds. Call from the main thread."""
    server = Server(folder, durable=durable)
    server.start()
    return server


@contextmanager
def temporary() -> Iterator[Server]:
    """A database of one's own that is thrown away afterwards (tests, ``hoctap demo``); not durable."""
    folder = DataFolder(_temporary_path())
    try:
        folder.lock("temporary")
        server = Server(folder, durable=False)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        folder.unlock()
        shutil.rmtree(folder.path)


def named_outside() -> str | None:
    """DATABASE_SESSION_URL, else DATABASE_URL: a pooler of transactions, which may stand before the second, keeps no
    locks of a session, passes no LISTEN on, and cannot dump."""
    return os.environ.get("DATABASE_SESSION_URL") or os.environ.get("DATABASE_URL")


@contextmanager
def opened(folder: DataFolder, command: str) -> Iterator[str]:
    """The address of the database to work on: the one named outside, else the running one, else started meanwhile."""
    named = named_outside()
    if named:
        yield named
        return
    try:
        folder.lock(command)
    except Busy:
        yield address(folder)
        return
    try:
        server = launch(folder)
        try:
            yield server.url
        finally:
            server.stop()
    finally:
        folder.unlock()


def address(folder: DataFolder) -> str:
    """DATABASE_URL of the folder's server: through its socket where the path is short enough, else TCP."""
    saved = folder.saved(SECRETS)
    password, port = saved["password"], saved["port"]
    if socket_fits(folder, port):
        return f"postgres://{NAME}:{password}@:{port}/{NAME}?host={quote(str(folder.sockets), safe='/')}"
    return f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"


def socket_fits(folder: DataFolder, port: int) -> bool:
    return len(os.fsencode(folder.sockets / f".s.PGSQL.{port}.lock")) <= LONGEST_SOCKET


def _temporary_path() -> Path:
    """A new folder that the database account can enter."""
    path = Path(tempfile.mkdtemp(prefix="hoctap-"))
    account = DataFolder(path).account
    if account is None:
        return path
    path.chmod(0o711)
    if not account.can_enter(path):
        path.rmdir()
        path = Path(tempfile.mkdtemp(dir=shared(), prefix="tmp-"))
        path.chmod(0o711)
    return path


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
