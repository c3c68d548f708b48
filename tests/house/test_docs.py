"""The map and the words are true: rooms, files, classes and addresses they name are there, and none is left out."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from tests.house.rooms import PACKAGE, ROOT, ranks

MAP, WORDS = (ROOT / "docs" / name for name in ("map.md", "words.md"))
CODE = re.compile(r"`([^`\s]+)`")


def first_cells(text: str) -> list[str]:
    """What the first column of every table says, heads and rules aside."""
    rows = re.findall(r"^\|([^|]*)\|", text, re.MULTILINE)
    return [cell.strip() for cell in rows if not re.fullmatch(r"\s*-+\s*", cell)]


def test_the_map_names_every_room_and_no_other():
    rooms = MAP.read_text().split("## The rooms")[1].split("\n## ")[0]
    named = [room for cell in first_cells(rooms) for room in CODE.findall(cell)]
    assert sorted(named) == sorted(ranks())


def test_the_files_that_the_map_names_are_there():
    named = {
        word for word in CODE.findall(MAP.read_text()) if "/" in word and "<" not in word and "…" not in word
    }
    assert len(named) > 25
    assert [
        word for word in sorted(named) if not (PACKAGE / word).exists() and not (ROOT / word).exists()
    ] == []


def test_what_the_map_calls_by_name_is_in_its_file():
    for file, names in {
        "obligations/actions.py": ["open_round", "expect"],
        "reports/actions.py": ["save_draft", "submit", "accept", "return_report"],
        "rollup/actions/snapshots.py": ["draw_snapshot"],
        "papers/actions.py": ["sign_report"],
    }.items():
        module = import_module("hoctap." + file.removesuffix(".py").replace("/", "."))
        for name in names:
            assert callable(getattr(module, name)) and f"`{name}`" in MAP.read_text(), name


def words_rows() -> list[list[str]]:
    rows = [line.strip("|").split("|") for line in WORDS.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows if row[0].strip() != "term"]


def test_the_words_name_every_class_that_is_kept():
    kept = {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in ranks()
    }
    named = [name for row in words_rows() for name in CODE.findall(row[1])]
    assert {name for name in named if name.count(".") == 1} == kept
    assert [name for name in named if named.count(name) > 1] == []


def test_every_class_among_the_words_is_there():
    for row in words_rows():
        for name in CODE.findall(row[1]):
            room, *inside, last = name.split(".")
            assert hasattr(import_module(".".join(["hoctap", room, *(inside or ["models"])])), last), name


def _addresses(patterns, before: str = "/"):
    for pattern in patterns:
        here = before + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield here
        else:
            yield from _addresses(pattern.url_patterns, here)


def test_every_page_among_the_words_is_an_address():
    addresses = set(_addresses(get_resolver().url_patterns))
    for row in words_rows():
        assert len(row) == 4, row
        for page in CODE.findall(row[2]):
            assert page in addresses, page


@pytest.mark.parametrize("decision", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda p: p.stem)
def test_a_decision_bears_its_date(decision):
    year, month, day = decision.stem.split("-")[:3]
    heading = decision.read_text().splitlines()[0]
    assert re.fullmatch(rf"# .+ \({int(day):02}/{int(month):02}/{year}\)", heading), heading
