"""Leaders who sign in through real HTTP and send the reports of their units, whatever happens to the server.

Whoever gets no answer sends the same form again, as a person would; some click twice, some lose their connection
before the answer.
"""

import random
import threading
import time
from dataclasses import dataclass

from bench.visitor import Answer, Lost, Visitor

DOUBLE_CLICKS = LOST_CONNECTIONS = 0.1  # of the reports
PATIENCE = 180.0  # seconds after which a report that nobody takes is a failure
CELLS = (28, 29, 31, 32)  # lines 2, 3, 4.1, 4.2: nothing is checked against them
_WORDS = {"kq": "Hoàn thành kế hoạch.", "signer_name": "Nguyễn Văn Thử"}


@dataclass
class Sent:
    """One report as its client remembers it."""

    obligation: int
    token: str
    figures: dict[int, int]
    tries: int = 0
    begun: float = 0.0  # the last try, on the wall clock and in monotonic seconds
    begun_at: float = 0.0
    acknowledged_at: float = 0.0


class Office:
    """What the clients share: who still has what to send, and what was acknowledged."""

    def __init__(self, told: dict):
        self.password = told["password"]
        self.queues: dict[str, list[dict]] = {}
        for child in told["children"]:
            self.queues.setdefault(child["user"], []).append(child)
        self.total = len(told["children"])
        self.sent: list[Sent] = []
        self.failures: list[str] = []
        self.double_clicks = 0
        self.changed = threading.Condition()

    def note(self, sent: Sent) -> None:
        with self.changed:
            self.sent.append(sent)
            self.changed.notify_all()

    def pause_after(self, moment: float) -> float:
        """Seconds from then until a report that was begun later was acknowledged."""
        return min((s.acknowledged_at - moment for s in self.sent if s.begun > moment), default=0.0)

    def wait_for(self, count: int) -> None:
        """Until so many were acknowledged, or somebody failed."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.sent) >= count or self.failures, PATIENCE)


class Client(threading.Thread):
    """One leader with many seats: goes from unit to unit and sends each report until it is acknowledged."""

    def __init__(self, office: Office, address: str, username: str, seed: int):
        super().__init__(name=username, daemon=True)
        self.office, self.username = office, username
        self.chance = random.Random(f"{seed} {username}")
        self.browser = Visitor(address)
        self.second = self.browser.twin()
        self.took = 0.0  # seconds until the last report was acknowledged

    def run(self) -> None:
        try:
            self._until_it_works(lambda: self.browser.sign_in(self.username, self.office.password))
            for child in self.office.queues[self.username]:
                self._send(child)
        except Exception as failure:  # the trial reports it; a thread's end would go unnoticed
            with self.office.changed:
                self.office.failures.append(f"{self.username}: {failure!r}")
                self.office.changed.notify_all()
        finally:
            self.browser.close()
            self.second.close()

    def _until_it_works(self, act):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except Lost:
                if time.monotonic() > deadline:
                    raise
                time.sleep(self.chance.uniform(0.05, 0.4))

    def _send(self, child: dict) -> None:
        path = f"/bao-cao/{child['obligation']}/"
        hidden = self._until_it_works(lambda: self._open(child, path))
        figures = {cell: self.chance.randrange(0, 1000) for cell in CELLS}
        fields = hidden | _WORDS | {f"c{cell}": str(value) for cell, value in figures.items()}
        sent = Sent(child["obligation"], hidden["token"], figures)
        twice, leaves = self.chance.random() < DOUBLE_CLICKS, self.chance.random() < LOST_CONNECTIONS
        if leaves:
            self._until_it_works(lambda: self.browser.post_and_leave(f"{path}gui/", fields))
            sent.tries += 1
            # Some send again while the first is under way, others when it has surely arrived, however busy the machine is.
            time.sleep(self.chance.uniform(0.05, 0.4) + self.chance.choice((0, 2)) * self.took)
        self._until_it_works(lambda: self._post(sent, path, fields, twice))
        sent.acknowledged_at = time.monotonic()
        self.office.note(sent)

    def _open(self, child: dict, path: str) -> dict[str, str]:
        """Take the unit's seat and open its form; its hidden fields."""
        _expect(self.browser.post("/vi-tri/", {"seat": str(child["seat"])}), 302, "/")
        hidden = _expect(self.browser.get(path), 200).hidden
        return {name: value for name, value in hidden.items() if name in ("version", "token", "page")}

    def _post(self, sent: Sent, path: str, fields: dict[str, str], twice: bool) -> None:
        sent.tries += 1
        sent.begun, sent.begun_at = time.monotonic(), time.time()
        other = threading.Thread(target=self._click_again, args=[path, fields]) if twice else None
        if other:
            other.start()
        try:
            _expect(self.browser.post(f"{path}gui/", fields), 302, path)
            self.took = time.monotonic() - sent.begun
        finally:
            if other:
                other.join()

    def _click_again(self, path: str, fields: dict[str, str]) -> None:
        with self.office.changed:
            self.office.double_clicks += 1
        try:
            _expect(self.second.post(f"{path}gui/", fields), 302, path)
        except Lost:
            return
        except AssertionError as failure:
            self.office.failures.append(f"{self.username}, second click: {failure}")


def _expect(answer: Answer, status: int, location: str = "") -> Answer:
    if (answer.status, answer.location) != (status, location):
        raise AssertionError(
            f"{answer.status} {answer.location} instead of {status} {location}: {answer.text[-2000:]}"
        )
    return answer
