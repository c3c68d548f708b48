"""Several machines: pages from a standby, and the primary killed while reports come in."""

import random
from collections.abc import Callable
from contextlib import closing, suppress

import psycopg
import pytest

from bench.evidence import gather
from bench.house import place
from bench.people import CELLS, Client, Office, Sent
from bench.visitor import Lost, Visitor
from hoctap.desk.replicas import COOKIE
from tests.faults.machines import Database, Machines, machines
from tests.waiting import eventually

pytestmark = pytest.mark.postgres
REPORTS, CLIENTS = 300, 8
FIRST = dict(zip(CELLS, (987654, 20, 30, 40), strict=True))  # the figures of the first report
READ_THERE = """
SELECT count(*) FROM pg_stat_activity
WHERE usename = 'hoctap' AND query_start > '{since}' AND pid <> pg_backend_pid() AND query NOT LIKE '%pg_last_wal%'
"""  # anything but the look at how far it is


class Trial:
    """The machines at work, and the people before them."""

    def __init__(self, house: Machines):
        self.house = house
        self.told = house.prepare(REPORTS, CLIENTS)
        house.replicate()
        self.webs = house.open(DATABASE_REPLICA_URLS=house.standby.url)
        self.first, self.read_by_author = self.told["children"].pop(), ""
        self.office = Office(self.told)
        self.officer = Visitor(self.webs[0])
        self.answered(lambda: self.officer.sign_in(self.told["officer"], self.told["password"]))
        self.officer.cookies.pop(COOKIE)  # as five seconds later

    def close(self) -> None:
        self.officer.close()

    def answered(self, act: Callable):
        """What comes of it; tried again, as a person does, where a machine with too much to do gives no answer."""
        given = []

        def came() -> bool:
            with suppress(Lost):
                given.append(act())
            return bool(given)

        eventually(came, self.house.look_after)
        return given[0]

    def page(self) -> str:
        """The page of the consolidation, as its officer sees it."""
        return self.officer.get(f"/tong-hop/{self.told['node']}/?gom=da-gui").text

    def total(self) -> str:
        return self.answered(self.page)

    def until_read_from(self, standby: Database) -> None:
        since = standby.ask("SELECT clock_timestamp()")

        def read_there() -> bool:
            assert "Tổng hợp" in self.total()
            return standby.ask(READ_THERE.format(since=since)) > 0

        eventually(read_there, self.house.look_after)

    def send_first(self) -> str:
        """One report; what its author reads at once afterwards. Each test that needs it asks for it: another worker may
        have had the test before."""
        if not self.read_by_author:
            path = f"/bao-cao/{self.first['obligation']}/"
            with closing(Visitor(self.webs[1])) as author:
                self.read_by_author = self._send_first(author, path)
        return self.read_by_author

    def _send_first(self, author: Visitor, path: str) -> str:
        self.answered(lambda: author.sign_in(self.first["user"], self.told["password"]))
        self.answered(lambda: author.post("/vi-tri/", {"seat": str(self.first["seat"])}))
        hidden = self.answered(lambda: author.get(path)).hidden
        fields = {name: hidden[name] for name in ("version", "token", "page")}
        fields |= {"kq": "Xong.", "signer_name": "A"} | {f"c{cell}": str(n) for cell, n in FIRST.items()}
        assert self.answered(lambda: author.post(f"{path}gui/", fields)).location == path
        self.office.note(Sent(self.first["obligation"], hidden["token"], FIRST, tries=1))
        return self.answered(lambda: author.get(path)).text

    def check(self, url: str) -> None:
        """Every total against its recount, in one snapshot of that database."""
        done = self.house.run("check", DATABASE_SESSION_URL=url)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def trial():
    with place() as path, machines(path) as house, closing(Trial(house)) as at_work:
        yield at_work


def test_pages_are_read_from_the_standby_while_it_keeps_up(trial):
    standby = trial.house.standby

    trial.until_read_from(standby)
    standby.ask("SELECT pg_wal_replay_pause()", admin=True)
    assert "987654" in trial.send_first().replace(".", "")  # its author reads it at once
    eventually(
        lambda: "987.654" in trial.total(), trial.house.look_after
    )  # and others, when the copy is too old
    trial.check(standby.url)
    assert standby.ask("SELECT count(*) FROM reports_revision") == 0  # which it is: an earlier moment, whole
    standby.ask("SELECT pg_wal_replay_resume()", admin=True)
    eventually(lambda: standby.ask("SELECT count(*) FROM reports_revision") == 1)


def test_commands_work_beside_the_pooler_of_the_webs(trial):
    prepared = trial.house.run("prepare")
    assert prepared.returncode == 0, prepared.stderr
    kept = trial.house.run("backup", str(trial.house.path / "kept.tar"))
    assert kept.returncode == 0, kept.stderr


def test_pages_have_a_time_limit_behind_the_pooler_and_jobs_have_none(trial):
    pooler = trial.house.pooler
    assert [limit_of(url) for url in (pooler.url, pooler.session_url)] == ["15s", "0"]


def limit_of(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute("SHOW statement_timeout").fetchone()[0]


def test_a_standby_that_is_gone_breaks_no_page(trial):
    house = trial.house
    trial.send_first()
    house.primary.wait_for_nobody()
    trial.until_read_from(house.standby)
    house.standby.server.stop()
    for _ in range(8):  # each process finds its connections lost
        assert "987.654" in trial.page()
    house.standby.server.start()
    house.primary.wait_for_standby()


def test_every_acknowledged_report_survives_the_primary(trial):
    house, office, seed = trial.house, trial.office, random.randrange(10**6)
    trial.send_first()
    clients = clients_of(office, trial.webs, seed)
    for client in clients:
        client.start()

    def sent(count: int) -> bool:
        with suppress(Lost):  # no room for readers just now (desk.gate)
            trial.page()
        return len(office.sent) >= count or bool(office.failures)

    def done() -> bool:
        with suppress(Lost):
            trial.page()
        return not any(client.is_alive() for client in clients)

    def wait_for(enough: Callable[[], bool]) -> None:
        """As long as reports come in: how many do in two minutes is the machine's affair."""
        while not enough():
            before = len(office.sent)
            eventually(lambda before=before: len(office.sent) > before or enough(), house.look_after)

    wait_for(lambda: sent(REPORTS // 6))
    trial.check(house.standby.url)  # while reports come in: totals of the standby are those of one moment
    wait_for(lambda: sent(REPORTS // 3))
    house.fail_over()
    wait_for(done)

    assert (office.failures, len(office.sent)) == ([], REPORTS), seed
    with psycopg.connect(house.standby.url, autocommit=True) as connection:
        evidence = gather(connection, trial.told, office.sent)
    assert (evidence.lost, evidence.doubled, evidence.found) == ([], [], REPORTS), seed
    assert evidence.exact, seed
    assert evidence.replays > 0, seed
    trial.check(house.pooler.session_url)
    trial.check(house.either_database)
    assert "987.654" not in trial.total()  # more than the first report counts now


def clients_of(office: Office, webs: list[str], seed: int) -> list[Client]:
    """Half at each web; whoever clicks twice reaches the other web with the second click."""
    found = []
    for number, name in enumerate(office.queues):
        client = Client(office, webs[number % 2], name, seed)
        client.second = Visitor(webs[1 - number % 2])
        client.second.cookies = client.browser.cookies
        found.append(client)
    return found
