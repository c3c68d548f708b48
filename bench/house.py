"""``hoctap up`` on a data folder of its own: started, found process by process, killed and stopped for real."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]
HOCTAP = [sys.executable, "-P", "-m", "hoctap.cli.main"]
PATIENCE = 120.0  # seconds


@contextmanager
def place() -> Iterator[Path]:
    """A folder that root's database account may pass through, thrown away afterwards."""
    path = Path(tempfile.mkdtemp(prefix="hoctap-bench-"))
    path.chmod(0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path)


def environment() -> dict[str, str]:
    """Without the database and the folder of whoever runs the benchmark."""
    names = ("DATABASE", "DJANGO", "HOCTAP")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def prepare(data: Path, *words: object, by: str = "bench._prepare") -> Any:
    """A data folder with a world in it, made by that module; what it tells about it."""
    command = [sys.executable, "-P", "-m", by, str(data), *map(str, words)]
    done = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def copy(data: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)
    return to


class House:
    """What one ``hoctap up`` started. ``start`` returns once the first page came."""

    def __init__(self, data: Path):
        self.data = data
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data / "up.log"
        self.process: subprocess.Popen | None = None

    def start(self) -> float:
        """Seconds until the first page."""
        started = time.perf_counter()
        with self.log.open("ab") as log:
            said = log.tell()
            self.process = subprocess.Popen(
                [*HOCTAP, "up", "--data", str(self.data), "--port", str(self.port)],
                env=environment(),
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + PATIENCE
        while "Dừng: Ctrl-C" not in self.log.read_bytes()[said:].decode():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"hoctap up does not come up: {self.said()}")
            time.sleep(0.02)
        return time.perf_counter() - started

    def said(self) -> str:
        """The last words of ``up`` itself; log entries left out."""
        lines = self.log.read_text().splitlines()
        return "\n".join([line for line in lines if not line.startswith("{")][-8:])

    def stop(self) -> None:
        """Ctrl-C; everything must be gone afterwards, what is just dying in a moment."""
        family = self.family()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while (left := list(filter(_runs, family))) and time.monotonic() < deadline:
            time.sleep(0.1)
        if code or left:
            raise AssertionError(f"hoctap up ended with {code} and left {left}")

    def end(self) -> None:
        """By force, whatever state it is in; parents first, so that none starts a child again."""
        for one in self.family():
            _kill(one)
        self.process.wait(PATIENCE)

    def family(self) -> list[psutil.Process]:
        """``up`` and all below it, in no group that others could be in."""
        try:
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def members(self) -> dict[str, list[psutil.Process]]:
        """The family by what it does: up, web, worker, database."""
        found: dict[str, list[psutil.Process]] = {"up": [], "web": [], "worker": [], "database": []}
        for one in self.family():
            words = _words(one)
            name = next((name for sign, name in _SIGNS if sign in words), None)
            if name:
                found[name].append(one)
        return found

    def seconds_run(self) -> dict[str, float]:
        """Of processors, by web and database; what ended is in what their first processes say of their children."""
        members = self.members()
        return {
            name: sum(_seconds_run(one, with_ended=one is members[name][0]) for one in members[name])
            for name in ("web", "database")
        }

    def kill(self, victim: str, chance: random.Random) -> bool:
        """SIGKILL one of VICTIMS; False when it is not there at this moment."""
        if victim == "everything":
            self.end()
            return True
        member, which = VICTIMS[victim]
        those = self.members()[member]
        those = those[1:] if which == "child" else those[:1]
        return _kill(chance.choice(those)) if those else False


# Of a member: its first process, or one of those the first one started.
VICTIMS = {
    "web": ("web", "first"),
    "web process": ("web", "child"),
    "worker": ("worker", "first"),
    "database": ("database", "first"),
    "database process": ("database", "child"),
    "everything": ("", ""),
}
_SIGNS = (
    ("gunicorn", "web"),
    ("hoctap.cli.main worker", "worker"),
    ("postgres", "database"),
    ("main up", "up"),
)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def _seconds_run(process: psutil.Process, *, with_ended: bool) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    ended = times.children_user + times.children_system if with_ended else 0.0
    return times.user + times.system + ended


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def free_port() -> int:
    """Below the ports that the system gives to callers: one of those, trying to reach a server that is just down,
    may be given the server's own port, reach itself and keep the server from coming back."""
    for port in random.sample(range(20000, 30000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")
