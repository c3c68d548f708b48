"""Nobody is signed in, or no longer: ask to sign in without losing what was typed."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from hoctap.desk.render import fragment, is_htmx, page, private
from hoctap.desk.signin.forms import SignInForm
from hoctap.desk.signin.kept import keep, seal


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Nobody is signed in: a dialog for htmx, the sign-in page for a form (with what it held), else a redirect."""
    if is_htmx(request):
        html = fragment(request, "account/again.html", "dialog")
        return private(HttpResponse(html, status=401))
    if request.method == "POST":
        held = keep(request)
        form = SignInForm(request=request, initial={"kept": seal(held)})
        return page(
            request,
            "account/login.html",
            status=401,
            form=form,
            held=held,
            redirect_field_value=_back(request),
        )
    return redirect_to_login(request.get_full_path())


def _back(request: HttpRequest) -> str:
    """The page the form stood on, if it was ours; an address that only takes posts would be no place to return to."""
    came_from = request.headers.get("Referer", "").removeprefix(f"{request.scheme}://{request.get_host()}")
    return came_from if came_from.startswith("/") and not came_from.startswith("//") else "/"
