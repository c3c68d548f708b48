"""Several machines: the primary is killed while reports come in, and nothing that was acknowledged is lost."""

import random

import psycopg
import pytest

from bench.evidence import gather
from bench.house import place
from bench.people import Client, Office
from bench.visitor import Visitor
from tests.faults.machines import eventually, machines

REPORTS, CLIENTS = 300, 8


def clients_of(office: Office, webs: list[str], seed: int) -> list[Client]:
    """Half at each web; whoever clicks twice reaches the other web with the second click."""
    found = []
    for number, name in enumerate(office.queues):
        client = Client(office, webs[number % 2], name, seed)
        client.second = Visitor(webs[1 - number % 2])
        client.second.cookies = client.browser.cookies
        found.append(client)
    return found


@pytest.fixture(scope="module")
def house():
    with place() as path, machines(path) as all_of_them:
        yield all_of_them


def test_every_acknowledged_report_survives_the_primary(house):
    seed = random.randrange(10**6)
    told = house.prepare(REPORTS, CLIENTS)
    house.replicate()
    office = Office(told)
    clients = clients_of(office, house.open(), seed)
    for client in clients:
        client.start()

    def sent(count: int) -> bool:
        return len(office.sent) >= count or bool(office.failures)

    eventually(lambda: sent(REPORTS // 3), house.look_after)
    house.fail_over()
    eventually(lambda: not any(client.is_alive() for client in clients), house.look_after, 120)

    assert (office.failures, len(office.sent)) == ([], REPORTS), seed
    with psycopg.connect(house.standby.url, autocommit=True) as connection:
        evidence = gather(connection, told, office.sent)
    assert (evidence.lost, evidence.doubled, evidence.found) == ([], [], REPORTS), seed
    assert evidence.exact, seed
    checked = house.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert evidence.replays > 0
