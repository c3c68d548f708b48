"""What a person is told when the database goes away in the middle of a request."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError

from hoctap.desk.home import views

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


def test_a_lost_database_is_said_without_the_database(officer, monkeypatch, django_assert_max_num_queries):
    def lost(*args):
        raise DatabaseError

    monkeypatch.setattr(views.queries, "owed_by", lost)
    with django_assert_max_num_queries(3):  # session, user and seat, before it was lost
        answer = officer.get("/")
    assert answer.status_code == 500
    assert SAYS in answer.content.decode()
