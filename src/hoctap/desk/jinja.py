"""The Jinja2 environment of every screen (Django's own backend builds it from the TEMPLATES setting)."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from jinja2 import Environment, StrictUndefined, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from hoctap.desk.formats import FILTERS

_SPRITE = Path(__file__).parent / "static/hoctap/icons.svg"


def environment(**options) -> Environment:
    # Text templates (letters, messages) are not HTML: "GD&ĐT" must stay as it is.
    options["autoescape"] = lambda name: not (name or "").endswith(".txt")
    options["undefined"] = StrictUndefined  # a misspelt name is an error, never an empty cell
    env = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True, **options
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)
    env.globals.update(_=say, url=url, static=static, icon=icon, get_language=get_language)
    env.filters.update(FILTERS)
    # Macros as a global: a block rendered alone for htmx has them too, without an import of its own.
    env.globals["ui"] = env.get_template("components/ui.html").module
    return env


@pass_eval_context
def say(context: EvalContext, message: str, /, **words) -> str:
    """Jinja's own ``_``, with each text of each language looked up and marked once: a page says hundreds."""
    language, marked = get_language(), context.autoescape
    return _text(language, message, marked) % words if words else _whole(language, message, marked)


@cache
def _text(_language: str, message: str, marked: bool) -> str:
    text = gettext(message)
    return Markup(text) if marked else text


@cache
def _whole(language: str, message: str, marked: bool) -> str:
    return _text(language, message, marked) % {}  # "100 %%" is written "100 %"


def url(name: str, *args, **kwargs) -> str:
    """``reverse``; the address of a table's row (whole numbers only) without matching the pattern for each row."""
    if args and not kwargs and all(type(arg) is int for arg in args):
        return _shape(settings.ROOT_URLCONF, name, len(args)).format(*args)
    return reverse(name, args=args, kwargs=kwargs)


@cache
def _shape(_urlconf: str, name: str, count: int) -> str:
    """The address with ``{}`` for each of its numbers."""
    marks = [10**18 + n for n in range(count)]
    return re.sub("|".join(map(str, marks)), "{}", reverse(name, args=marks))


@cache
def icon_names() -> frozenset[str]:
    return frozenset(re.findall(r'id="i-([a-z]+)"', _SPRITE.read_text()))


@cache
def icon(name: str, extra: str = "") -> Markup:
    """An icon of the sprite; always beside a word or inside a control with a label, so hidden from readers."""
    if name not in icon_names():
        raise KeyError(f"No icon {name!r} in icons.svg")
    classes = f"ic {extra}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>').format(
        classes, static("hoctap/icons.svg"), name
    )
