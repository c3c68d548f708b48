"""Bàn làm việc: what I owe, who owes me, what is new."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoctap.desk.access import needs
from hoctap.desk.render import page
from hoctap.desk.words import standing_word, words
from hoctap.kernel import clock
from hoctap.notify import actions as notify_actions
from hoctap.notify import queries as notify_queries
from hoctap.orgs import roles
from hoctap.orgs.queries import seats_of
from hoctap.reports import queries

SHOWN = 12


@needs(roles.VIEW)
def desk(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    unit_id = request.seat.unit_id
    owed = list(queries.owed_by(unit_id, now)[:SHOWN])
    awaited = list(queries.awaited_by(unit_id, now)[: SHOWN + 1])
    progress = queries.progress_of(unit_id, now)
    waiting = [(node, counts["wait"]) for node, counts in progress.items() if counts["wait"]]
    context = {
        "now": now,
        "groups": _by_due(owed, now),
        "owed": len(owed) + len(waiting),
        "overdue": sum(o.standing == "late" for o in owed),
        "waiting": waiting,
        "awaited": [(o, standing_word(o.standing, o)) for o in awaited[:SHOWN]],
        "awaited_more": len(awaited) > SHOWN,
        "awaited_count": sum(c["all"] - c["ok"] - c["wait"] for c in progress.values()),
        "expected_count": sum(c["all"] for c in progress.values()),
        "late_count": sum(c["late"] for c in progress.values()),
        "notices": list(notify_queries.notices(request.seat, limit=8)),
        "progress": [(node, counts, _parts(counts)) for node, counts in progress.items()],
        "words": words("coordinator"),
    }
    return page(request, "home/desk.html", **context)


def _by_due(owed: list, now) -> list[tuple[str, str, list]]:
    """Groups by due date: overdue, within seven days, later; empty groups left out."""
    week = now + timedelta(days=7)
    groups = [
        ("late", [o for o in owed if o.standing == "late"]),
        ("week", [o for o in owed if o.standing != "late" and o.due_at <= week]),
        ("later", [o for o in owed if o.standing != "late" and o.due_at > week]),
    ]
    return [(kind, items) for kind, items in groups if items]


def _parts(counts: dict[str, int]) -> list[dict]:
    order = ("ok", "wait", "back", "recall", "ext", "late", "none")
    return [{"kind": kind, "count": counts[kind]} for kind in order]


@needs(roles.VIEW)
def notices(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("truoc", "")
    rows = list(notify_queries.notices(request.seat, int(before) if before.isdecimal() else None, limit=51))
    context = {"notices": rows[:50], "next": rows[49].pk if len(rows) > 50 else None}
    return page(request, "home/notices.html", **context)


@needs(roles.VIEW, methods=("POST",))
def notices_read(request: HttpRequest) -> HttpResponse:
    up_to = request.POST.get("up_to", "")
    if up_to.isdecimal():
        notify_actions.mark_read(seat=request.seat, up_to=int(up_to))
    return redirect("notices")


@needs(roles.VIEW, methods=("GET", "POST"))
def seat(request: HttpRequest) -> HttpResponse:
    """Đổi vị trí làm việc."""
    seats = list(seats_of(request.user))
    if request.method == "POST":
        chosen = request.POST.get("seat", "")
        if chosen.isdecimal() and int(chosen) in {s.pk for s in seats}:
            request.session["seat"] = int(chosen)
        return redirect("desk")
    return page(request, "home/seat.html", seats=seats)
