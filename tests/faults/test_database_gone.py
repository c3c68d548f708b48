"""A database that stops and comes back under a serving process: words meanwhile, and everything works again by itself."""

import http.client
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from urllib.parse import urlencode

import psycopg
import psycopg_pool
import pytest
from django.db import OperationalError
from psycopg import errors

from bench.house import HOCTAP, environment, free_port, place
from bench.people import CELLS
from bench.visitor import Visitor
from hoctap.kernel.limits import was_lost
from hoctap.kernel.processes import spawn
from tests.faults.machines import Database, either, guide, json_of
from tests.waiting import PATIENCE, answers, eventually

pytestmark = pytest.mark.postgres
AT_ONCE = 12  # more than have a connection to the database
WAITING = "pg_stat_activity WHERE usename = 'hoctap' AND wait_event_type = 'Lock'"
# Statements may take so long, a page waits a fifth of it for room and a third for a connection (desk.gate, settings): by
# itself 3 and 5 seconds, in which a busy machine neither answers twelve nor starts a database.
PATIENT = {"HOCTAP_STATEMENT_TIMEOUT": "90"}
FORM = "application/x-www-form-urlencoded"
SAYS = "Cơ sở dữ liệu không trả lời"
Seen = tuple[int, http.client.HTTPMessage, str]


class Person(Visitor):
    """Sees every answer, also an excuse: status, headers and text."""

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Seen:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Origin": self.origin, "Content-Type": FORM}
        body = fields and urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields})
        with closing(http.client.HTTPConnection(self.host, timeout=PATIENCE)) as line:
            line.request("POST" if fields else "GET", path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def ask_often(self, path: str) -> list[Seen]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(self.ask, [path] * AT_ONCE))


class Trial:
    """One serving process before a database and its standby; the officer who gathers, a leader who sends."""

    def __init__(self, address: str, database: Database, standby: Database, told: dict):
        self.database, self.standby, child = database, standby, told["children"][0]
        self.consolidation = f"/tong-hop/{told['node']}/"
        self.report = f"/bao-cao/{child['obligation']}/"
        self.officer, self.leader = Person(address), Person(address)
        self.officer.sign_in(told["officer"], told["password"])
        self.leader.sign_in(child["user"], told["password"])
        self.leader.post("/vi-tri/", {"seat": str(child["seat"])})

    def close(self) -> None:
        self.officer.close()
        self.leader.close()

    def form(self) -> dict[str, str]:
        hidden = self.leader.get(self.report).hidden
        form = {name: hidden[name] for name in ("version", "token", "page")}
        return form | {f"c{cell}": "7" for cell in CELLS} | {"signer_name": "A", "kq": "b"}


@contextmanager
def web(data, url: str):
    port = free_port()
    command = [*HOCTAP, "web", "--port", str(port), "--data", str(data)]
    env = environment() | PATIENT | {"DATABASE_URL": url, "HOCTAP_SECRET_KEY": "k" * 50}
    process = spawn(command, env=env)
    try:
        eventually(lambda: answers(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="module")
def trial():
    with place() as path, closing(Database(path / "first")) as database:
        database.server.start()
        prepare = [sys.executable, "-P", "-m", "bench._prepare", str(path / "data"), "30", "2"]
        told = json_of(prepare, environment() | {"DATABASE_URL": database.url})
        with (
            closing(database.standby(path / "second")) as standby,
            web(path / "data", either(database, standby)) as address,
            closing(Trial(address, database, standby, told)) as begun,
        ):
            yield begun


def test_without_its_database_a_page_says_so_and_comes_back_with_it(trial):
    form = trial.form()
    trial.database.server.stop()
    with ThreadPoolExecutor(1) as other:  # they all wait for it, at the same time
        sent = other.submit(trial.leader.ask, f"{trial.report}gui/", form)
        seen = trial.officer.ask_often(trial.consolidation)
    for status, headers, text in seen:
        assert status == 503
        assert SAYS in text or "nhường chỗ" in text  # or waited behind those who waited for the database
        assert f'content="{headers["Retry-After"]}"' in text  # asked for again by itself
    status, headers, text = sent.result()
    assert (status, SAYS in text, "Traceback" in text) == (503, True, False)
    assert "chưa được lưu" in text and "http-equiv" not in text and headers["Retry-After"]

    trial.database.server.start()
    assert trial.leader.ask(f"{trial.report}gui/", form)[0] == 302
    assert {status for status, *_ in trial.officer.ask_often(trial.consolidation)} == {200}


def test_nobody_notices_a_database_that_was_started_again_between_two_pages(trial):
    """All connections that were kept are broken; found out one by one, that would take the pool longer than people wait."""
    assert {status for status, *_ in trial.officer.ask_often(trial.consolidation)} == {200}
    trial.database.server.stop()
    trial.database.server.start()
    assert trial.officer.ask(trial.consolidation)[0] == 200
    assert {status for status, *_ in trial.officer.ask_often(trial.consolidation)} == {200}


def test_a_page_waits_for_a_database_that_is_soon_back(trial):
    with ThreadPoolExecutor(1) as other:
        trial.database.server.stop()
        asked = other.submit(trial.officer.ask, trial.consolidation)
        trial.database.server.start()
        assert asked.result()[0] == 200


def test_a_page_whose_connection_is_cut_meanwhile_says_so(trial):
    """As when the database ends it, or the machine in between is gone; the next page has another."""
    ask = trial.database.ask
    with psycopg.connect(trial.database.url) as other, ThreadPoolExecutor(1) as reader:
        other.execute("LOCK TABLE rollup_fold")
        asked = reader.submit(trial.officer.ask, trial.consolidation)
        eventually(lambda: ask(f"SELECT count(*) FROM {WAITING}", admin=True) == 1)
        ask(f"SELECT pg_terminate_backend(pid) FROM {WAITING}", admin=True)
        status, _, text = asked.result()
    assert (status, SAYS in text) == (503, True)
    assert trial.officer.ask(trial.consolidation)[0] == 200


def test_the_standby_takes_the_place_of_a_primary_that_is_gone(trial):
    """The last of the trial: the address names both."""
    assert trial.officer.ask(trial.consolidation)[0] == 200
    trial.database.kill()
    trial.standby.carry_out(guide("promote"))
    assert {status for status, *_ in trial.officer.ask_often(trial.consolidation)} == {200}


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (psycopg_pool.PoolTimeout("none came free"), True),
        (errors.ConnectionFailure(), True),
        (errors.ProtocolViolation("query_wait_timeout"), True),  # as pgbouncer says it
        (errors.CannotConnectNow(), True),
        (errors.TooManyConnections(), True),
        (errors.QueryCanceled(), False),
        (errors.DeadlockDetected(), False),
        (errors.UniqueViolation(), False),
    ],
)
def test_only_a_database_that_is_not_there_is_called_so(error, lost):
    caught = OperationalError()
    caught.__cause__ = error
    assert was_lost(caught) == lost
