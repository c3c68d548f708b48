"""Thẻ học tập: printed for many or one, a new PIN, revoked. A PIN is in one answer only and nowhere else."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.fields import whole
from hoctap.desk.people import screen
from hoctap.desk.render import page, private, site
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.files import MEDIA
from hoctap.orgs import roles, rules
from hoctap.orgs.models import Membership
from hoctap.papers.cards import PrintedCard, render_cards
from hoctap.people import actions
from hoctap.people.actions.cards import MOST_CARDS
from hoctap.people.models import Person
from hoctap.people.queries import standing


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def issue_many(request: HttpRequest) -> HttpResponse:
    """Cards for those ticked, or for everybody of one unit who has none; the answer is the sheet to print."""
    if code := request.POST.get("unit"):
        unit = rules.reachable_units(request.seat).filter(code=code).first()
        persons = screen.without_card(request.seat, unit, MOST_CARDS) if unit else []
        if not persons:
            raise Refusal(
                _("Mọi người của đơn vị này đã có thẻ. Mất thẻ thì mở trang của người ấy, in thẻ mới.")
            )
    else:
        pks = {whole(text) for text in request.POST.getlist("person")} - {None}
        persons = list(
            standing(rules.persons_kept(request.seat)).filter(pk__in=pks).order_by("sort_key", "pk")
        )
    return _printed(request, persons)


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    return _printed(request, [screen.kept_person(request, pk)])


@transaction.atomic
def _printed(request: HttpRequest, persons: Sequence[Person]) -> HttpResponse:
    """The sheet. A sheet that cannot be set issues no card: its PINs would be known to nobody."""
    issued = actions.issue_cards(persons=persons, seat=request.seat)
    units = _units_of(request, persons)
    start = site(request)
    cards = [
        PrintedCard(
            one.person.full_name, units.get(one.person.pk, ""), f"{start}/the/{one.card.token}/", one.pin
        )
        for one in issued
    ]
    unit = request.seat.unit
    answer = HttpResponse(render_cards(cards, issuer=unit.name, demo=unit.is_demo), content_type=MEDIA["pdf"])
    answer["Content-Disposition"] = f'attachment; filename="the-hoc-tap-{clock.today():%Y-%m-%d}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return private(answer)


def _units_of(request: HttpRequest, persons: Sequence[Person]) -> dict[int, str]:
    """The unit on each card: within reach, of today."""
    rows = Membership.objects.filter(person__in=persons, valid__contains=clock.today())
    rows = rows.filter(rules.within(rules.reachable_ids(request.seat), "unit_id")).order_by("-pk")
    return dict(rows.values_list("person", "unit__name"))


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def new_pin(request: HttpRequest, pk: int) -> HttpResponse:
    person = screen.kept_person(request, pk)
    pin = actions.reset_pin(person=person, seat=request.seat)
    return page(request, "people/pin.html", person=person, pin=f"{pin[:3]} {pin[3:]}")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    person = screen.kept_person(request, pk)
    actions.revoke_card(person=person, seat=request.seat)
    messages.success(request, _("Đã thu hồi thẻ của %(name)s.") % {"name": person.full_name})
    return redirect("person", pk)
