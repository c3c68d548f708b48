"""What the screens of documents take from people."""

import uuid
from datetime import date

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import choices
from hoctap.directives.actions import DirectiveData
from hoctap.directives.enums import Authority, DirectiveStatus, DocumentKind
from hoctap.directives.models import Directive
from hoctap.directives.queries import INCOMING, OUTGOING, Filters
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.models import Seat, Unit
from hoctap.orgs.queries import search_units

UPLOAD_LIMIT = 40 * 1024 * 1024  # bytes at one sending, so that a few at a time fit in memory
FIRST_YEAR = 2010
ALL = ("", _("Tất cả"))


class FilterForm(forms.Form):
    """Lọc sổ văn bản. A value that cannot be is as good as none: an address typed by hand never fails."""

    tim = forms.CharField(required=False, max_length=200)
    loai = forms.ChoiceField(required=False, choices=[ALL, *choices(DocumentKind)])
    nam = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    tinh_trang = forms.ChoiceField(required=False, choices=[ALL, *choices(DirectiveStatus)])
    co_quan = forms.CharField(required=False, max_length=120)
    huong = forms.ChoiceField(required=False, choices=[ALL, (INCOMING, _("Đến")), (OUTGOING, _("Đi"))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(clock.today().year + 1, FIRST_YEAR - 1, -1)
        self.fields["nam"].choices = [ALL, *((str(year), str(year)) for year in years)]

    def filters(self) -> Filters:
        self.is_valid()
        said = self.cleaned_data
        return Filters(
            text=said.get("tim", ""),
            kind=said.get("loai", ""),
            year=said.get("nam"),
            issuer=said.get("co_quan", ""),
            status=said.get("tinh_trang", ""),
            direction=said.get("huong", ""),
        )


class DirectiveForm(forms.Form):
    """Vào sổ văn bản: what is read off the paper, in the order the paper prints it."""

    origin = forms.ChoiceField(
        choices=[(OUTGOING, _("Đơn vị mình (văn bản đi)")), (INCOMING, _("Cơ quan khác (văn bản đến)"))]
    )
    issuer_name = forms.CharField(label=_("Tên cơ quan ban hành"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Tên loại"), choices=choices(DocumentKind))
    number_text = forms.CharField(label=_("Số, ký hiệu"), max_length=90, required=False)
    place = forms.CharField(label=_("Địa danh"), max_length=80, required=False)
    issued_on = forms.DateField(
        label=_("Ngày văn bản"),
        required=False,
        input_formats=["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"],
        widget=forms.DateInput({"inputmode": "numeric", "autocomplete": "off"}, format="%d/%m/%Y"),
        error_messages={"invalid": _("Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 02/10/2023.")},
    )
    subject = forms.CharField(label=_("Trích yếu"), max_length=500, widget=forms.Textarea({"rows": 2}))
    body = forms.CharField(label=_("Toàn văn"), required=False, widget=forms.Textarea({"rows": 16}))
    authority = forms.ChoiceField(label=_("Thẩm quyền ký"), choices=choices(Authority), required=False)
    signer_position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120, required=False)
    recipients_text = forms.CharField(
        label=_("Nơi nhận"), max_length=5000, required=False, widget=forms.Textarea({"rows": 5})
    )
    citations = forms.CharField(
        label=_("Căn cứ, viện dẫn"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 5})
    )
    draft = forms.BooleanField(
        label=_("Dự thảo của đơn vị mình: lãnh đạo chưa ký, ban hành sau"), required=False
    )
    confirm = forms.BooleanField(label=_("Đã xem, vẫn vào sổ"), required=False)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        said = super().clean()
        if said.get("origin") == INCOMING and not said.get("issuer_name"):
            self.add_error("issuer_name", _("Ghi tên cơ quan như in trên văn bản."))
        return said

    def data_for(self, seat: Seat) -> DirectiveData:
        """Of a valid form. An issuer whose name (or short name, or code) one unit here bears is that unit."""
        said = self.cleaned_data
        outgoing = said["origin"] == OUTGOING
        plain = (
            "kind",
            "subject",
            "number_text",
            "issued_on",
            "place",
            "body",
            "authority",
            "signer_position",
        )
        return DirectiveData(
            issuer=seat.unit if outgoing else unit_named(said["issuer_name"]),
            issuer_name="" if outgoing else said["issuer_name"],
            signer_name=said["signer_name"],
            recipients_text=said["recipients_text"],
            draft=said["draft"],
            token=said["token"],
            **{name: said[name] for name in plain},
        )

    def citation_lines(self) -> list[str]:
        return [line for line in self.cleaned_data["citations"].splitlines() if line.strip()]


def blank(seat: Seat) -> dict:
    return {"origin": OUTGOING, "kind": DocumentKind.CV, "place": seat.unit.place, "token": uuid.uuid4()}


def filled(directive: Directive, body: str, cites: list[str]) -> dict:
    """A form's values for a document already registered."""
    same = ("kind", "number_text", "place", "issued_on", "subject", "authority", "version")
    return {
        "origin": OUTGOING if directive.issuer_id == directive.registered_by_id else INCOMING,
        "issuer_name": directive.issuer_name,
        "body": body,
        "signer_position": directive.signer_position,
        "signer_name": directive.signer_name,
        "recipients_text": directive.recipients_text,
        "citations": "\n".join(cites),
        **{name: getattr(directive, name) for name in same},
    }


def unit_named(name: str) -> Unit | None:
    """The one unit that bears this name, short name or code; None when there is none or more than one."""
    wanted = fold(name)
    found = [
        unit
        for unit in search_units(name, 50)
        if wanted in (fold(unit.name), fold(unit.short_name), fold(unit.code))
    ]
    return found[0] if len(found) == 1 else None


def read_files(files: list[UploadedFile]) -> list[tuple[str, bytes]]:
    """Name and bytes of each; refused together before reading when too heavy."""
    if sum(file.size or 0 for file in files) > UPLOAD_LIMIT:
        raise Refusal(
            "Các tệp cộng lại nặng hơn 40 MB. Gửi làm nhiều lần: lưu văn bản trước, rồi thêm tệp ở Sửa văn bản."
        )
    return [(file.name or "", file.read()) for file in files]


class RecallForm(forms.Form):
    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=500, widget=forms.Textarea({"rows": 3}))


def place_of(text: str) -> tuple[date, int] | None:
    """``2023-10-02.17`` of an address as a place in the register."""
    day, _dot, pk = text.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None
