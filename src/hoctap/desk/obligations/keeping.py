"""Đợt báo cáo: how often it recurs, and who outside the line may follow it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.obligations import screen
from hoctap.desk.obligations.forms import FollowForm, FrequencyForm
from hoctap.desk.obligations.views import own_round
from hoctap.desk.picking import right_below
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.obligations import following, recurring
from hoctap.obligations.enums import Frequency
from hoctap.obligations.models import Follower
from hoctap.orgs import roles


@needs(roles.OPEN_ROUND, methods=("POST",))
def frequency(request: HttpRequest, pk: int) -> HttpResponse:
    """Tần suất: how often the round recurs from now on; “Một lần” stops it."""
    opened = own_round(request, pk)
    form = FrequencyForm(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(_("Chọn lại tần suất trong danh sách."))
        wanted = Frequency(form.cleaned_data["frequency"])
        recurring.set_frequency(seat=request.seat, opened=opened, frequency=wanted)
        stopped = wanted == Frequency.ONCE
        said = _("Đã dừng lặp lại: không mở đợt sau.") if stopped else _("Đã đổi tần suất.")
        messages.success(request, said)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("round", pk)


@needs(roles.OPEN_ROUND, methods=("GET", "POST"))
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Cho đơn vị ngoài tuyến theo dõi: which unit, by which clause."""
    opened = own_round(request, pk)
    sent = request.method == "POST" and "find" not in request.POST
    form = FollowForm(request.POST if sent else None, initial=request.POST.dict())
    ticked, unknown = screen.picked_units(request.POST, "units" if sent else "", request.POST.getlist("unit"))
    if unknown:
        form.add_error(None, screen.unknown_units(unknown))
    if sent and form.is_valid():
        try:
            following.let_follow(seat=request.seat, opened=opened, units=ticked, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã cho theo dõi; đơn vị được báo ngay."))
            return redirect("round", pk)
    text = request.POST.get("tim", "").strip()[:100]
    taken = Follower.objects.filter(round=opened, ended_at=None)
    groups = screen.searched(text, taken) if text else right_below(request.seat.unit, taken)
    context = {"round": opened, **screen.picking(request, form, text, groups, ticked)}
    return page(request, "obligations/follow.html", status=422 if form.errors else 200, **context)


@needs(roles.OPEN_ROUND, methods=("POST",))
def unfollow(request: HttpRequest, pk: int, follower_pk: int) -> HttpResponse:
    opened = own_round(request, pk)
    follower = Follower.objects.filter(pk=follower_pk, round=opened).select_related("round", "unit").first()
    if follower is None:
        raise Http404
    try:
        following.end_following(seat=request.seat, follower=follower)
        messages.success(request, _("%(unit)s thôi theo dõi đợt này.") % {"unit": follower.unit.name})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("round", pk)
