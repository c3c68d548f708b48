"""Pages from a copy of the database: after an act from the primary, and from there when the copy fails."""

import psycopg
import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError
from django.http import Http404, HttpResponse

from hoctap.desk import replicas
from hoctap.desk.replicas import COOKIE, ReplicaMiddleware
from hoctap.kernel.replicas import _reading
from hoctap.orgs import roles


class House:
    """A view behind the middleware, as Django calls them; ``read`` says where each call of the view read."""

    def __init__(self, fails: BaseException | None = None, action: str | None = roles.VIEW):
        self.read: list[str] = []

        def view(request):
            self.read.append(_reading.get())
            if fails and _reading.get() != "default":
                raise fails
            return HttpResponse("page")

        view.action = action
        self.middleware = ReplicaMiddleware(
            lambda request: self.middleware.process_view(request, view, (), {}) or view(request)
        )


@pytest.fixture(autouse=True)
def copy(settings, monkeypatch):
    settings.REPLICAS = ["replica-1"]
    distrusted = []
    monkeypatch.setattr(replicas, "usable", lambda: "replica-1")
    monkeypatch.setattr(replicas, "distrust", distrusted.append)
    return distrusted


def test_a_page_is_read_from_the_copy(rf):
    house = House()
    assert house.middleware(rf.get("/")).content == b"page"
    assert house.read == ["replica-1"]


def test_an_act_and_what_its_author_reads_next_stay_on_the_primary(rf):
    house = House()
    cookie = house.middleware(rf.post("/")).cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (5, True, "Lax")
    again = rf.get("/")
    again.COOKIES[COOKIE] = cookie.value
    assert COOKIE not in house.middleware(again).cookies
    assert house.read == ["default", "default"]


def test_signing_in_and_the_like_stay_on_the_primary(rf):
    house = House(action=None)
    house.middleware(rf.get("/"))
    assert house.read == ["default"]


@pytest.mark.parametrize("fails", [Http404(), KeyError("a row that has not come yet")])
def test_what_the_copy_does_not_know_is_asked_of_the_primary(rf, fails, copy):
    house = House(fails=fails)
    assert house.middleware(rf.get("/")).content == b"page"
    assert (house.read, copy) == (["replica-1", "default"], [])


def test_a_copy_that_fails_is_left_alone_and_the_page_comes_all_the_same(rf, copy):
    house = House(fails=OperationalError("server closed the connection unexpectedly"))
    assert house.middleware(rf.get("/")).content == b"page"
    assert (house.read, copy) == (["replica-1", "default"], ["replica-1"])


def test_what_takes_a_copy_too_long_is_not_laid_on_the_primary(rf):
    slow = OperationalError("canceling statement due to statement timeout")
    slow.__cause__ = psycopg.errors.QueryCanceled()
    house = House(fails=slow)
    with pytest.raises(OperationalError):
        house.middleware(rf.get("/"))
    assert house.read == ["replica-1"]


def test_without_copies_there_is_nothing(settings):
    settings.REPLICAS = []
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda request: None)
