"""Page after page of units in dictionary order: the next begins after the last one shown, however many come before."""

from django.http import HttpRequest

from hoctap.desk.fields import whole
from hoctap.orgs.models import Unit


def place_after(request: HttpRequest) -> tuple[str, int] | None:
    """``?sau=17.key`` as the place ``(sort_key, pk)`` of a unit."""
    text, _dot, key = request.GET.get("sau", "").partition(".")
    pk = whole(text)
    return (key, pk) if pk is not None and "\x00" not in key else None


def next_after(request: HttpRequest, unit: Unit) -> str:
    """The query of the page that begins after this unit."""
    query = request.GET.copy()
    query["sau"] = f"{unit.pk}.{unit.sort_key}"
    return f"?{query.urlencode()}"
