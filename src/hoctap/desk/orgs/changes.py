"""Sắp xếp đơn vị: an administrator founds, renames, moves and dissolves units under the own one."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk import changing
from hoctap.desk.access import needs
from hoctap.desk.changing import posted
from hoctap.desk.orgs.forms import DissolveForm, EditForm, FoundForm, LeaveForm, MoveForm, RenameForm
from hoctap.kernel import clock
from hoctap.orgs import actions, roles, rules
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Unit


def mine(request: HttpRequest, code: str) -> Unit:
    """The unit, or 404 when the seat does not reach it today."""
    unit = rules.reachable_units(request.seat).filter(code=code).first()
    if unit is None:
        raise Http404
    return unit


def change(
    request: HttpRequest, unit: Unit, form: Form, act: Callable[[dict], HttpResponse], **context
) -> HttpResponse:
    return changing.change(request, "orgs/change.html", form, act, unit=unit, **context)


def _done(request: HttpRequest, words: str, address: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(address)


def _lines(unit: Unit) -> list[tuple[str, str]]:
    """The lines in which the unit stands today."""
    now = set(unit.subordinations.filter(valid__contains=clock.today()).values_list("line", flat=True))
    return [(line.value, _(line.label)) for line in Line if line in now]


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def found(request: HttpRequest, code: str) -> HttpResponse:
    """Thành lập: a new unit directly under this one."""
    parent = mine(request, code)
    form = FoundForm(posted(request))
    form.fields["line"].choices = _lines(parent)

    def act(data: dict) -> HttpResponse:
        line = Line(data.pop("line"))
        made = actions.found_unit(seat=request.seat, parents={line: parent}, is_demo=parent.is_demo, **data)
        query = {"tuyen": line.value, "duoi": parent.code}
        if data["since"] > clock.today():
            query["ngay"] = data["since"].isoformat()
        address = reverse("units", query=query)
        return _done(request, _("Đã thêm %(unit)s.") % {"unit": made.name}, address)

    said = _("Đơn vị mới trực thuộc %(unit)s.") % {"unit": parent.name}
    return change(request, parent, form, act, title=_("Thêm đơn vị"), said=said, button=_("Thêm đơn vị"))


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def rename(request: HttpRequest, code: str) -> HttpResponse:
    unit = mine(request, code)
    form = RenameForm(posted(request), initial={"name": unit.name, "short_name": unit.short_name})

    def act(data: dict) -> HttpResponse:
        actions.rename_unit(seat=request.seat, unit=unit, **data)
        return _done(request, _("Đã ghi tên mới."), reverse("unit", args=[code]))

    said = _("Văn bản, báo cáo trước ngày đổi vẫn mang tên cũ.")
    return change(request, unit, form, act, title=_("Đổi tên"), said=said, button=_("Đổi tên"))


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = mine(request, code)
    known = {name: getattr(unit, name) for name in EditForm.base_fields}
    form = EditForm(posted(request), initial=known)

    def act(data: dict) -> HttpResponse:
        actions.edit_unit(seat=request.seat, unit=unit, **data)
        return _done(request, _("Đã sửa thông tin đơn vị."), reverse("unit", args=[code]))

    return change(request, unit, form, act, title=_("Sửa thông tin"), said="", button=_("Lưu"))


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Chuyển cấp trên; a line the unit is not in yet is entered."""
    unit = mine(request, code)
    form = MoveForm(posted(request))
    form.fields["parent"].reach = request.seat

    def act(data: dict) -> HttpResponse:
        line = Line(data["line"])
        actions.move_unit(seat=request.seat, unit=unit, line=line, parent=data["parent"], on=data["on"])
        words = _("Đã chuyển %(unit)s về %(parent)s.") % {"unit": unit.name, "parent": data["parent"].name}
        return _done(request, words, reverse("unit", args=[code]))

    said = _("Các đơn vị trực thuộc đi cùng. Đợt báo cáo đã mở vẫn theo cấp trên cũ.")
    return change(request, unit, form, act, title=_("Chuyển cấp trên"), said=said, button=_("Chuyển"))


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def leave(request: HttpRequest, code: str) -> HttpResponse:
    unit = mine(request, code)
    form = LeaveForm(posted(request))
    form.fields["line"].choices = _lines(unit)

    def act(data: dict) -> HttpResponse:
        line = Line(data["line"])
        actions.leave_line(seat=request.seat, unit=unit, line=line, on=data["on"])
        words = _("%(unit)s đã ra khỏi tuyến %(line)s.") % {"unit": unit.name, "line": _(line.label)}
        return _done(request, words, reverse("units"))

    said = _("Đơn vị vẫn ở các tuyến khác.")
    return change(request, unit, form, act, title=_("Ra khỏi tuyến"), said=said, button=_("Ra khỏi tuyến"))


@needs(roles.EDIT_UNIT, methods=("GET", "POST"))
def dissolve(request: HttpRequest, code: str) -> HttpResponse:
    unit = mine(request, code)
    form = DissolveForm(posted(request))

    def act(data: dict) -> HttpResponse:
        actions.dissolve_unit(seat=request.seat, unit=unit, on=data["on"])
        return _done(request, _("Đã ghi việc giải thể %(unit)s.") % {"unit": unit.name}, reverse("units"))

    said = _("Vị trí của người làm việc ở đây cũng thôi từ ngày này.")
    return change(request, unit, form, act, title=_("Giải thể"), said=said, button=_("Giải thể đơn vị"))
