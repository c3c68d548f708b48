"""Child processes that never outlive us, and the account a database may run under."""

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """An operating system account (tài khoản hệ điều hành) to which root steps down."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Whether the account reaches ``folder``: tried for real, so access lists and mounts count too."""
        return self._test("-x", folder)

    def can_run(self, program: Path) -> bool:
        return self._test("-x", program)

    def owns(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)

    def _test(self, flag: str, path: Path) -> bool:
        done = subprocess.run(["/usr/bin/test", flag, str(path)], cwd="/", check=False, **step_down(self))
        return done.returncode == 0


def account_for(owned: Path) -> Account | None:
    """The account for the database kept in ``owned``; None when we are not root and run it ourselves.

    initdb refuses root, and a uid without a passwd entry. A database that is already there keeps its owner.
    """
    if os.geteuid() != 0:
        return None
    if owned.exists() and owned.stat().st_uid != 0:
        entry = pwd.getpwuid(owned.stat().st_uid)
    else:
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def step_down(account: Account | None) -> dict:
    """Arguments for ``subprocess`` that make a child run as ``account``."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def spawn(
    argv: list[str],
    *,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
    output: IO | None = None,
) -> subprocess.Popen:
    """Start a child in a session of its own; the kernel sends it ``death_signal`` if we die, however we die.

    A session of its own: Ctrl-C in the terminal reaches only us, and we stop the children in order. The
    death signal belongs to the *thread* that starts the child: call this from the main thread.
    """
    return subprocess.Popen(
        argv,
        cwd="/" if account else None,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=die_with(os.getpid(), death_signal),
        **step_down(account),
    )


def die_with(parent: int, death_signal: signal.Signals) -> Callable[[], None]:
    """What a new child calls to be sent ``death_signal`` when its parent dies."""

    def prepare() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the line above
            os._exit(1)

    return prepare


def stop(process: subprocess.Popen, steps: Iterable[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting so many seconds after it; the last one should be SIGKILL."""
    for number, seconds in steps:
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is ``folder``: PostgreSQL and its children move into their data."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.readlink(entry / "cwd") == str(folder) and alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def clear_out(folder: Path, leader: int | None, steps: Iterable[tuple[signal.Signals, float]]) -> None:
    """End what still works in ``folder``: the leader when it is there, else all of them."""
    for number, seconds in steps:
        here = working_in(folder)
        if not here:
            return
        for pid in [leader] if leader in here else here:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and working_in(folder):
            time.sleep(0.05)
