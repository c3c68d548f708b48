"""Đơn vị: the organisation as a tree as of any day, one unit, and what each role may do."""

from django.http import HttpRequest, HttpResponse

from hoctap.desk.access import needs
from hoctap.desk.orgs import screen
from hoctap.desk.render import page
from hoctap.orgs import roles


@needs(roles.VIEW)
def units(request: HttpRequest) -> HttpResponse:
    """One level of the tree, or what a search finds."""
    return page(request, "orgs/units.html", **screen.level(request))


@needs(roles.VIEW)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    return page(request, "orgs/unit.html", **screen.unit(request, code))


@needs(roles.VIEW)
def role_help(request: HttpRequest) -> HttpResponse:
    """Vai trò và quyền, from the same table that decides."""
    return page(request, "orgs/roles.html", **screen.role_table())
