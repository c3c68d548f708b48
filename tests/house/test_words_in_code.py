"""What the code says about itself: the Vietnamese term of every class kept, and what every act and reading does."""

import ast
import importlib
import inspect
import re

from django.apps import apps

from tests.house.rooms import PACKAGE, SCREENS, ranks, sources

VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
OBVIOUS = 12  # lines a function may have without a word about what it does


def test_every_kept_thing_gives_its_vietnamese_term():
    ours = [model for model in apps.get_models() if model._meta.app_label in ranks()]
    assert len(ours) > 25
    wordless = [m.__name__ for m in ours if not VIETNAMESE.search(inspect.getdoc(m) or "")]
    assert wordless == []


def test_every_choice_is_read_in_vietnamese():
    enums = [
        importlib.import_module(f"hoctap.{room}.enums")
        for room in ranks()
        if (PACKAGE / room / "enums.py").exists()
    ]
    choices = [
        c
        for module in enums
        for c in vars(module).values()
        if inspect.isclass(c) and c.__module__ == module.__name__
    ]
    assert len(choices) > 8
    for chosen in choices:
        assert VIETNAMESE.search(chosen.__doc__ or ""), chosen
        assert any(VIETNAMESE.search(str(label)) for label in chosen.labels), chosen


def _long_and_silent(tree: ast.Module) -> list[str]:
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node.end_lineno - node.body[0].lineno + 1 > OBVIOUS
    ]


def test_acts_readings_and_rules_say_what_they_do():
    told = re.compile(r"(^|/)(actions|queries|rules)(/|\.py)")
    found = [
        f"{path} {name}"
        for path, tree in sources(*(set(ranks()) - SCREENS))
        if told.search(path)
        for name in _long_and_silent(tree)
    ]
    assert found == []
