"""Người học: the list by unit, one person, and entering one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.people import screen
from hoctap.desk.people.acts import change
from hoctap.desk.people.forms import EnterForm
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import lookalikes, roles, rules
from hoctap.orgs.actions.memberships import enter_person
from hoctap.orgs.enums import Standing
from hoctap.people.enums import ConsentWay


@needs(roles.KEEP_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    return page(request, "people/people.html", **screen.listing(request))


@needs(roles.KEEP_PEOPLE)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person; who was merged into another is shown as that one."""
    held = rules.known(request.seat, pk)
    if not held:
        raise Http404
    if held[0].person_id != pk:
        return redirect("person", held[0].person_id)
    return page(request, "people/person.html", **screen.person(held))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def enter(request: HttpRequest) -> HttpResponse:
    """Thêm người; ``?don-vi=`` names the unit."""
    given = {"unit": request.GET.get("don-vi") or request.seat.unit.code}
    form = EnterForm(request.POST if request.method == "POST" else None, initial=given)
    form.fields["unit"].reach = request.seat

    same: list = []

    def act(data: dict) -> HttpResponse:
        data["standing"] = Standing(data["standing"])
        data["consent"] = ConsentWay(data["consent"]) if data["consent"] else None
        if "again" not in request.POST:
            asked = {name: data[name] for name in ("unit", "full_name", "birth_year", "contact")}
            same.extend(screen.rows_of(request.seat, lookalikes.like(request.seat, **asked)))
        if same:
            raise Refusal(_("Trong danh sách đã có người cùng tên. Xem có phải người ấy không."))
        made = enter_person(seat=request.seat, **data)
        messages.success(request, _("Đã thêm %(name)s.") % {"name": made.full_name})
        return redirect("person", made.pk)

    said = _(
        "Chỉ ghi điều cần để đếm người học một lần và trao kết quả học. Không ghi số giấy tờ, dân tộc, tôn giáo."
    )
    words = {"title": _("Thêm người"), "said": said, "button": _("Thêm người")}
    return change(request, None, form, act, same=same, **words)
