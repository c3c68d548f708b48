"""Sửa thông tin, đơn vị, đồng ý của một người."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.desk import changing
from hoctap.desk.access import needs
from hoctap.desk.changing import posted
from hoctap.desk.people.forms import ConsentForm, JoinForm, LeaveForm, PersonForm, WithdrawForm
from hoctap.desk.people.screen import kept_person, person_of, standing_person
from hoctap.kernel import clock
from hoctap.orgs import roles, rules
from hoctap.orgs.actions import memberships
from hoctap.orgs.enums import Standing
from hoctap.people import actions
from hoctap.people import rules as people_rules
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person


def change(
    request: HttpRequest, person: Person | None, form: Form, act: Callable[[dict], HttpResponse], **context
) -> HttpResponse:
    return changing.change(request, "people/change.html", form, act, person=person, **context)


def done(request: HttpRequest, person: Person, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("person", person.pk)


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    person = kept_person(request, pk)
    known = {name: getattr(person, name) for name in PersonForm.base_fields}
    form = PersonForm(posted(request), initial=known)

    def act(data: dict) -> HttpResponse:
        actions.correct_person(person=person, seat=request.seat, **data)
        return done(request, person, _("Đã sửa thông tin."))

    said = _("Tên trên chứng nhận đã cấp giữ nguyên; cần thì cấp bản thay thế.")
    return change(request, person, form, act, title=_("Sửa thông tin"), said=said, button=_("Lưu"))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def join(request: HttpRequest, pk: int) -> HttpResponse:
    person = standing_person(request, pk)
    form = JoinForm(posted(request))
    form.fields["unit"].reach = request.seat

    def act(data: dict) -> HttpResponse:
        standing = Standing(data["standing"])
        memberships.join(
            seat=request.seat, person=person, unit=data["unit"], standing=standing, since=data["since"]
        )
        return done(request, person, _("Đã ghi vào %(unit)s.") % {"unit": data["unit"].name})

    said = _("Một người có thể thuộc nhiều đơn vị; hoạt động vẫn chỉ đếm một lần.")
    return change(request, person, form, act, title=_("Ghi vào đơn vị"), said=said, button=_("Ghi"))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def leave(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    person = person_of(request, pk)
    held = person.memberships.select_related("unit").filter(pk=membership_pk).first()
    if held is None or not rules.reaches(request.seat, held.unit):
        raise Http404
    form = LeaveForm(posted(request))

    def act(data: dict) -> HttpResponse:
        memberships.leave(seat=request.seat, membership=held, on=data["on"])
        return done(request, person, _("Đã ghi ngày rời %(unit)s.") % {"unit": held.unit.name})

    said = _("Việc học khi còn thuộc %(unit)s vẫn giữ.") % {"unit": held.unit.name}
    return change(request, person, form, act, title=_("Rời đơn vị"), said=said, button=_("Ghi ngày rời"))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    person = kept_person(request, pk)
    form = ConsentForm(posted(request))
    if not people_rules.may_be_child(person.birth_year, clock.today()):
        del form.fields["child_agreed"]

    def act(data: dict) -> HttpResponse:
        purpose, way = Purpose(data.pop("purpose")), ConsentWay(data.pop("way"))
        actions.give_consent(person=person, purpose=purpose, way=way, seat=request.seat, **data)
        return done(request, person, _("Đã ghi đồng ý."))

    said = _("Đồng ý phải rõ ràng, cho từng mục đích; giữ phiếu, tin nhắn hoặc bản ghi âm làm chứng.")
    return change(request, person, form, act, title=_("Ghi đồng ý"), said=said, button=_("Ghi đồng ý"))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def withdraw(request: HttpRequest, pk: int, consent_pk: int) -> HttpResponse:
    person = kept_person(request, pk)
    given = person.consents.filter(pk=consent_pk).first()
    if given is None:
        raise Http404
    form = WithdrawForm(posted(request))

    def act(data: dict) -> HttpResponse:
        actions.withdraw_consent(consent=given, on=data["on"], seat=request.seat)
        return done(request, person, _("Đã ghi rút lại đồng ý."))

    said = _("Mục đích: %(purpose)s.") % {"purpose": _(given.get_purpose_display())}
    return change(request, person, form, act, title=_("Rút lại đồng ý"), said=said, button=_("Ghi rút lại"))


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def untie(request: HttpRequest, pk: int) -> HttpResponse:
    """Bỏ gắn tài khoản: the account stays, the record is opened by the card alone."""
    person = kept_person(request, pk)
    actions.untie_account(person=person, seat=request.seat)
    return done(request, person, _("Đã bỏ gắn tài khoản."))
