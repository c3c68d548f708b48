"""What the round's screens take from people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import DayField, MomentField, choices
from hoctap.forms.models import FormVersion
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import Due
from hoctap.obligations.enums import DueRule, Force, Frequency


class _DueForm(forms.Form):
    """Hạn, as the document states it."""

    rule = forms.ChoiceField(label=_("Văn bản ghi hạn thế nào"), choices=choices(DueRule))
    on = DayField(label=_("Hạn của đơn vị"), required=False)
    due_text = forms.CharField(label=_("Nguyên văn hạn (nếu khác)"), max_length=120, required=False)

    def clean(self) -> dict:
        said = super().clean()
        if "rule" in said and "on" in said:
            try:
                said["due"] = Due(DueRule(said["rule"]), said["on"], said.get("due_text", ""))
            except Refusal as refusal:
                self.add_error("due_text" if said["rule"] == DueRule.UNDATED else "on", refusal.message)
        return said


class RoundForm(_DueForm):
    """Mười nội dung của một chế độ báo cáo (Nghị định 09/2019)."""

    name = forms.CharField(label=_("Tên báo cáo"), max_length=250)
    clause = forms.CharField(label=_("Mục, khoản của văn bản"), max_length=120, required=False)
    content = forms.CharField(
        label=_("Nội dung, đề cương"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4})
    )
    form_version = forms.ModelChoiceField(
        label=_("Biểu số liệu"),
        queryset=FormVersion.objects.none(),
        required=False,
        empty_label=_("Không có biểu, chỉ báo cáo bằng văn bản"),
    )
    period_from = DayField(label=_("Số liệu từ ngày"), required=False)
    period_to = DayField(label=_("đến hết ngày"), required=False)
    cut_off = DayField(label=_("Chốt số liệu ngày"), required=False)
    frequency = forms.ChoiceField(label=_("Tần suất"), choices=choices(Frequency))
    channel = forms.CharField(label=_("Cách gửi văn bản nêu"), max_length=250, required=False)
    on = DayField(label=_("Hạn của đơn vị mình"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["form_version"]
        field.queryset = (
            FormVersion.objects.select_related("form").defer("definition").order_by("form__name", "-number")
        )
        field.label_from_instance = lambda version: f"{version.form.name}, bản {version.number}"


class CascadeForm(_DueForm):
    """Giao tiếp: which units, by when, with what force."""

    force = forms.ChoiceField(label=_("Mức ràng buộc"), choices=choices(Force))
    reason = forms.CharField(label=_("Lý do thêm (nếu thêm sau khi mở đợt)"), max_length=250, required=False)


class ExtendForm(forms.Form):
    """Gia hạn cho một đơn vị."""

    due_at = MomentField(label=_("Hạn mới, hết"), day_alone=True)
    reason = forms.CharField(label=_("Lý do"), max_length=400)


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(choices=choices(Frequency))


class FollowForm(forms.Form):
    """Cho theo dõi: where the document says so, and its words."""

    clause = forms.CharField(label=_("Theo mục, khoản"), max_length=120)
    text = forms.CharField(label=_("Nguyên văn"), max_length=400, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=400)
