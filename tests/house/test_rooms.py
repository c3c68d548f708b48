"""Rooms lean on what is below them: by import, by foreign key, and without a word of HTTP below the screens."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.house.rooms import PACKAGE, ROOT, SCREENS, contract, ranks, sources

WEB = ("django.http", "django.template", "django.forms", "django.shortcuts", "django.views", "jinja2")


def test_imports_keep_the_contracts():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_name_every_room():
    standing = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    rooms = set(ranks())
    assert rooms == standing - {"config"}
    assert set(contract("inside", "containers")) == {f"hoctap.{room}" for room in rooms - SCREENS}
    assert set(contract("config", "source_modules")) == {f"hoctap.{room}" for room in rooms}


def _relations() -> list[tuple[str, type[models.Model], type[models.Model]]]:
    """(field, from, to) of every foreign key and many-to-many that starts in one of our rooms."""
    ours = ranks()
    return [
        (str(field), model, field.related_model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]


def test_foreign_keys_only_point_down():
    rank, found = ranks(), _relations()
    assert len(found) > 30
    upward = []
    for field, source, target in found:
        here, there = source._meta.app_label, target._meta.app_label
        if here != there and rank.get(there, -1000) >= rank[here]:
            upward.append(f"{field} points up from {here} to {there}")
    assert upward == []


def test_no_generic_keys_that_could_point_anywhere():
    for model in apps.get_models():
        if model._meta.app_label in ranks():
            assert model._meta.private_fields == [], model


def _imported(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def _is_web(name: str) -> bool:
    return any(name == web or name.startswith(web + ".") for web in WEB)


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("from django import forms", True),
        ("from django.http import Http404", True),
        ("import django.template.loader", True),
        ("from django.db import models", False),
        ("from hoctap.forms import rules", False),
    ],
)
def test_every_way_of_importing_is_seen(line, caught):
    assert any(map(_is_web, _imported(ast.parse(line)))) == caught


def test_nothing_below_the_screens_knows_of_requests_pages_or_forms():
    below = set(ranks()) - SCREENS
    found = [
        f"{path} imports {name}"
        for path, tree in sources(*below)
        for name in _imported(tree)
        if _is_web(name)
    ]
    assert found == []
