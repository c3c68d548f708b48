"""A statement that takes too long: said in words, nothing half-done; jobs and commands are never cut off."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.backends.signals import connection_created

from hoctap.desk.errors import RefusalMiddleware
from hoctap.kernel import limits
from hoctap.reports.models import ReportEntry, Revision
from tests.faults.serving import serving
from tests.reports.screens import form_of
from tests.waiting import PATIENCE, eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
SAYS = "Việc này cần nhiều thời gian hơn mức cho phép"


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def ask(server, client, path: str, fields: dict | None = None, **headers: str):
    """Status, headers and text of the answer, whatever it is."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    address = "http://{}:{}".format(*server)
    request = Request(address + path, urlencode(fields).encode() if fields else None, headers)
    request.add_header("Cookie", cookies)
    request.add_header("Origin", address)
    opener = build_opener(Stay)
    opener.handle_error["http"] = {}  # an answer of any status is an answer
    opener.process_response["http"] = []
    with opener.open(request, timeout=PATIENCE) as answer:
        return answer.status, answer.headers, answer.read().decode()


def token(client) -> str:
    client.get("/")
    return client.cookies["csrftoken"].value


@contextmanager
def held(table: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[None]:
    """Somebody else is at the whole table meanwhile."""
    other = connection.copy()
    other.connect()
    with other.connection.transaction():
        other.connection.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    other.close()


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path, HOCTAP_STATEMENT_TIMEOUT="1") as address:
        yield address


def test_a_page_that_takes_too_long_says_so_and_when_to_come_back(server, client, story):
    client.force_login(story.cast.pgd_officer.user)
    path = f"/dot-bao-cao/{story.round.pk}/"
    with held("reports_report"):
        status, headers, text = ask(server, client, path)
        piece = ask(server, client, path, **{"HX-Request": "true"})
    assert (status, headers["Retry-After"]) == (503, "60")
    assert SAYS in text and "Traceback" not in text and "SELECT" not in text
    assert piece[0] == 503 and piece[2].startswith(SAYS)
    # The connection goes on serving; a second for a statement is short where others are at work.
    eventually(lambda: ask(server, client, path)[0] == 200)


def test_even_before_any_page_is_reached(server, client, story):
    client.force_login(story.cast.pgd_officer.user)
    with held("django_session"):
        status, headers, text = ask(server, client, "/")
    assert (status, headers["Retry-After"]) == (503, "60") and SAYS in text


def test_a_session_that_cannot_be_kept_in_time(client, story, monkeypatch):
    """It is written after the page is made, outside of any view."""

    def slow(self, must_create=False):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 50; SELECT pg_sleep(30)")
        except DatabaseError:
            raise UpdateError  # noqa: B904 (as Django does)

    client.force_login(story.cast.pgd_officer.user)
    client.raise_request_exception = False
    monkeypatch.setattr(SessionStore, "save", slow)
    answer = client.post("/vi-tri/", {"seat": story.cast.pgd_officer.pk})
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert SAYS in answer.content.decode()


def test_an_act_that_takes_too_long_leaves_nothing(server, client, story):
    """Cut off at its last step: the revision that stood already is gone too, and the same form goes through later."""
    client.force_login(story.cast.p1_leader.user)
    path = f"/bao-cao/{story.p1.pk}/gui/"
    fields = {**form_of(client, story.p1.pk), "c28": "4"}
    fields["csrfmiddlewaretoken"] = token(client)
    with held("reports_reportentry"):
        status, _, text = ask(server, client, path, fields)
    assert status == 503 and SAYS in text
    assert not Revision.objects.exists() and not ReportEntry.objects.exists()
    eventually(lambda: ask(server, client, path, fields)[0] == 302)
    assert Revision.objects.get().figures[28] == 4


@pytest.fixture
def limited(settings):
    """New connections of this process are as in the web, with a second for a statement."""
    settings.STATEMENT_TIMEOUT = 1
    limits.limit_requests()
    yield
    connection_created.disconnect(dispatch_uid="hoctap.kernel.limits")


def shown(name: str) -> str:
    """What a fresh connection of another thread says."""
    found = []

    def look():
        with connection.cursor() as cursor:
            cursor.execute(f"SHOW {name}")
            found.append(cursor.fetchone()[0])
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def test_what_the_web_is_held_to(limited, settings):
    settings.STATEMENT_TIMEOUT = 15
    assert shown("statement_timeout") == "15s"
    assert shown("lock_timeout") == "10s"
    assert shown("idle_in_transaction_session_timeout") == "1min"


def test_the_pool_may_be_left_to_say_it(settings):
    settings.STATEMENT_TIMEOUT = 0
    limits.limit_requests()
    assert shown("statement_timeout") == "0"


def test_nobody_else_is_held_to_it():
    """Jobs, migrations and commands never load the web's entry."""
    assert {shown(f"{name}_timeout") for name in ("statement", "lock", "idle_in_transaction_session")} == {
        "0"
    }


@pytest.mark.parametrize(
    ("statement", "cause"),
    [("SELECT pg_sleep(30)", psycopg.errors.QueryCanceled), ("SELECT 1/0", psycopg.errors.DivisionByZero)],
)
def test_only_what_was_cut_off_is_called_slow(limited, rf, statement, cause):
    other = connection.copy()
    with pytest.raises(Exception) as caught, other.cursor() as cursor:
        cursor.execute(statement)
    other.close()
    assert isinstance(caught.value.__cause__, cause)
    cut_off = cause is psycopg.errors.QueryCanceled
    assert limits.was_cut_off(caught.value) == cut_off
    request = rf.get("/")
    request.resolver_match = None
    answer = RefusalMiddleware(lambda _: None).process_exception(request, caught.value)
    assert (answer and answer.status_code) == (503 if cut_off else None)
    assert not limits.was_cut_off(OperationalError("the connection is closed"))
