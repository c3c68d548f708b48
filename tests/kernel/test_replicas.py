"""Which reads may go to a copy of the database, and when a copy is too old to be read."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, router, transaction

from hoctap.kernel import replicas
from hoctap.kernel.replicas import LIMIT, Router, Watch, reading, reading_from
from hoctap.notify.models import Notice
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import User


@pytest.fixture(autouse=True)
def routed(settings):
    """A second name for the same kind of database; nothing is read from it here."""
    settings.DATABASE_ROUTERS = ["hoctap.kernel.replicas.Router"]
    connections.databases["replica-1"] = connections.databases["default"] | {"NAME": "nowhere"}
    yield
    if hasattr(connections._connections, "replica-1"):
        del connections["replica-1"]
    del connections.databases["replica-1"]


def test_everything_is_read_from_the_primary_unless_a_page_says_otherwise():
    assert (reading().alias, router.db_for_read(Unit)) == ("default", "default")
    with reading_from("replica-1"):
        assert (reading().alias, router.db_for_read(Unit)) == ("replica-1", "replica-1")
    assert (reading().alias, router.db_for_read(Unit)) == ("default", "default")


@pytest.mark.parametrize("model", [Session, User, Seat])
def test_who_asks_and_with_what_right_is_read_from_the_primary(model):
    with reading_from("replica-1"):
        assert router.db_for_read(model) == "default"


def test_what_belongs_to_a_row_of_a_copy_is_read_from_the_primary_when_it_is_a_right():
    unit = Unit()
    unit._state.db = "replica-1"
    with reading_from("replica-1"):
        assert router.db_for_read(Seat, instance=unit) == "default"


def test_nothing_is_written_to_a_copy():
    unit = Unit()
    unit._state.db = "replica-1"
    with reading_from("replica-1"):
        assert router.db_for_write(Notice, instance=unit) == "default"
        assert Unit.objects.select_for_update().db == "default"
    assert not Router().allow_migrate("replica-1", "orgs")


@pytest.mark.django_db
def test_a_transaction_reads_what_it_writes_to():
    with reading_from("replica-1"), transaction.atomic():
        assert (reading().alias, router.db_for_read(Unit)) == ("default", "default")


class Log:
    """How far the primary has written and the copy has replayed, and what time it is."""

    def __init__(self, monkeypatch):
        self.now, self.written, self.replayed = 1000.0, 50, 50
        monkeypatch.setattr(replicas.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(replicas, "_ask", self._ask)
        self.watch = Watch("replica-1")

    def _ask(self, alias: str, query: str) -> int:
        return self.written if alias == "default" else self.replayed

    def look(self, *, after: float = 0.5, written: int = 0, replayed: int | None = None) -> float:
        """Seconds from now during which the copy may be read."""
        self.now += after
        self.written += written
        self.replayed = replayed if replayed is not None else self.replayed
        self.watch.look()
        return self.watch.usable_until - self.now


@pytest.fixture
def log(monkeypatch):
    return Log(monkeypatch)


def test_a_copy_that_holds_all_is_read_and_an_idle_primary_makes_no_lag(log):
    assert log.look() == LIMIT
    assert log.look(after=60) == LIMIT


def test_a_copy_that_stands_still_is_read_until_the_limit(log):
    assert log.look() == LIMIT
    assert log.look(written=10) == LIMIT - 0.5
    assert log.look(after=LIMIT) < 0
    assert log.look(replayed=60) == LIMIT


def test_a_server_that_is_no_copy_is_not_read(log, monkeypatch):
    monkeypatch.setattr(log, "_ask", lambda alias, query: 50 if alias == "default" else -1)
    monkeypatch.setattr(replicas, "_ask", log._ask)
    assert log.look() < 0


@pytest.mark.django_db
def test_a_primary_is_no_copy():
    """Asked for real: what was promoted is not taken for a copy any more."""
    watch = Watch("default")
    watch.look()
    assert watch.usable_until == 0


def test_only_fresh_copies_are_offered(monkeypatch):
    watches = [Watch("replica-1"), Watch("replica-2")]
    monkeypatch.setattr(replicas, "_watches", lambda: watches)
    assert replicas.usable() is None
    watches[1].usable_until = float("inf")
    assert replicas.usable() == "replica-2"
    replicas.distrust("replica-2")
    assert replicas.usable() is None
