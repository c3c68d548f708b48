"""Bàn làm việc: what I owe, who owes me, what is new."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.home import screen
from hoctap.desk.render import page
from hoctap.kernel import clock
from hoctap.notify import actions as notify_actions
from hoctap.notify import queries as notify_queries
from hoctap.orgs import roles
from hoctap.orgs.queries import seats_of


@needs(roles.VIEW)
def desk(request: HttpRequest) -> HttpResponse:
    return page(request, "home/desk.html", **screen.desk(request))


@needs(roles.VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    before = whole(request.GET.get("truoc", ""))
    rows = list(notify_queries.notices(request.seat, before, limit=51))
    context = {
        "newest": rows[0] if rows and not before else None,
        "days": screen.news(rows[:50], clock.today()),
        "next": rows[49].pk if len(rows) > 50 else None,
    }
    return page(request, "home/notices.html", **context)


@needs(roles.VIEW, methods=("POST",))
def notices_read(request: HttpRequest) -> HttpResponse:
    up_to = whole(request.POST.get("up_to", ""))
    if up_to:
        notify_actions.mark_read(seat=request.seat, up_to=up_to)
    return redirect("notices")


@needs(roles.VIEW, methods=("GET", "POST"))
def seat(request: HttpRequest) -> HttpResponse:
    """Đổi vị trí làm việc."""
    seats = list(seats_of(request.user))
    if request.method == "POST":
        chosen = whole(request.POST.get("seat", ""))
        if chosen in {s.pk for s in seats}:
            request.session["seat"] = chosen
        return redirect("desk")
    return page(request, "home/seat.html", seats=seats)
