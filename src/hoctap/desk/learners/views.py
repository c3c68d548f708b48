"""Sổ của tôi: what one learned, what comes, the certificates, and what is kept about one and why."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hoctap.activities import certificates
from hoctap.activities.enums import CertificateState
from hoctap.activities.models import Certificate
from hoctap.activities.record import record_of
from hoctap.activities.rules import certificate_state
from hoctap.desk.certificates.files import certificates_file, credential_file
from hoctap.desk.learners import screen
from hoctap.desk.learners.access import needs_learner
from hoctap.desk.learners.handing import handed_over
from hoctap.desk.papers import paper_file
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.papers.learning import record_paper
from hoctap.people.actions import note_request, untie_account, withdraw_consent
from hoctap.people.enums import RequestKind
from hoctap.people.models import Consent, Person


@needs_learner()
def mine(request: HttpRequest, person: Person) -> HttpResponse:
    return page(request, "learners/mine.html", **screen.mine(request, person))


@needs_learner()
def data(request: HttpRequest, person: Person) -> HttpResponse:
    """Dữ liệu của tôi: what is kept about one, consents, requests."""
    return page(request, "learners/data.html", **screen.data(request, person))


@needs_learner(methods=("POST",))
def take(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """All that is kept about one, to take along."""
    return handed_over(person, kind, None)


@needs_learner()
def paper(request: HttpRequest, person: Person) -> HttpResponse:
    """The record in print, for one's unit to confirm; with the books read where that was ticked (``?sach=1``)."""
    unit = screen.unit_of(person)
    if unit is None:
        raise Refusal(_("Sổ chưa gắn với đơn vị nào nên chưa in được. Nhờ đơn vị ghi anh/chị vào danh sách."))
    books = list(person.books.order_by("-read_on", "-pk")) if request.GET.get("sach") else None
    return paper_file(
        record_paper(record_of(person), unit, by_learner=True, books=books), "pdf", "so-hoc-tap"
    )


@needs_learner()
def certificate(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    one = _mine(person, pk)
    if certificate_state(one) != CertificateState.VALID:
        raise Refusal(_("Chứng nhận này không còn hiệu lực nên không in được nữa."))
    return certificates_file(request, [one], f"chung-nhan-{one.number.replace('/', '-')}")


@needs_learner()
def credential(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Bản điện tử có chữ ký số, that others check without asking Hoctap."""
    return credential_file(request, _mine(person, pk))


@needs_learner(methods=("POST",))
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Rút lại một đồng ý."""
    consent = Consent.objects.filter(person=person, pk=pk).first()
    if consent is None:
        raise Http404
    withdraw_consent(consent=consent)
    messages.success(request, _("Đã rút lại đồng ý. Đơn vị không dùng dữ liệu cho việc đó nữa."))
    return redirect("mine-data")


@needs_learner(methods=("POST",))
def untie(request: HttpRequest, person: Person) -> HttpResponse:
    """Bỏ gắn tài khoản: the record is opened by the card alone again."""
    untie_account(person=person)
    messages.success(request, _("Đã bỏ gắn tài khoản. Từ nay mở sổ bằng thẻ."))
    return redirect("desk" if request.user.is_authenticated else "mine-data")


@needs_learner(methods=("POST",))
def ask(request: HttpRequest, person: Person) -> HttpResponse:
    """Yêu cầu về dữ liệu của mình."""
    kind = request.POST.get("kind", RequestKind.ACCESS)
    if kind not in RequestKind.values:
        raise Refusal(_("Chọn một loại yêu cầu trong danh sách."))
    made = note_request(person=person, kind=RequestKind(kind), note=request.POST.get("note", "")[:400])
    words = _("Đã gửi yêu cầu. Đơn vị trả lời trước hết ngày %(day)s.")
    messages.success(request, words % {"day": f"{made.answer_by:%d/%m/%Y}"})
    return redirect("mine-data")


def _mine(person: Person, pk: int) -> Certificate:
    one = certificates.whole(Certificate.objects.filter(person=person, pk=pk)).first()
    if one is None:
        raise Http404
    return one
