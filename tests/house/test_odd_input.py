"""Whatever is posted to an address: done, or told why not; never a mistake of the server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

import hoctap
from tests.house.routes import closed, routes
from tests.house.test_learners import at_home
from tests.house.test_routes import body
from tests.house.world import World

_ASKED = re.compile(r"""(?:GET|query)\.get(?:list)?\(\s*"([\w-]+)\"""")
_NAMED = re.compile(r"""POST\.get(?:list)?\(\s*"(\w+)"|given\.get(?:list)?\(\s*"(\w+)\"""")
_IN_PAGE = re.compile(r'\bname="([\w.-]+)"')
ODD = [
    "a\0b", "9" * 18, "31/12/9999 23:59", "0001-01-01T00:00",
    '[{"p": 1, "n": "a\\u0000b", "v": 1, "t": "0001-01-01T00:00:00+14:00"}]',
]  # fmt: skip

FROM_A_PHONE = {
    "X-Op": "6f0f9d3e-33a5-4a6c-8f4e-000000000001",
    "X-Phone-Now": "9999-12-31T23:59:59+00:00",
}


def names_in_code(named: re.Pattern) -> set[str]:
    """Every field that a view reads without a form, or every word of an address."""
    root = Path(hoctap.__file__).parent / "desk"
    return {
        name
        for path in root.rglob("*.py")
        for found in named.finditer(path.read_text(encoding="utf-8"))
        for name in found.groups()
        if name
    }


def asked(world: World, signed_in) -> Iterator[tuple[str, Client, str]]:
    mine = at_home(world.learning.person)
    for route in closed("POST"):
        seat = world.seat(world.owner(route), route.view.action)
        yield route.name, signed_in(seat), world.address(route)
    for route in routes():
        if route.is_learners and "POST" in route.view.methods:
            yield (
                route.name,
                mine,
                reverse(route.name, kwargs=world.learning.own(route.parameters, route.name)),
            )


def _wrong(client: Client, address: str, fields: dict, headers: dict) -> str:
    """What went wrong; nothing of it stays."""
    with transaction.atomic():
        answer = client.post(address, fields, headers=headers)
        transaction.set_rollback(True)
    return f"{answer.status_code} {getattr(answer, 'exc_info', None)}" if answer.status_code >= 500 else ""


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_values_are_refused_or_taken(world: World, signed_in, odd):
    wrong = []
    code = names_in_code(_NAMED)
    for name, client, address in asked(world, signed_in):
        client.raise_request_exception = False
        shown = client.get(address)
        html = body(shown)
        fields = dict.fromkeys((code | set(_IN_PAGE.findall(html))) - {"csrfmiddlewaretoken", "act"}, odd)
        wrong += [
            (name, said)
            for headers in ({}, FROM_A_PHONE)
            if (said := _wrong(client, address, fields, headers))
        ]
    assert wrong == []


@pytest.mark.parametrize("odd", [*ODD[:2], "9999-12", "-1"], ids=range(4))
def test_odd_words_in_an_address_break_no_page(world: World, signed_in, odd):
    words, wrong = dict.fromkeys(names_in_code(_ASKED), odd), []
    assert len(words) > 10
    for route in closed("GET"):
        client = signed_in(world.seat(world.owner(route), route.view.action))
        client.raise_request_exception = False
        with transaction.atomic():
            answer = client.get(world.address(route), words)
            body(answer)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            wrong.append((route.name, answer.status_code))
    assert wrong == []
