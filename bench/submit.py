"""Reports sent through HTTP by 64 clients on the same machine: by the form's button, one a request, many a request.

The whole of ``hoctap up`` serves from a durable database: HTTP, sign-in, rights, checks, journal, notices, the fold. The
button keeps what is on the form as a draft, then sends it; one and many a request are ``POST /bao-cao/gui-nhieu/``.
Passed over: opening the form, and signing in (every leader and officer has a session already). Beside it, a bare INSERT
of the same row by as many connections. Processor time is that of web and database, all their processes together.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import queue
import random
import statistics
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench import house

SINGLY, TOGETHER, MOST_CPU = 250, 600, 4.0  # reports a second, reports a second, milliseconds a report
TURNS = 3
_CSRF = "c" * 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=120_000, help="base units; each sends one report")
    parser.add_argument("--clients", type=int, default=64)


@dataclass
class Job:
    """One request: who asks, and what; ``reports`` of them are acknowledged by an answer of ``status``."""

    session: str
    path: str
    kind: str
    body: str
    reports: int
    status: int


@dataclass
class Tally:
    """What a turn came to."""

    reports: int = 0
    seconds: float = 0.0
    web: float = 0.0  # seconds of processor time
    database: float = 0.0
    waits: list[float] = field(default_factory=list)  # seconds, one a request

    def per_second(self) -> float:
        return self.reports / self.seconds


def run(options: argparse.Namespace) -> dict:
    with house.place() as place:
        told = house.prepare(place / "data", options.units, by="bench._nation")
        served = house.House(place / "data")
        served.start()
        try:
            return {"units": options.units, "clients": options.clients} | _measure(
                served, told, options.clients
            )
        finally:
            served.stop()


FORM, ONE, MANY, BARE = "by the form's button", "one a request", "many a request", "bare INSERT"


def _measure(served: house.House, told: dict, clients: int) -> dict:
    office = _Office(served, told, clients)
    turns: dict[str, list[Tally]] = {FORM: [], ONE: [], MANY: [], BARE: []}
    units = told["units"]
    quarter = len(units) // 4
    forms, singles = _slices(units[:quarter]), _slices(units[quarter : 2 * quarter])
    batches = _slices(_by_desk(units[2 * quarter :]))
    for n in range(TURNS):
        turns[FORM].append(office.send(office.form(unit) for unit in forms[n]))
        turns[ONE].append(office.send(office.many(unit["session"], [unit]) for unit in singles[n]))
        turns[MANY].append(
            office.send(office.many(told["officers"][str(desk)], those) for desk, those in batches[n])
        )
        turns[BARE].append(office.insert(len(singles[n])))
    office.require_all_there_once()
    shown = {name: _summary(tallies) for name, tallies in turns.items()}
    singly = [shown[FORM], shown[ONE]]
    ok = all(one["reports/s"] >= SINGLY and one["CPU, ms"] <= MOST_CPU for one in singly)
    return {
        **shown,
        "times a bare INSERT's CPU": {
            name: round(shown[name]["CPU, ms"] / shown[BARE]["CPU, ms"], 1) for name in (FORM, ONE, MANY)
        },
        "acknowledged, and found once": office.acknowledged,
        "goals": {f"{FORM}, {ONE}": f"{SINGLY}/s, {MOST_CPU} ms", MANY: f"{TOGETHER}/s"},
        "ok": ok and shown[MANY]["reports/s"] >= TOGETHER,
    }


def _slices(things: list) -> list[list]:
    return [things[n::TURNS] for n in range(TURNS)]


def _by_desk(units: list[dict]) -> list[tuple[int, list[dict]]]:
    """Each desk's units in batches of at most 500, as ``POST /bao-cao/gui-nhieu/`` takes them."""
    above = {desk: list(those) for desk, those in itertools.groupby(sorted(units, key=_above), key=_above)}
    return [(desk, those[i : i + 500]) for desk, those in above.items() for i in range(0, len(those), 500)]


def _above(unit: dict) -> int:
    return unit["above"]


class _Office:
    """The clients, what they were told, and what the processes of the house cost meanwhile."""

    def __init__(self, served: house.House, told: dict, clients: int):
        self.served, self.told, self.clients = served, told, clients
        self.chance = random.Random(1)
        self.acknowledged = 0
        self.database = _address(served.data)

    def figures(self) -> list[int | None]:
        return self.chance.choice(self.told["vectors"])

    def form(self, unit: dict) -> Job:
        """The report as its page posts it, opened before anything was kept."""
        typed = {f"c{i}": "" if figure is None else str(figure) for i, figure in enumerate(self.figures())}
        hidden = {"version": "0", "token": str(uuid.uuid4()), "page": uuid.uuid4().hex}
        kind, body = "application/x-www-form-urlencoded", urlencode(typed | hidden)
        return Job(unit["session"], f"/bao-cao/{unit['report']}/gui/", kind, body, reports=1, status=302)

    def many(self, session: str, units: list[dict]) -> Job:
        reports = [
            {"unit": unit["unit"], "token": str(uuid.uuid4()), "figures": self.figures()} for unit in units
        ]
        body = json.dumps({"round": self.told["round"], "reports": reports})
        return Job(session, "/bao-cao/gui-nhieu/", "application/json", body, len(reports), status=200)

    def send(self, jobs: Iterator[Job]) -> Tally:
        waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        for job in jobs:
            waiting.put(job)
        for _ in range(self.clients):
            waiting.put(None)
        tally, failures = Tally(), []
        threads = [
            threading.Thread(target=self._client, args=[waiting, tally, failures])
            for _ in range(self.clients)
        ]
        with _timed(self.served, tally):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if failures:
            raise AssertionError(failures[0])
        self.acknowledged += tally.reports
        return tally

    def _client(self, waiting: queue.SimpleQueue, tally: Tally, failures: list[str]) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        while job := waiting.get():
            headers = {
                "Cookie": f"sessionid={job.session}; csrftoken={_CSRF}", "X-CSRFToken": _CSRF,
                "Content-Type": job.kind,
            }  # fmt: skip
            started = time.perf_counter()
            line.request("POST", job.path, job.body, headers)
            answer = line.getresponse()
            text = answer.read()
            tally.waits.append(time.perf_counter() - started)
            if answer.status != job.status or b'"taken": false' in text:
                failures.append(f"{answer.status} {text[:500].decode()}")
                return
            tally.reports += job.reports  # one thread at a time changes it: the interpreter's lock
        line.close()

    def insert(self, count: int) -> Tally:
        """As many rows of the same kind, each in a transaction of its own, from as many connections as the web has."""
        vectors, tally = self.told["vectors"], Tally(reports=count)
        share = -(-count // 8)

        def work(place: int) -> None:
            with psycopg.connect(self.database, autocommit=True) as connection:
                for n in range(share):
                    connection.execute(_BARE, [place * share + n, uuid.uuid4(), vectors[n % len(vectors)]])

        with psycopg.connect(self.database, autocommit=True) as connection:
            connection.execute("DROP TABLE IF EXISTS bare")
            connection.execute("CREATE TABLE bare (LIKE reports_revision INCLUDING ALL)")
        threads = [threading.Thread(target=work, args=[place]) for place in range(8)]
        tally.reports = share * len(threads)
        with _timed(self.served, tally):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return tally

    def require_all_there_once(self) -> None:
        """Every report acknowledged is in the database, once, and the nation's folded sums are theirs."""
        with psycopg.connect(self.database) as connection:
            found = connection.execute(
                "SELECT count(*), count(DISTINCT report_id) FROM reports_revision"
            ).fetchone()
        if found != (self.acknowledged, self.acknowledged):
            raise AssertionError(f"{self.acknowledged} acknowledged, but {found} found")
        check = subprocess.run(
            [*house.HOCTAP, "check", "--data", str(self.served.data)], env=house.environment(), check=False,
            capture_output=True, text=True,
        )  # fmt: skip
        if check.returncode:
            raise AssertionError(check.stdout + check.stderr)


_BARE = """
INSERT INTO bare (report_id, number, token, figures, content, reason, doc_number, authority, signer_position, signer_name,
  channel, made_by_id)
VALUES (%s, 1, %s, %s, '{"notes": {}, "texts": {}, "reasons": {}, "narrative": {}}', '', '', '', '', '', 'system', 1)
"""


@contextmanager
def _timed(served: house.House, tally: Tally) -> Iterator[None]:
    """Seconds on the clock and of the house's processors, into a tally."""
    before, started = served.seconds_run(), time.perf_counter()
    yield
    tally.seconds = time.perf_counter() - started
    for name, seconds in served.seconds_run().items():
        setattr(tally, name, seconds - before[name])


def _address(data: Path) -> str:
    from hoctap.kernel.folder import DataFolder
    from hoctap.kernel.postgres import address

    return address(DataFolder(data))


def _summary(tallies: list[Tally]) -> dict:
    rates = [tally.per_second() for tally in tallies]
    reports = sum(tally.reports for tally in tallies)
    shown = {
        "reports": reports,
        "reports/s": round(statistics.median(rates)),
        "spread": f"{min(rates):.0f}–{max(rates):.0f}",
        "CPU, ms": round(1000 * sum(t.web + t.database for t in tallies) / reports, 2),
        "of it database": round(1000 * sum(t.database for t in tallies) / reports, 2),
    }
    waits = sorted(itertools.chain.from_iterable(tally.waits for tally in tallies))
    if waits:
        shown["a request, ms"] = (
            f"{1000 * statistics.median(waits):.0f} (95 %: {1000 * waits[int(len(waits) * 0.95)]:.0f})"
        )
    return shown
