"""What may be changed of each item that was read: one form an item, its fields named after its number."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import DayField, choices
from hoctap.desk.obligations.screen import picked_units, unknown_units
from hoctap.directives.enums import Authority
from hoctap.directives.understood import Item
from hoctap.obligations.enums import DueRule, Frequency, TaskRole
from hoctap.orgs.models import Unit

MOST_NAMES = 60  # units listed to be changed; more are shown as a number
FORCES = [("giao", _("Giao")), ("de-nghi", _("Đề nghị")), ("khuyen-khich", _("Khuyến khích"))]
_SLUGS = [
    ("cong-van", _("Công văn")), ("ke-hoach", _("Kế hoạch")), ("quyet-dinh", _("Quyết định")), ("chi-thi", _("Chỉ thị")),
    ("huong-dan", _("Hướng dẫn")), ("thong-bao", _("Thông báo")), ("nghi-quyet", _("Nghị quyết")),
    ("ket-luan", _("Kết luận")), ("to-trinh", _("Tờ trình")), ("chuong-trinh", _("Chương trình")),
    ("bao-cao", _("Báo cáo")), ("khac", _("Loại khác")),
]  # fmt: skip


class ItemForm(forms.Form):
    """``changes()``: the item's value as typed, to be compared with what it was."""

    def __init__(self, item: Item, names: Mapping[int, str], data=None):
        self.item, self.names = item, names
        super().__init__(data, prefix=f"i{item['id']}", initial=self.before(item["value"]))

    def before(self, value: dict) -> dict:
        return {name: value.get(name) for name in self.base_fields}

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] or None for name in self.base_fields}


class UnitsField(forms.CharField):
    """Đơn vị, mỗi dòng một tên."""

    def __init__(self, **options):
        options.setdefault("required", False)
        super().__init__(max_length=20_000, widget=forms.Textarea({"rows": 3}), **options)


class WithUnits(ItemForm):
    """Fields of units: ids in the item, names on the screen; names that stand as they were are not looked up again."""

    unit_fields: tuple[str, ...] = ()

    def __init__(self, item: Item, names: Mapping[int, str], data=None):
        super().__init__(item, names, data)
        for name in self.unit_fields:
            if len(item["value"].get(name, ())) > MOST_NAMES:
                del self.fields[name]

    def before(self, value: dict) -> dict:
        listed = {name: self._listed(value.get(name, ())) for name in self.unit_fields}
        return super().before(value) | listed

    def _listed(self, ids: Iterable[int]) -> str:
        return "\n".join(self.names[pk] for pk in ids if pk in self.names)

    def clean(self) -> dict:
        said = super().clean()
        for name in self.unit_fields:
            if name not in self.fields or name not in said:
                continue
            typed = [line.strip() for line in said[name].splitlines() if line.strip()]
            was: dict[str, list[int]] = {}  # two units may bear one name
            for pk in self.item["value"].get(name, ()):
                was.setdefault(self.names.get(pk, ""), []).append(pk)
            new = [line for line in typed if line not in was]
            units, unknown = picked_units({"new": "\n".join(new)}, "new") if new else ([], [])
            if unknown:
                self.add_error(name, unknown_units(unknown))
            kept = [pk for line in dict.fromkeys(typed) for pk in was.get(line, ())[: typed.count(line)]]
            said[name] = list(dict.fromkeys([*kept, *(unit.pk for unit in units)]))
        return said

    def changes(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in self.unit_fields if name in self.fields}
        plain = {n: v for n, v in super().changes().items() if n not in self.unit_fields}
        return plain | kept


class ReportForm(WithUnits):
    """Báo cáo và hạn."""

    unit_fields = ("units", "to_units", "via_units")
    what = forms.CharField(label=_("Báo cáo gì"), max_length=600, widget=forms.Textarea({"rows": 2}))
    rule = forms.ChoiceField(label=_("Văn bản ghi hạn thế nào"), choices=choices(DueRule))
    due_on = DayField(label=_("Ngày"), required=False)
    due_text = forms.CharField(label=_("Nguyên văn hạn"), max_length=120, required=False)
    frequency = forms.ChoiceField(label=_("Tần suất"), choices=choices(Frequency))
    force = forms.ChoiceField(label=_("Mức"), choices=FORCES)
    units = UnitsField(label=_("Đơn vị phải báo cáo, mỗi dòng một đơn vị"))
    to_units = UnitsField(label=_("Gửi tới"))
    via_units = UnitsField(label=_("Thông qua"))
    channel = forms.CharField(label=_("Cách gửi"), max_length=250, required=False)

    def before(self, value: dict) -> dict:
        return super().before(value) | {"due_on": _as_day(value["due_on"])}

    def clean(self) -> dict:
        said = super().clean()
        if said.get("rule") == DueRule.UNDATED and said.get("due_on"):
            self.add_error(
                "due_on", _t("Đã chọn “không ghi ngày” thì bỏ trống ngày, hoặc chọn lại cách ghi hạn.")
            )
        if said.get("rule") not in (None, DueRule.UNDATED) and not said.get("due_on") and "due_on" in said:
            self.add_error(
                "due_on", _t("Ghi ngày của hạn, hoặc chọn “không ghi ngày” nếu văn bản không nêu.")
            )
        return said

    def changes(self) -> dict[str, Any]:
        day = self.cleaned_data["due_on"]
        said = super().changes() | {"due_on": day.isoformat() if day else ""}
        return said | {"due_text": said["due_text"] or ""}


class WorkForm(WithUnits):
    """Ai phải làm gì: units, and each task's role and force."""

    unit_fields = ("units",)
    units = UnitsField(label=_("Đơn vị thực hiện, mỗi dòng một đơn vị"))

    def __init__(self, item: Item, names: Mapping[int, str], data=None):
        super().__init__(item, names, data)
        for at, task in enumerate(item["value"]["tasks"]):
            self.fields[f"role{at}"] = forms.ChoiceField(
                label=_("Vai"), choices=choices(TaskRole), initial=task["role"]
            )
            self.fields[f"force{at}"] = forms.ChoiceField(
                label=_("Mức"), choices=FORCES, initial=task["force"]
            )

    def rows(self):
        """(task, role field, force field)."""
        return [
            (task, self[f"role{at}"], self[f"force{at}"])
            for at, task in enumerate(self.item["value"]["tasks"])
        ]

    def changes(self) -> dict[str, Any]:
        tasks = [
            task | {"role": self.cleaned_data[f"role{at}"], "force": self.cleaned_data[f"force{at}"]}
            for at, task in enumerate(self.item["value"]["tasks"])
        ]
        return super().changes() | {"tasks": tasks}


class FollowForm(WithUnits):
    """Đơn vị được theo dõi đợt báo cáo."""

    unit_fields = ("units",)
    units = UnitsField(label=_("Đơn vị được theo dõi, mỗi dòng một đơn vị"))


def _as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Dated(ItemForm):
    """Days are kept as ISO text."""

    days: tuple[str, ...] = ()

    def before(self, value: dict) -> dict:
        return super().before(value) | {name: _as_day(value.get(name)) for name in self.days}

    def changes(self) -> dict[str, Any]:
        said = super().changes()
        return said | {name: said[name].isoformat() if said[name] else None for name in self.days}


class CampaignForm(Dated):
    """Tuần lễ, tháng, ngày phát động."""

    days = ("start", "end")
    name = forms.CharField(label=_("Tên"), max_length=200)
    theme = forms.CharField(label=_("Chủ đề"), max_length=300, required=False)
    start = DayField(label=_("Từ ngày"), required=False)
    end = DayField(label=_("Đến hết ngày"), required=False)


class EventForm(Dated):
    """Sự kiện."""

    days = ("date",)
    name = forms.CharField(label=_("Tên"), max_length=300)
    date = DayField(label=_("Ngày"), required=False)
    place = forms.CharField(label=_("Địa điểm"), max_length=300, required=False)


class TargetForm(ItemForm):
    """Chỉ tiêu."""

    percent = forms.FloatField(label=_("Tỷ lệ, %"), required=False, min_value=0, max_value=100, localize=True)
    number = forms.IntegerField(label=_("Hoặc số lượng"), required=False, min_value=0, max_value=10**13)
    unit = forms.CharField(label=_("Của ai, của gì"), max_length=200, required=False)
    subject = forms.CharField(label=_("Đạt điều gì"), max_length=500, required=False)
    by = forms.CharField(label=_("Đến năm"), max_length=40, required=False)

    def changes(self) -> dict[str, Any]:
        said = super().changes()
        percent = self.cleaned_data["percent"]
        number = self.cleaned_data["number"]
        exact = int(percent) if percent is not None and percent == int(percent) else percent
        return said | {"percent": exact, "number": number}


class HeadForm(Dated):
    """Văn bản: as it goes in the register."""

    days = ("date",)
    kind = forms.ChoiceField(label=_("Tên loại"), choices=_SLUGS)
    code = forms.CharField(label=_("Số, ký hiệu"), max_length=90, required=False)
    date = DayField(label=_("Ngày văn bản"), required=False)
    place = forms.CharField(label=_("Địa danh"), max_length=80, required=False)
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200)
    subject = forms.CharField(label=_("Trích yếu"), max_length=500, widget=forms.Textarea({"rows": 2}))
    authority = forms.ChoiceField(label=_("Thẩm quyền ký"), choices=choices(Authority), required=False)
    signer_position = forms.CharField(label=_("Chức vụ người ký"), max_length=120, required=False)
    signer_name = forms.CharField(label=_("Người ký"), max_length=120, required=False)

    def before(self, value: dict) -> dict:
        return super().before(value) | {"kind": value["kind"] or "khac"}

    def changes(self) -> dict[str, Any]:
        said = super().changes()
        if said["issuer"] != self.item["value"].get("issuer"):
            units, _unknown = picked_units({"name": said["issuer"]}, "name")
            said["issuer_unit"] = units[0].pk if units else None
        return said


class CitationForm(Dated):
    """Căn cứ, viện dẫn."""

    days = ("date",)
    code = forms.CharField(label=_("Số, ký hiệu"), max_length=90, required=False)
    date = DayField(label=_("Ngày"), required=False)
    issuer = forms.CharField(label=_("Cơ quan"), max_length=200, required=False)
    title = forms.CharField(label=_("Về việc"), max_length=400, required=False)


class SlogansForm(ItemForm):
    """Khẩu hiệu: a line each, the author in brackets at its end."""

    place = forms.CharField(label=_("Treo ở đâu"), max_length=300, required=False)
    lines = forms.CharField(
        label=_("Mỗi dòng một câu; tác giả ghi trong ngoặc ở cuối"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 6}),
    )

    def before(self, value: dict) -> dict:
        lines = (
            f"{one['text']} ({one['author']})" if one["author"] else one["text"] for one in value["lines"]
        )
        return {"place": value["place"], "lines": "\n".join(lines)}

    def changes(self) -> dict[str, Any]:
        lines = []
        for line in filter(None, map(str.strip, self.cleaned_data["lines"].splitlines())):
            text, bracket, author = line.rpartition(" (")
            named = bracket and author.endswith(")")
            lines.append({"text": text if named else line, "author": author[:-1] if named else None})
        return {"place": self.cleaned_data["place"], "lines": lines}


_FORMS: dict[str, type[ItemForm]] = {
    "report": ReportForm, "work": WorkForm, "follow": FollowForm, "campaign": CampaignForm,
    "event": EventForm, "target": TargetForm, "head": HeadForm, "citation": CitationForm, "slogans": SlogansForm,
}  # fmt: skip


def names_of(items: list[Item]) -> dict[int, str]:
    """The names of all units that the items hold, in one query."""
    ids = {
        pk
        for item in items
        for name in ("units", "to_units", "via_units")
        for pk in item["value"].get(name, ())
    }
    return dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))


def form_of(item: Item, names: Mapping[int, str], data=None) -> ItemForm | None:
    """The item's form; None where nothing can be changed (a table of figures)."""
    made = _FORMS.get(item["kind"])
    if made is None:
        return None
    return made(item, names, data)
