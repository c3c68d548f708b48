"""The letter of a consolidated report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import DayField, choices
from hoctap.directives.enums import Authority


class LetterForm(forms.Form):
    """Số, ngày, người ký và phần lời của báo cáo tổng hợp."""

    doc_number = forms.CharField(label=_("Số, ký hiệu"), max_length=60, required=False)
    doc_date = DayField(label=_("Ngày ký"), required=False)
    authority = forms.ChoiceField(label=_("Thẩm quyền ký"), choices=choices(Authority), required=False)
    signer_position = forms.CharField(label=_("Chức vụ người ký"), max_length=120, required=False)
    signer_name = forms.CharField(label=_("Họ tên người ký"), max_length=120, required=False)
    results = forms.CharField(
        label=_("Kết quả"), required=False, max_length=20000, widget=forms.Textarea({"rows": 5})
    )
    difficulties = forms.CharField(
        label=_("Khó khăn, hạn chế"), required=False, max_length=20000, widget=forms.Textarea({"rows": 3})
    )
    proposals = forms.CharField(
        label=_("Kiến nghị"), required=False, max_length=20000, widget=forms.Textarea({"rows": 3})
    )
    reason = forms.CharField(label=_("Lý do lập bản bổ sung"), required=False, max_length=400)

    def doc(self) -> dict:
        """As rollup.Snapshot.doc keeps it."""
        data = self.cleaned_data
        letter = {name: data[name] for name in ("doc_number", "authority", "signer_position", "signer_name")}
        letter["doc_date"] = data["doc_date"].isoformat() if data["doc_date"] else ""
        letter["narrative"] = {name: data[name] for name in ("results", "difficulties", "proposals")}
        return letter
