"""Who learns, at the screen: signed in with a card, or an officer who is a person, too. Never a seat.

What a learner's session holds is the card and a mark of its PIN; a revoked card or a new PIN ends it. Signing in with a
card ends whatever session the browser had, so that nobody at a shared machine comes to another's seat.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from hoctap.desk.access import View
from hoctap.desk.render import is_htmx, page
from hoctap.kernel.prepared import Prepared
from hoctap.people.entering import pin_mark
from hoctap.people.models import Card, Person
from hoctap.people.queries import survivor

LEARNER = "learner"  # what such a view says it needs, in the place of an action
REMEMBERED = 14 * 24 * 3600  # seconds


def learner_of(request: HttpRequest) -> Person | None:
    """The person at this screen; of an officer, the person that belongs to the account. At most one query."""
    if request.user.is_authenticated:
        person = next(iter(_OF_ACCOUNT(user=request.user.pk)), None)
        return survivor(person) if person else None
    held = request.session.get("card")
    if not held:
        return None
    card = next(iter(_CARD(pk=held[0])), None)
    if card is None or not constant_time_compare(pin_mark(card), held[1]):
        return None
    return survivor(card.person)


_OF_ACCOUNT: Prepared[Person] = Prepared(
    lambda user: Person.objects.filter(user=user, erased_at=None).select_related("merged_into"), "user"
)
_CARD: Prepared[Card] = Prepared(
    lambda pk: Card.objects.filter(pk=pk, revoked_at=None, person__erased_at=None).select_related(
        "person__merged_into"
    ),
    "pk",
)


def enter(request: HttpRequest, card: Card, *, remember: bool) -> None:
    request.session.flush()
    request.session["card"] = [card.pk, pin_mark(card)]
    request.session.set_expiry(REMEMBERED if remember else 0)


def leave(request: HttpRequest) -> None:
    request.session.flush()


def needs_learner(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """The view needs a learner, and is given the person: ``view(request, person, …)``."""
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> View:
        @require_http_methods(allowed)
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.user.is_authenticated and request.user.password_is_temporary:
                return redirect("account_change_password")
            person = learner_of(request)
            if person is not None:
                return view(request, person, *args, **kwargs)
            if request.user.is_authenticated:
                return page(request, "learners/nobody.html", status=403, code="", refusal="")
            if request.method != "GET" or is_htmx(request):
                return page(
                    request, "learners/enter.html", status=401, token="", refusal="", code="", back=""
                )
            return redirect("card-typed")

        guarded.action = LEARNER
        guarded.methods = methods
        return guarded

    return decorate
