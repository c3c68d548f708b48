"""What the pages of certificates take from people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.activities.models import Certificate


class IssueForm(forms.Form):
    """Cấp chứng nhận."""

    share = forms.IntegerField(
        label=_("Dự ít nhất (phần trăm số buổi)"), min_value=1, max_value=100, help_text=_("Ví dụ 80")
    )
    position = forms.CharField(
        label=_("Chức vụ người ký, như in trên chứng nhận"),
        max_length=Certificate._meta.get_field("position").max_length,
        help_text=_("Ví dụ: Trưởng phòng"),
    )


class ReasonForm(forms.Form):
    """Thu hồi."""

    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=300)


class ReplaceForm(forms.Form):
    """Cấp thay."""

    name = forms.CharField(label=_("Họ tên đúng"), max_length=120)
    position = forms.CharField(label=_("Chức vụ người ký"), max_length=120)
