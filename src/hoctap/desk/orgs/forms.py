"""What the pages about organisations take from people."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.desk.fields import choices
from hoctap.kernel import clock
from hoctap.kernel.vietnamese import fold
from hoctap.orgs import queries, rules
from hoctap.orgs.enums import UNIT_CODE, AreaType, Kind, Line, Role
from hoctap.orgs.models import Seat, Unit

_CODE = RegexValidator(rf"^{UNIT_CODE}\Z", gettext_lazy("Mã chỉ gồm chữ, số, dấu chấm, gạch nối."))
_USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._@-]*\Z", gettext_lazy("Chỉ gồm chữ thường không dấu, số, dấu chấm, gạch nối.")
)


class DayField(forms.DateField):
    """A day, typed as 13/10/2023 or picked; today unless another is given."""

    def __init__(self, **kwargs):
        super().__init__(
            input_formats=["%d/%m/%Y", "%Y-%m-%d"],
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            initial=clock.today,
            **kwargs,
        )


class UnitField(forms.CharField):
    """A unit by its name, short name or code; ``reach`` limits it to what a seat reaches."""

    reach: Seat | None = None

    def clean(self, value: str) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        found = queries.search_units(text, 20, rules.reachable_units(self.reach) if self.reach else None)
        same = [u for u in found if fold(text) in (fold(u.name), fold(u.short_name), fold(u.code))]
        if len(same or found) == 1:
            return (same or found)[0]
        if not found:
            raise forms.ValidationError(
                _(
                    "Không thấy đơn vị nào như vậy trong phạm vi của anh/chị. Ghi tên hoặc mã như trong mục Đơn vị."
                )
            )
        some = "; ".join(f"{u.name} ({u.code})" for u in (same or found)[:5])
        raise forms.ValidationError(
            _("Có nhiều đơn vị khớp: %(some)s. Ghi mã của một đơn vị.") % {"some": some}
        )


def _name() -> forms.CharField:
    return forms.CharField(label=gettext_lazy("Tên đơn vị"), max_length=200)


def _short_name() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Tên gọn"), max_length=80, help_text=gettext_lazy("Dùng trong bảng và danh sách")
    )


class RenameForm(forms.Form):
    """Đổi tên."""

    name = _name()
    short_name = _short_name()
    on = DayField(label=gettext_lazy("Mang tên này từ ngày"))


class EditForm(forms.Form):
    """Sửa thông tin không theo ngày."""

    kind = forms.ChoiceField(label=gettext_lazy("Loại hình"), choices=choices(Kind))
    area_type = forms.ChoiceField(label=gettext_lazy("Cấp"), choices=choices(AreaType), required=False)
    place = forms.CharField(
        label=gettext_lazy("Địa danh"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("In trước ngày tháng của văn bản, ví dụ: Quận 3"),
    )
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), max_length=254, required=False)


class FoundForm(EditForm):
    """Thành lập đơn vị trực thuộc."""

    code = forms.CharField(
        label=gettext_lazy("Mã đơn vị"),
        max_length=40,
        validators=[_CODE],
        help_text=gettext_lazy("Không đổi về sau; dùng khi nhập Excel"),
    )
    name = _name()
    short_name = _short_name()
    line = forms.ChoiceField(label=gettext_lazy("Trực thuộc theo tuyến"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Loại hình"), choices=[("", gettext_lazy("Chọn loại hình")), *choices(Kind)]
    )
    since = DayField(label=gettext_lazy("Thành lập từ ngày"))
    field_order = ("name", "short_name", "code", "line", "since", "kind", "area_type", "place", "email")


class MoveForm(forms.Form):
    """Chuyển cấp trên."""

    line = forms.ChoiceField(label=gettext_lazy("Tuyến"), choices=choices(Line))
    parent = UnitField(
        label=gettext_lazy("Cấp trên mới"),
        max_length=200,
        help_text=gettext_lazy("Ghi tên hoặc mã, không dấu cũng được"),
    )
    on = DayField(label=gettext_lazy("Từ ngày"))


class LeaveForm(forms.Form):
    """Ra khỏi một tuyến."""

    line = forms.ChoiceField(label=gettext_lazy("Tuyến"))
    on = DayField(label=gettext_lazy("Từ ngày"))


class DissolveForm(forms.Form):
    """Giải thể."""

    on = DayField(
        label=gettext_lazy("Thôi hoạt động từ ngày"),
        help_text=gettext_lazy("Báo cáo, văn bản đã có vẫn giữ nguyên"),
    )


class SeatForm(forms.Form):
    """Cấp vị trí, with a new account when the user name is new."""

    full_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=60,
        validators=[_USERNAME],
        help_text=gettext_lazy("Người đã có tài khoản thì ghi tên đăng nhập đang dùng"),
    )
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), max_length=254, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), choices=choices(Role))
    since = DayField(label=gettext_lazy("Từ ngày"))


class RevokeForm(forms.Form):
    """Thu hồi vị trí."""

    on = DayField(label=gettext_lazy("Thôi giữ vị trí từ ngày"))
