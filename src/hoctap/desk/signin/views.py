"""What allauth has no view for: the seat one acts from, and going on after the sign-in ran out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect

from hoctap.desk.access import open_to_all
from hoctap.desk.render import page, private
from hoctap.desk.signin.expired import ask_to_sign_in
from hoctap.desk.signin.kept import Kept
from hoctap.orgs.queries import seats_of


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
    user = request.user.username if request.user.is_authenticated else None
    return private(JsonResponse({"user": user, "csrf": get_token(request)}))


@open_to_all(methods=("GET", "POST"))
def seats(request: HttpRequest) -> HttpResponse:
    """Vị trí làm việc: the seats one holds; choosing one makes it the acting seat of this session."""
    if not request.user.is_authenticated:
        return ask_to_sign_in(request)
    held = list(seats_of(request.user))
    if request.method == "POST":
        chosen = next((seat for seat in held if str(seat.pk) == request.POST.get("seat")), None)
        if chosen is None:
            raise Http404
        request.session["seat"] = chosen.pk
        return redirect(settings.LOGIN_REDIRECT_URL)
    return page(request, "account/seats.html", seats=held)
