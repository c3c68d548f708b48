"""Classes marked through real HTTP: what one evening costs, and 200 phones that come back to the net at the same moment.

An evening: a session added to a class of 40, its 40 people marked in one sending, the session closed; processor time of
web and database, all their processes together. The outage: every phone holds ten sendings of five marks and has no
patience: one in ten is sent again though it arrived, one in ten loses its connection before the answer and is sent again
under the same id. Beside them, the same 40 rows by a bare INSERT. The first visit: the attendance page of that class with
its style, scripts and icons, as sent (gzip), fonts aside.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import random
import re
import statistics
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import psycopg

from bench import house
from bench._evening import OFFICERS

MOST_CPU, MOST_BYTES = 25.0, 60_000  # milliseconds an evening; bytes of a first visit
SENDINGS = 10  # that each phone holds
_CSRF = "c" * 32
_AGAIN = 0.1
WARM = 10  # evenings before it is measured


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--checkins", type=int, default=10_000)
    parser.add_argument("--evenings", type=int, default=100)


def run(options: argparse.Namespace) -> dict:
    classes = -(-options.phones // OFFICERS)
    people = -(-options.checkins // classes)
    with house.place() as place:
        told = house.prepare(place / "data", classes + 1, people, by="bench._evening")
        served = house.House(place / "data")
        served.start()
        try:
            with psycopg.connect(_database(served)) as connection:
                evening = _evening(served, told, options.evenings, connection)
                outage = _outage(served, told[:-1], connection)
            visit = _first_visit(served, told[-1])
        finally:
            served.stop()
    return {
        "an evening of 40": evening,
        "outage": outage,
        "first visit": visit,
        "goals": {"CPU, ms": MOST_CPU, "bytes": MOST_BYTES, "check-ins": "each once"},
        "ok": evening["CPU, ms"] <= MOST_CPU and outage["exactly once"] and visit["bytes"] <= MOST_BYTES,
    }


def _database(served: house.House) -> str:
    from hoctap.kernel.folder import DataFolder
    from hoctap.kernel.postgres import address

    return address(DataFolder(served.data))


class Phone:
    """One officer's phone: its sign-in, and a connection it may lose."""

    def __init__(self, port: int, session: str):
        self.port = port
        self.cookies = f"sessionid={session}; csrftoken={_CSRF}"
        self.line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: dict | None = None, **headers: str) -> tuple[int, bytes]:
        self.send(method, path, fields, **headers)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def send(self, method: str, path: str, fields: dict | None, **headers: str) -> None:
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        sent = {"Cookie": self.cookies, "X-CSRFToken": _CSRF, **headers}
        if fields is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, None if fields is None else urlencode(fields), sent)

    def hang_up(self) -> None:
        if self.line:
            self.line.close()
        self.line = None

    def mark(self, session: int, op: str, people: list[int], act: str = "save") -> tuple[int, bytes]:
        return self.ask("POST", f"/diem-danh/{session}/", _marks(people, act), **_queued(op))


def _queued(op: str) -> dict[str, str]:
    return {"X-Op": op, "X-Phone-Now": datetime.now(UTC).isoformat(), "HX-Request": "true"}


def _marks(people: list[int], act: str = "save") -> dict[str, str]:
    now = datetime.now(UTC).isoformat()
    return {"act": act, "at": now, "marks": json.dumps([{"p": one, "v": 1, "t": now} for one in people])}


def _evening(served: house.House, told: list[dict], times: int, connection: psycopg.Connection) -> dict:
    """Costs of adding, marking and closing, one class after another; of as many bare inserts of the rows it leaves."""
    phones = [Phone(served.port, one["signed in"][0]) for one in told]
    day = datetime.now(UTC) - timedelta(days=1)
    for n in range(-WARM, times):
        if n == 0:
            before, started = served.seconds_run(), time.perf_counter()
        when = day - timedelta(days=n + WARM)
        phone, one = phones[n % len(told)], told[n % len(told)]
        people = one["people"][:40]
        _need(302, phone.ask("POST", f"/hoat-dong/{one['activity']}/buoi/", {
            "day": f"{when:%d/%m/%Y}", "start": "18:30", "end": "20:30", "place": "TTHTCĐ",
        }))  # fmt: skip
        newest = "SELECT max(id) FROM activities_session"
        session = connection.execute(newest).fetchone()[0]
        connection.rollback()
        _need(200, phone.mark(session, str(uuid.uuid4()), people))
        _need(200, phone.mark(session, str(uuid.uuid4()), [], act="close"))
    wall = (time.perf_counter() - started) / times
    after = served.seconds_run()
    cpu = {name: 1000 * (after[name] - before[name]) / times for name in after}
    bare = _bare(served, connection, people, times)
    return {
        "times": times,
        "CPU, ms": round(sum(cpu.values()), 1),
        "of it database": round(cpu["database"], 1),
        "on the clock, ms": round(1000 * wall, 1),
        "bare INSERT of 40 rows, CPU of the database, ms": bare,
    }


def _bare(served: house.House, connection: psycopg.Connection, people: list[int], times: int) -> float:
    connection.execute("CREATE TABLE bare (LIKE activities_attendance INCLUDING ALL)")
    connection.commit()
    before = served.seconds_run()["database"]
    for n in range(times):
        with connection.cursor() as cursor:
            cursor.executemany(_BARE, [[n, person] for person in people])
        connection.commit()
    return round(1000 * (served.seconds_run()["database"] - before) / times, 1)


_BARE = """
INSERT INTO bare (session_id, person_id, part, present, walk_in, way, at, said_at)
VALUES (%s, %s, 'learner', true, false, 'name', now(), now())
"""


@dataclass
class Tally:
    sent: int = 0
    again: int = 0
    lost: int = 0
    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def _outage(served: house.House, told: list[dict], connection: psycopg.Connection) -> dict:
    """All phones at once, each its queue in order."""
    tally, threads = Tally(), []
    for number, one in enumerate(told):
        for m, session in enumerate(one["signed in"]):
            mine = one["people"][m::OFFICERS]
            chance = random.Random(f"{number} {m}")
            phone = Phone(served.port, session)
            given = (phone, one["session"], mine, chance, tally)
            threads.append(threading.Thread(target=_empty_queue, args=given))
    before, started = served.seconds_run(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    cpu = {name: after - before[name] for name, after in served.seconds_run().items()}
    sessions = [one["session"] for one in told]
    wanted = sum(len(one["people"]) for one in told)
    rows, persons = connection.execute(
        "SELECT count(*), count(DISTINCT (session_id, person_id)) FROM activities_attendance "
        "WHERE session_id = ANY(%s) AND present",
        [sessions],
    ).fetchone()
    ops = connection.execute(
        "SELECT count(*) FROM activities_mark WHERE session_id = ANY(%s)", [sessions]
    ).fetchone()[0]
    return {
        "phones": len(threads),
        "check-ins": wanted,
        "found": rows,
        "exactly once": rows == persons == wanted and ops == tally.sent and not tally.failures,
        "sendings": tally.sent,
        "sent again": tally.again,
        "connections lost": tally.lost,
        "seconds": round(seconds, 1),
        "check-ins/s": round(wanted / seconds),
        "CPU, ms a sending": round(1000 * sum(cpu.values()) / (tally.sent + tally.again), 1),
        "a sending, ms": f"{1000 * statistics.median(tally.waits):.0f} (95 %: {_late(tally.waits):.0f})",
        "failures": tally.failures[:3],
    }


def _late(waits: list[float]) -> float:
    return 1000 * sorted(waits)[int(len(waits) * 0.95)]


def _empty_queue(phone: Phone, session: int, people: list[int], chance: random.Random, tally: Tally) -> None:
    size = -(-len(people) // SENDINGS)
    for at in range(0, len(people), size):
        op, part = str(uuid.uuid4()), people[at : at + size]
        if chance.random() < _AGAIN:  # the answer never comes
            phone.send("POST", f"/diem-danh/{session}/", _marks(part), **_queued(op))
            phone.hang_up()
            tally.lost += 1
            tally.again += 1
        for _ in range(1 + (chance.random() < _AGAIN)):
            started = time.perf_counter()
            if not _until_it_lands(phone, session, op, part, tally):
                return
            tally.waits.append(time.perf_counter() - started)
        tally.sent += 1
    phone.hang_up()


def _until_it_lands(phone: Phone, session: int, op: str, part: list[int], tally: Tally) -> bool:
    for _try in range(30):
        try:
            status, text = phone.mark(session, op, part)
        except (OSError, http.client.HTTPException):
            phone.hang_up()
            status, text = 503, b""
        if status == 200:
            return True
        if status < 500:
            tally.failures.append(f"{status} {text[:300].decode()}")
            return False
        tally.again += 1
        time.sleep(0.2)
    tally.failures.append("no answer")
    return False


def _first_visit(served: house.House, told: dict) -> dict:
    phone = Phone(served.port, told["signed in"][0])

    def fetched(path: str) -> bytes:
        phone.send("GET", path, None, **{"Accept-Encoding": "gzip"})
        body = phone.line.getresponse().read()
        sizes[path.rpartition("/")[2] or "page"] = len(body)
        return body

    sizes: dict[str, int] = {}
    html = gzip.decompress(fetched(f"/diem-danh/{told['session']}/")).decode()
    files = {*re.findall(r'"(/static/[^"#]+\.(?:js|css|svg))', html), "/static/hoctap/queue.js", "/sw.js"}
    for path in sorted(files):
        fetched(path)
    return {"bytes": sum(sizes.values()), "of it": sizes}


def _need(status: int, answer: tuple[int, bytes]) -> None:
    if answer[0] != status:
        raise AssertionError(f"{answer[0]} instead of {status}: {answer[1][-600:].decode(errors='replace')}")
