"""What allauth has no view for: going on after the sign-in ran out."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect

from hoctap.desk.access import open_to_all
from hoctap.desk.offline.keeping import owner
from hoctap.desk.render import page, private
from hoctap.desk.signin.expired import ask_to_sign_in
from hoctap.desk.signin.kept import Kept


@open_to_all()
def resume(request: HttpRequest) -> HttpResponse:
    """After signing in again: the fields kept, ready to be sent on."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    held = request.session.get("kept")
    if not held:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return page(request, "account/resume.html", held=Kept(**held))


@open_to_all()
def session_state(request: HttpRequest) -> HttpResponse:
    """For the sign-in dialog: who is signed in now, and the new form token (signing in changes it)."""
    known = request.user if request.user.is_authenticated else None
    who = {"user": known and known.username, "id": known and owner(request)}
    return private(JsonResponse(who | {"csrf": get_token(request)}))
