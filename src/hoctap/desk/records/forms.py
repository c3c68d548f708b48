"""What the pages of learning records take from people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.activities.completion_sheet import MOST_HOURS
from hoctap.activities.models import Topic
from hoctap.desk.fields import DayField


class HoursField(forms.DecimalField):
    """Số giờ, with the comma that is written here."""

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class CompletionForm(forms.Form):
    """Kết quả học ở nơi khác."""

    platform = forms.CharField(
        label=_("Nơi học"),
        max_length=120,
        help_text=_("Trang học trực tuyến hoặc trường, ví dụ binhdanhocvuso.gov.vn"),
    )
    title = forms.CharField(label=_("Tên khóa học"), max_length=250)
    on = DayField(label=_("Ngày hoàn thành"))
    hours = HoursField(
        label=_("Số giờ"), max_digits=6, decimal_places=1, min_value=0, max_value=MOST_HOURS, required=False,
        widget=forms.TextInput({"inputmode": "decimal"}), help_text=_("Không rõ thì để trống"),
    )  # fmt: skip
    topic = forms.ModelChoiceField(
        Topic.objects.order_by("order"), label=_("Chủ đề"), required=False, empty_label=_("Không chọn")
    )
    reference = forms.CharField(label=_("Số chứng nhận ở nơi học"), max_length=120, required=False)
    link = forms.CharField(label=_("Liên kết tới chứng nhận"), max_length=500, required=False)
    file = forms.FileField(
        label=_("Tệp minh chứng"),
        required=False,
        help_text=_("Ảnh hoặc PDF của chứng nhận, nhiều nhất 20 MB"),
    )
