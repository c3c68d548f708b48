"""Every address: closed by default, unknown to strangers, reading without writing, refused without its token.

Each test walks the whole URL table over one world and names every address that breaks the rule.
"""

import re

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hoctap.forms.models import Form
from hoctap.kernel import clock
from hoctap.orgs import roles
from hoctap.orgs.enums import Role
from tests.house.routes import OPEN, closed, routes
from tests.house.world import LATER, World

WRITES = re.compile(r"^\s*UPDATE\b|\b(INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE)\b", re.IGNORECASE)
METHODS = {"GET", "POST"}
DONE = (200, 204, 302, 409, 422)  # done, or told why not; never 403, 404 or 500
# What only a unit around Quận 3 has to do with.
OTHERS_BUSINESS = ("UBND Quận 3", "nhân dân Quận 3", "Nhắc báo cáo", "UBND Phường 1", "Tuần lễ hưởng ứng")


def ask(client: Client, method: str, address: str, **options):
    client.raise_request_exception = False  # a mistake of the server is an answer too: 500
    return getattr(client, method.lower())(address, **options)


def body(answer) -> str:
    return (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")


def pages(method: str | None = None, *, about_something: bool | None = None):
    """(route, method) pairs that need a seat."""
    for route in closed(method, about_something=about_something):
        for each in [method] if method else sorted(route.view.methods):
            yield route, each


def test_every_address_says_which_action_it_needs():
    found = routes()
    assert len(found) > 60
    assert [route for route in found if not route.name] == []
    names = [route.name for route in found]
    assert sorted({name for name in names if names.count(name) > 1}) == []
    silent = [r.name for r in found if not (hasattr(r.view, "action") and METHODS.issuperset(r.view.methods))]
    assert silent == []
    assert {route.name for route in found if route.view.action is None} == OPEN
    assert {route.view.action for route in closed()} <= set(roles.ACTIONS)


def test_nobody_enters_without_signing_in(world: World, client):
    wrong = []
    for route, method in pages():
        answer = ask(client, method, world.address(route))
        if method == "GET":
            fine = answer.status_code == 302 and answer.headers["Location"].startswith(
                f"{reverse('account_login')}?next="
            )
        else:
            fine = answer.status_code == 401 and 'name="password"' in body(answer)
        htmx = ask(client, method, world.address(route), headers={"HX-Request": "true"})
        if not fine or htmx.status_code != 401:
            wrong.append((route.name, method, answer.status_code, htmx.status_code))
    assert wrong == []


def test_what_a_stranger_may_not_reach_does_not_exist(world: World, signed_in):
    wrong = []
    for route, method in pages(about_something=True):
        client = signed_in(world.seat(world.story.cast.stranger, route.view.action))
        answer = ask(client, method, world.address(route))
        if answer.status_code != 404:
            wrong.append((route.name, method, answer.status_code))
    assert wrong == []


def test_a_strangers_lists_hold_nothing_of_others(world: World, signed_in):
    wrong = []
    for route, method in pages("GET", about_something=False):
        client = signed_in(world.seat(world.story.cast.stranger, route.view.action))
        answer = ask(client, method, world.address(route))
        html = body(answer).replace("\u00a0", " ")
        for name in Form.objects.values_list("name", flat=True):
            html = html.replace(name, "")  # published forms are everybody's
        wrong += [(route.name, word) for word in OTHERS_BUSINESS if word in html]
        assert answer.status_code == 200, route.name
    assert wrong == []
    html = body(signed_in(world.story.cast.pgd_leader).get("/")).replace("\u00a0", " ")
    assert any(word in html for word in OTHERS_BUSINESS)


def test_a_role_that_may_not_is_told_so(world: World, signed_in):
    wrong, asked = [], 0
    for route, method in pages():
        seat = world.seat(world.owner(route), route.view.action, may=False)
        if seat is None:
            assert all(roles.may(role, route.view.action) for role in Role)
            continue
        answer = ask(signed_in(seat), method, world.address(route))
        asked += 1
        if answer.status_code != 403 or roles.ACTIONS[route.view.action][0] not in body(answer):
            wrong.append((route.name, method, answer.status_code))
    assert asked > 30
    assert wrong == []


class Reading:
    """A connection on which only sessions may be written; notes what else was tried."""

    def __init__(self):
        self.tried: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        if WRITES.search(sql) and '"django_session"' not in sql:
            self.tried.append(sql[:200])
        return execute(sql, params, many, context)


def test_reading_a_page_writes_nothing(world: World, signed_in, client):
    wrong = []
    for route, method in pages("GET"):
        owner = signed_in(world.seat(world.owner(route), route.view.action))
        address, reading = world.address(route), Reading()
        with connection.execute_wrapper(reading):
            answer = ask(owner, method, address)
            body(answer)
        if answer.status_code != 200 or reading.tried:
            wrong.append((route.name, answer.status_code, reading.tried))
    assert wrong == []


def test_reading_the_sign_in_pages_writes_nothing(db):
    wrong = []
    for route in routes():
        if route.is_open and not route.parameters:
            reading = Reading()
            with connection.execute_wrapper(reading):
                answer = Client().get(reverse(route.name))
            if answer.status_code not in (200, 302, 405) or reading.tried:
                wrong.append((route.name, answer.status_code, reading.tried))
    assert wrong == []


def test_the_owner_is_let_in(world: World, signed_in):
    wrong = []
    for route, _method in pages("POST"):
        client = signed_in(world.seat(world.owner(route), route.view.action))
        address = world.address(route)
        with transaction.atomic():
            answer = client.post(address, world.fields(route))
            transaction.set_rollback(True)
        if answer.status_code not in DONE:
            wrong.append((route.name, answer.status_code))
    assert wrong == []


def test_nothing_is_taken_without_the_pages_token(world: World, signed_in):
    wrong = []
    for route, method in pages("POST"):
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = signed_in(world.seat(world.owner(route), route.view.action)).cookies
        answer = ask(careful, method, world.address(route))
        if answer.status_code != 403 or roles.ACTIONS[route.view.action][0] in body(answer):
            wrong.append((route.name, answer.status_code))
    for route in routes():
        if route.is_open and not route.parameters and "POST" in route.view.methods:
            answer = Client(enforce_csrf_checks=True).post(reverse(route.name))
            if answer.status_code != 403:
                wrong.append((route.name, answer.status_code))
    assert wrong == []


def _still(html: str) -> str:
    """Without the tokens, which are new in every answer."""
    html = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html)
    return re.sub(r"\b[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b", "", html).strip()


def test_applying_a_piece_equals_reloading_the_page(world: World, signed_in):
    wrong, pieces = [], 0
    for route, _method in pages("GET"):
        client, address = signed_in(world.seat(world.owner(route), route.view.action)), world.address(route)
        with clock.frozen(LATER):
            answer = client.get(address)
            whole, piece = body(answer), body(client.get(address, headers={"HX-Request": "true"}))
        if answer["Content-Type"].startswith("text/html"):
            pieces += len(piece) < len(whole)
            if _still(piece) not in _still(whole):
                wrong.append(route.name)
    assert pieces
    assert wrong == []


LISTS = {
    "activities",
    "desk",
    "notices",
    "directives",
    "rounds",
    "round",
    "consolidation",
    "units",
    "unit",
    "report",
}


def _seen(client: Client, address: str) -> tuple[int, int]:
    """How many statements a page asks, and how long it is."""
    with CaptureQueriesContext(connection) as asked:
        html = body(client.get(address))
    return len(asked), len(html)


def test_a_page_asks_as_often_for_three_things_as_for_one(world: World, signed_in):
    world.grow(1)
    readers = [(r.name, world.seat(world.owner(r), r.view.action), world.address(r)) for r in closed("GET")]
    for _name, seat, address in readers:
        _seen(signed_in(seat), address)  # what is kept in memory is read once
    one = {name: _seen(signed_in(seat), address) for name, seat, address in readers}
    world.grow(2)
    world.grow(3)
    three = {name: _seen(signed_in(seat), address) for name, seat, address in readers}
    assert [name for name in LISTS if three[name][1] <= one[name][1]] == []  # there was more to show
    assert {name: (one[name][0], n) for name, (n, _) in three.items() if n > one[name][0]} == {}
