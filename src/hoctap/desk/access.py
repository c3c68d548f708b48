"""Closed by default: every address says which action it needs, and only a signed-in seat gets in.

A view without ``@needs`` or ``@open_to_all`` fails the house test that walks every route. What the seat may not
reach answers 404, so that a stranger does not learn it exists; a role that may not act answers 403 in words.
"""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hoctap.desk.middleware import SEAT
from hoctap.desk.once import HEADER, once
from hoctap.desk.signin.expired import ask_to_sign_in
from hoctap.orgs import roles

View = Callable[..., HttpResponse]


def needs(
    action: str, *, methods: tuple[str, ...] = ("GET",), has_token: bool = False
) -> Callable[[View], View]:
    """The view needs a signed-in seat whose role may do ``action``. GET must not write: name POST for acts.

    What a phone sends again is done once (desk.once), unless its action has a token of its own: ``has_token``.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @require_http_methods(allowed)
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if (
                request.user.password_is_temporary
            ):  # nor is it a thing done, to a phone: it follows no redirect
                return redirect("account_change_password")
            if not request.seat:
                if SEAT in request.headers:
                    raise PermissionDenied(_("Vị trí đã ghi mục này không còn. Ghi lại ở vị trí đang làm."))
                raise PermissionDenied(_("Tài khoản này chưa có vị trí nào. Nhờ quản trị đơn vị cấp vị trí."))
            if not roles.may(request.seat.role, action):
                what = _(roles.ACTIONS[action][0])
                raise PermissionDenied(_("Vị trí của anh/chị không có quyền “%(what)s”.") % {"what": what})
            if request.method == "POST" and HEADER in request.headers and not has_token:
                return once(view, request, *args, **kwargs)
            return view(request, *args, **kwargs)

        guarded.action = action
        guarded.methods = methods
        return guarded

    return decorate


def open_to_all(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """The view answers anybody (sign-in, health, language)."""

    def decorate(view: View) -> View:
        guarded = require_http_methods((*methods, "HEAD") if "GET" in methods else methods)(view)
        guarded.action = None
        guarded.methods = methods
        return guarded

    return decorate
