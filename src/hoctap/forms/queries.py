"""Reading form versions."""

from __future__ import annotations

from functools import lru_cache

from django.db import connection

from hoctap.forms.definition import parse_definition
from hoctap.forms.models import FormVersion
from hoctap.forms.spec import FormSpec


def version_spec(version_id: int) -> FormSpec:
    """The form of one version; a published version never changes, so each process reads it once."""
    return _spec(connection.settings_dict["NAME"], version_id)


@lru_cache(maxsize=256)
def _spec(database: str, version_id: int) -> FormSpec:
    """``database`` only keeps apart versions of two databases met by one process (tests, demo)."""
    return parse_definition(FormVersion.objects.values_list("definition", flat=True).get(pk=version_id))


def latest_version(code: str) -> FormVersion | None:
    """The newest published version of a form, None when there is none."""
    return FormVersion.objects.filter(form__code=code).order_by("-number").first()
