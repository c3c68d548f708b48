"""Keeping child processes running: one that dies is started again, ever more slowly."""

import os
import signal
import subprocess
import time

from hoctap.kernel.processes import spawn

LONGEST_PAUSE = 30.0  # seconds
SETTLED = 60.0  # seconds after which a child counts as well


class Child:
    """One supervised program (tiến trình con)."""

    def __init__(self, name: str, argv: list[str], env: dict[str, str]):
        self.name, self.argv, self.env = name, argv, env
        self.process: subprocess.Popen | None = None
        self._started = self._due = 0.0
        self._pause = 1.0

    def start(self) -> None:
        self.process = spawn(self.argv, env=self.env)
        self._started = time.monotonic()

    def restart(self, env: dict[str, str]) -> None:
        """Ended now, started again with another environment as one that died."""
        self.env = env
        if not self.dead:
            self.process.terminate()

    @property
    def dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def look_after(self) -> None:
        """Start again when dead and due; to be called several times a second."""
        now = time.monotonic()
        if not self.dead:
            if now - self._started > SETTLED:
                self._pause = 1.0
            return
        if self._due < self._started:  # newly dead
            print(
                f"Tiến trình {self.name} đã dừng bất ngờ, sẽ chạy lại sau {self._pause:.0f} giây.", flush=True
            )
            self._due = now + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if now >= self._due:
            self.start()


def stop_all(children: list[Child], seconds: float = 15.0) -> None:
    """Ask all at once, wait, then end by force whatever is left of them, their own children included."""
    started = [child.process for child in children if child.process]
    for process in started:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + seconds
    for process in started:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)  # each leads a group of its own
        except ProcessLookupError:
            continue
        process.wait()
