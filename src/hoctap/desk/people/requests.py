"""Yêu cầu về dữ liệu: noted, answered, done; a person's data handed over or erased."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities.actions import erase_person
from hoctap.desk.access import needs
from hoctap.desk.changing import posted
from hoctap.desk.learners.handing import handed_over
from hoctap.desk.people import screen
from hoctap.desk.people.acts import change, done
from hoctap.desk.people.forms import EraseForm, RequestForm
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.people import actions
from hoctap.people.enums import RequestKind


@needs(roles.KEEP_PEOPLE)
def requests(request: HttpRequest) -> HttpResponse:
    return page(request, "people/requests.html", **screen.requests(request))


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def note(request: HttpRequest, pk: int) -> HttpResponse:
    person = screen.standing_person(request, pk)
    form = RequestForm(posted(request))

    def act(data: dict) -> HttpResponse:
        data["kind"] = RequestKind(data["kind"])
        noted = actions.note_request(person=person, seat=request.seat, **data)
        words = _("Đã ghi yêu cầu. Trả lời chậm nhất ngày %(day)s.") % {"day": f"{noted.answer_by:%d/%m/%Y}"}
        return done(request, person, words)

    said = _(
        "Trả lời trong 2 ngày làm việc; xem, sửa trong 10 ngày, rút đồng ý trong 15 ngày, xóa trong 20 ngày."
    )
    return change(request, person, form, act, title=_("Ghi yêu cầu"), said=said, button=_("Ghi yêu cầu"))


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    actions.answer_request(request=screen.request_of(request, pk), seat=request.seat)
    messages.success(request, _("Đã ghi là đã trả lời."))
    return redirect("people-requests")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Xong; erasing is done by erasing, never by saying so."""
    asked = screen.request_of(request, pk)
    if asked.kind == RequestKind.ERASE and not asked.person.erased_at:
        raise Refusal(_("Yêu cầu xóa chỉ xong khi dữ liệu đã xóa. Mở trang của người ấy, bấm Xóa dữ liệu."))
    actions.finish_request(request=asked, seat=request.seat)
    messages.success(request, _("Đã ghi là đã xong."))
    return redirect("people-requests")


@needs(roles.KEEP_PEOPLE, methods=("POST",))
def hand_over(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The person's data as a file."""
    return handed_over(screen.kept_person(request, pk), kind, request.seat)


@needs(roles.KEEP_PEOPLE, methods=("GET", "POST"))
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    person = screen.kept_person(request, pk)
    form = EraseForm(posted(request))

    def act(_data: dict) -> HttpResponse:
        erase_person(seat=request.seat, person=person)
        messages.success(request, _("Đã xóa dữ liệu. Số người đã đếm trong báo cáo giữ nguyên."))
        return redirect("people")

    said = _(
        "Họ tên, năm sinh, liên hệ, người giám hộ bị xóa; thẻ và chứng nhận hết hiệu lực. "
        "Số người đã đếm giữ nguyên. Nhật ký chỉ còn mã số."
    )
    return change(request, person, form, act, title=_("Xóa dữ liệu"), said=said, button=_("Xóa dữ liệu"))
