"""What the pages about persons take."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import DayField, choices
from hoctap.desk.orgs.forms import UnitField
from hoctap.kernel import clock
from hoctap.orgs.enums import Standing
from hoctap.people.enums import ConsentWay, Purpose, RequestKind


def _today(label: str) -> DayField:
    return DayField(label=label, initial=clock.today)


class PersonForm(forms.Form):
    """Sửa thông tin."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    birth_year = forms.IntegerField(
        label=_("Năm sinh"),
        required=False,
        help_text=_("Không bắt buộc; để phân biệt người trùng tên"),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    contact = forms.CharField(
        label=_("Liên hệ"),
        max_length=120,
        required=False,
        help_text=_("Điện thoại hoặc thư điện tử, không bắt buộc"),
    )
    guardian_name = forms.CharField(
        label=_("Người giám hộ"),
        max_length=120,
        required=False,
        help_text=_("Cha, mẹ hoặc người giám hộ; cần khi người học chưa đủ 16 tuổi"),
    )
    guardian_contact = forms.CharField(label=_("Liên hệ người giám hộ"), max_length=120, required=False)


class JoinForm(forms.Form):
    """Vào đơn vị."""

    unit = UnitField(label=_("Đơn vị"), max_length=200, help_text=_("Ghi tên hoặc mã, không dấu cũng được"))
    standing = forms.ChoiceField(label=_("Tư cách"), choices=choices(Standing))
    since = _today(_("Thuộc đơn vị từ ngày"))


class EnterForm(PersonForm, JoinForm):
    """Thêm người."""

    consent = forms.ChoiceField(
        label=_("Đồng ý cho ghi nhận việc học"),
        required=False,
        help_text=_("Người ấy (hoặc người giám hộ) đã đồng ý bằng cách nào. Im lặng không phải là đồng ý."),
        choices=[("", _("Chưa hỏi")), *choices(ConsentWay)],
    )
    field_order = (
        "full_name", "birth_year", "unit", "standing", "since", "contact", "guardian_name", "guardian_contact", "consent",
    )  # fmt: skip


class LeaveForm(forms.Form):
    """Rời đơn vị."""

    on = DayField(label=_("Không còn thuộc đơn vị từ ngày"), initial=clock.today)


class ConsentForm(forms.Form):
    """Ghi đồng ý."""

    purpose = forms.ChoiceField(label=_("Đồng ý để"), choices=choices(Purpose))
    way = forms.ChoiceField(label=_("Bằng cách"), choices=choices(ConsentWay))
    given_on = _today(_("Ngày đồng ý"))
    given_by = forms.CharField(
        label=_("Người đồng ý"),
        max_length=120,
        required=False,
        help_text=_("Để trống nếu là chính người ấy, hoặc người giám hộ đã ghi tên"),
    )
    by_guardian = forms.BooleanField(label=_("Người giám hộ đồng ý thay cho trẻ"), required=False)
    child_agreed = forms.BooleanField(
        label=_("Chính trẻ (từ đủ 7 tuổi) cũng đồng ý; cần khi đăng tên, ảnh"), required=False
    )


class WithdrawForm(forms.Form):
    """Rút lại đồng ý."""

    on = _today(_("Rút lại từ ngày"))


class RequestForm(forms.Form):
    """Ghi yêu cầu về dữ liệu."""

    kind = forms.ChoiceField(label=_("Yêu cầu"), choices=choices(RequestKind))
    asked_on = _today(_("Ngày nhận yêu cầu"))
    note = forms.CharField(label=_("Ghi chú"), max_length=400, required=False)


class EraseForm(forms.Form):
    """Xóa dữ liệu."""

    sure = forms.BooleanField(label=_("Đã xác nhận đúng người yêu cầu; hiểu rằng không lấy lại được"))
