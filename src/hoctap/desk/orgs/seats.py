"""Vị trí: an administrator says who sits where, and opens accounts for those who have none."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.changing import posted
from hoctap.desk.orgs.changes import change, mine
from hoctap.desk.orgs.forms import RevokeForm, SeatForm
from hoctap.desk.render import page
from hoctap.orgs import actions, roles, rules
from hoctap.orgs.enums import Role
from hoctap.orgs.models import Seat


@needs(roles.GRANT_SEAT, methods=("GET", "POST"))
def grant(request: HttpRequest, code: str) -> HttpResponse:
    """Cấp vị trí. A new account's password is in this answer only, never in an address or a message."""
    unit = mine(request, code)
    form = SeatForm(posted(request))

    def act(data: dict) -> HttpResponse:
        data["role"] = role = Role(data["role"])
        granted, password = actions.seat_person(seat=request.seat, unit=unit, **data)
        if password:
            context = {"unit": unit, "granted": granted, "password": password, "role": _(role.label)}
            return page(request, "orgs/account.html", **context)
        messages.success(request, _("Đã cấp vị trí cho %(name)s.") % {"name": granted.user.full_name})
        return redirect("unit", code)

    said = _("Tên đăng nhập chưa có thì tài khoản mới được mở, mật khẩu chỉ hiện một lần.")
    return change(request, unit, form, act, title=_("Cấp vị trí"), said=said, button=_("Cấp vị trí"))


@needs(roles.GRANT_SEAT, methods=("GET", "POST"))
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Thu hồi vị trí."""
    granted = Seat.objects.select_related("user", "unit").filter(pk=pk).first()
    if granted is None or not rules.reaches(request.seat, granted.unit):
        raise Http404
    form = RevokeForm(posted(request))

    def act(data: dict) -> HttpResponse:
        actions.revoke_seat(seat=request.seat, granted=granted, on=data["on"])
        messages.success(request, _("Đã thu hồi vị trí của %(name)s.") % {"name": granted.user.full_name})
        return redirect(reverse("unit", args=[granted.unit.code]))

    words = {"name": granted.user.full_name, "role": _(Role(granted.role).label)}
    said = _("%(name)s, %(role)s. Việc đã làm từ vị trí này vẫn giữ nguyên.") % words
    return change(
        request, granted.unit, form, act, title=_("Thu hồi vị trí"), said=said, button=_("Thu hồi vị trí")
    )
