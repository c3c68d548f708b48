"""What a person is told when the database goes away in the middle of a request."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connection

pytestmark = pytest.mark.django_db
SAYS = "Việc vừa làm có thể chưa được lưu"


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.pgd_officer.user)
    client.raise_request_exception = False
    return client


def test_a_session_that_cannot_be_written_is_not_the_persons_fault(officer, cast, monkeypatch):
    def lost(self, must_create=False):
        raise UpdateError

    monkeypatch.setattr(SessionStore, "save", lost)
    answer = officer.post("/vi-tri/", {"seat": cast.pgd_officer.pk})
    assert answer.status_code == 500
    assert SAYS in answer.content.decode()


def test_a_lost_database_is_said_without_the_database(officer):
    after = []

    def lost(execute, sql, params, many, context):
        if after or "obligations_obligation" in sql:
            after.append(sql)
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lost):
        answer = officer.get("/")
    assert answer.status_code == 500
    assert SAYS in answer.content.decode()
    assert len(after) == 1
