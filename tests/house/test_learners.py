"""Every address of the learners: nobody's without a card, each one's own alone, and never a seat's."""

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from hoctap.kernel import clock
from hoctap.kernel.signing import new_keys
from tests.house.routes import Route, closed, routes
from tests.house.test_routes import DONE, Reading, _seen, body
from tests.house.world import LATER, World
from tests.learning import PIN, card


def learners() -> list[tuple[Route, str]]:
    return [
        (route, method) for route in routes() if route.is_learners for method in sorted(route.view.methods)
    ]


def at_home(person) -> Client:
    """A browser in which the person opened the card."""
    client = Client()
    client.raise_request_exception = False
    token = card(person).token
    assert client.post(reverse("card", args=[token]), {"pin": PIN}).status_code == 302
    return client


def ask(client: Client, world: World, route: Route, method: str):
    address = reverse(route.name, kwargs=world.learning.own(route.parameters, route.name))
    return getattr(client, method.lower())(address)


def test_nobody_opens_a_learners_page_without_a_card(world: World):
    assert len(learners()) > 5
    wrong = []
    for route, method in learners():
        answer = ask(Client(), world, route, method)
        there = answer.status_code == 302 and answer["Location"] == reverse("card-typed")
        if not (there if method == "GET" else answer.status_code == 401):
            wrong.append((route.name, method, answer.status_code))
    assert wrong == []


def test_what_belongs_to_another_learner_does_not_exist(world: World):
    other, wrong = at_home(world.learning.other), []
    for route, method in learners():
        if route.parameters:
            answer = ask(other, world, route, method)
            if answer.status_code != 404:
                wrong.append((route.name, method, answer.status_code))
    assert wrong == []


def test_a_learner_is_let_in_and_reading_writes_nothing(world: World, settings):
    settings.CREDENTIAL_KEYS = new_keys()
    mine, wrong = at_home(world.learning.person), []
    with clock.frozen(LATER):
        for route, method in learners():
            reading = Reading()
            with transaction.atomic(), connection.execute_wrapper(reading):
                answer = ask(mine, world, route, method)
                body(answer)
                transaction.set_rollback(True)
            if answer.status_code not in ((200,) if method == "GET" else DONE) or (
                method == "GET" and reading.tried
            ):
                wrong.append((route.name, method, answer.status_code, reading.tried))
    assert wrong == []


def test_a_card_opens_no_officers_page(world: World):
    mine, wrong = at_home(world.learning.person), []
    for route in closed("GET"):
        answer = mine.get(world.address(route))
        if answer.status_code != 302 or not answer["Location"].startswith(reverse("account_login")):
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_nothing_is_taken_from_a_learner_without_the_pages_token(world: World):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = at_home(world.learning.person).cookies
    assert [
        route.name
        for route, method in learners()
        if method == "POST" and ask(careful, world, route, method).status_code != 403
    ] == []


def test_a_learners_page_asks_as_often_for_three_things_as_for_one(world: World):
    learning = world.learning
    mine, address = at_home(learning.person), reverse("mine")
    with clock.frozen(LATER):
        _seen(mine, address)
        one, short = _seen(mine, address)
        for n in (1, 2, 3):
            learning.grow(n)
        three, long = _seen(mine, address)
    assert three <= one and long > short
