"""What the composing screen takes: one form of particulars, and rows of three kinds that grow by a button.

A row left blank counts as none. Everything typed comes back on every answer, also where nothing was checked yet.
"""

from collections.abc import Iterator
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hoctap.desk.directives.forms import unit_named
from hoctap.desk.fields import DayField, choices
from hoctap.directives import numbers, queries
from hoctap.directives.actions import DirectiveData
from hoctap.directives.composition import (
    KINDS,
    Assignment,
    Composition,
    Deadline,
    Force,
    Rule,
    Section,
    force_for,
    from_json,
    tidy,
)
from hoctap.directives.enums import Authority, DocumentKind
from hoctap.directives.models import Directive
from hoctap.forms.models import FormVersion
from hoctap.kernel import clock
from hoctap.orgs.models import Seat
from hoctap.orgs.queries import name_on
from hoctap.orgs.rules import reaches

MOST = 60  # rows of one kind, names in one box
LONGEST = 20_000  # letters in one box


def _lines(label: str, rows: int = 3) -> forms.CharField:
    """Several, one a line."""
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=forms.Textarea({"rows": rows})
    )


def _text(label: str, longest: int, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **{"required": False} | options)


def lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(tidy, text.splitlines()) if line)


def _too_many() -> str:
    return _("Nhiều nhất %(n)s dòng. Gọi chung, ví dụ: Ủy ban nhân dân các phường.") % {"n": MOST}


FORCES = [
    ("", _("Theo quan hệ: cấp dưới thì giao, nơi khác thì đề nghị")),
    (Force.ORDERED.value, _("Giao")),
    (Force.ASKED.value, _("Đề nghị")),
    (Force.ENCOURAGED.value, _("Khuyến khích")),
]
ASKS = [
    ("", _("Theo quan hệ và tên loại")),
    (Force.ASKED.value, _("Đề nghị")),
    (Force.ORDERED.value, _("Yêu cầu")),
]
RULES = [
    (Rule.BEFORE.value, _("trước ngày (không gồm ngày ấy)")),
    (Rule.AT_LATEST.value, _("chậm nhất ngày")),
    (Rule.UNTIL_END.value, _("đến hết ngày")),
]


class ComposeForm(forms.Form):
    """Soạn văn bản: particulars, and what is said once."""

    kind = forms.ChoiceField(
        label=_("Tên loại"), choices=[choice for choice in choices(DocumentKind) if choice[0] in KINDS]
    )
    subject = _text(
        _("Trích yếu"), 500, required=True, widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Ghi trích yếu: văn bản nói về việc gì.")},
    )  # fmt: skip
    number = _text(_("Số"), 10)
    notation = _text(_("Ký hiệu"), 60)
    place = _text(_("Địa danh"), 80)
    issued_on = DayField(label=_("Ngày văn bản"), required=False)
    addressees = _lines(_("Kính gửi"))
    asks = forms.ChoiceField(label=_("Lời với nơi nhận"), choices=ASKS, required=False)
    basis = _lines(_("Căn cứ"), 4)
    find = _text(_("Tìm văn bản trong sổ để làm căn cứ"), 200)
    decider = _text(_("Người, cơ quan quyết định"), 160)
    opening = _lines(_("Câu mở đầu"), 2)
    purposes = _lines(_("Mục đích, yêu cầu"))
    targets = _lines(_("Mục tiêu"))
    slogans = _lines(_("Khẩu hiệu"), 4)
    form_version = forms.ModelChoiceField(
        label=_("Biểu số liệu kèm theo"), queryset=FormVersion.objects.none(), required=False,
        empty_label=_("Không kèm biểu"),
    )  # fmt: skip
    closing = _lines(_("Câu kết"), 2)
    authority = forms.ChoiceField(label=_("Thẩm quyền ký"), choices=choices(Authority), required=False)
    signer_position = _text(_("Chức vụ"), 120)
    signer_name = _text(_("Họ tên người ký"), 120)
    recipients_text = _lines(_("Nơi nhận"), 4)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["form_version"]
        versions = FormVersion.objects.select_related("form").defer("definition")
        field.queryset = versions.order_by("form__name", "-number")
        field.label_from_instance = lambda version: f"{version.form.name}, bản {version.number}"

    def clean_addressees(self) -> str:
        if len(lines(self.cleaned_data["addressees"])) > MOST:
            raise forms.ValidationError(_too_many())
        return self.cleaned_data["addressees"]


class RowForm(forms.Form):
    """One of several; ``chosen`` are fields that are never blank by themselves."""

    chosen: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        typed = (self.data.get(self.add_prefix(name), "") for name in self.fields if name not in self.chosen)
        return not any(text.strip() for text in typed)


class SectionForm(RowForm):
    """Nội dung chung."""

    title = _text(_("Tên nội dung"), 200)
    tasks = _lines(_("Việc, mỗi dòng một việc"), 4)

    def clean_tasks(self) -> str:
        if not self.is_blank and not lines(self.cleaned_data["tasks"]):
            raise forms.ValidationError(_("Nội dung này chưa có việc. Ghi mỗi dòng một việc."))
        return self.cleaned_data["tasks"]

    def value(self) -> Section:
        return Section(tidy(self.cleaned_data["title"]), lines(self.cleaned_data["tasks"]))


class AssignmentForm(RowForm):
    """Giao việc."""

    chosen = ("force",)
    assignees = _lines(_("Đơn vị, mỗi dòng một đơn vị"), 2)
    add = _text(_("Thêm đơn vị"), 200)
    force = forms.ChoiceField(label=_("Giao hay đề nghị"), choices=FORCES, required=False)
    tasks = _lines(_("Việc, mỗi dòng một việc"), 4)

    def clean(self) -> dict:
        said = super().clean()
        for name, words in (
            ("assignees", _("Ghi đơn vị được giao.")),
            ("tasks", _("Ghi việc, mỗi dòng một việc.")),
        ):
            if not self.is_blank and not lines(said.get(name, "")):
                self.add_error(name, words)
        if len(lines(said.get("assignees", ""))) > MOST:
            self.add_error("assignees", _too_many())
        return said

    def value(self, seat: Seat) -> Assignment:
        said = self.cleaned_data
        names = lines(said["assignees"])
        force = Force(said["force"]) if said["force"] else force_towards(seat, names)
        return Assignment(names, lines(said["tasks"]), force)


class DeadlineForm(RowForm):
    """Thời hạn báo cáo: a day, or a month of every year."""

    chosen = ("rule",)
    what = _text(_("Gửi gì"), 300)
    who = _lines(_("Ai gửi, mỗi dòng một đơn vị"), 2)
    to = _lines(_("Gửi về đâu"), 2)
    via = _text(_("Qua đầu mối"), 200)
    rule = forms.ChoiceField(label=_("Hạn"), choices=RULES, required=False)
    on = DayField(label=_("Ngày"), required=False)
    month = forms.IntegerField(label=_("Hoặc hằng năm, tháng"), min_value=1, max_value=12, required=False)
    day = forms.IntegerField(label=_("ngày (hằng năm)"), min_value=1, max_value=31, required=False)
    channel = _text(_("Cách gửi"), 200)

    def clean(self) -> dict:
        said = super().clean()
        if self.is_blank or self.errors:
            return said
        if not tidy(said["what"]):
            self.add_error("what", _("Ghi gửi gì, ví dụ: báo cáo kết quả tổ chức Tuần lễ."))
        if bool(said["on"]) == bool(said["month"]):
            self.add_error("on", _("Ghi một ngày, hoặc tháng của hằng năm (một trong hai)."))
        return said

    def value(self) -> Deadline:
        said = self.cleaned_data
        yearly_end = not said["on"] and not said["day"]
        return Deadline(
            what=tidy(said["what"]), who=lines(said["who"]), to=lines(said["to"]), via=tidy(said["via"]),
            rule=Rule.AT_LATEST if yearly_end else Rule(said["rule"] or Rule.BEFORE), on=said["on"],
            month=said["month"], day=said["day"] if said["month"] else None, channel=tidy(said["channel"]),
        )  # fmt: skip


ROWS: dict[str, type[RowForm]] = {
    "sections": SectionForm,
    "assignments": AssignmentForm,
    "deadlines": DeadlineForm,
}


class Sheet:
    """The whole screen's forms: ``main``, and ``rows`` by kind."""

    def __init__(self, main: ComposeForm, rows: dict[str, list[RowForm]]):
        self.main, self.rows = main, rows

    @classmethod
    def blank(cls, seat: Seat) -> "Sheet":
        told = {
            "kind": DocumentKind.KH,
            "place": seat.unit.place,
            "recipients_text": "Lưu: VT",
            "token": uuid4(),
        }
        return cls._filled(told, {name: [{}] for name in ROWS})

    @classmethod
    def begun(cls, seat: Seat, made: Composition) -> "Sheet":
        """A new one that carries another document out."""
        return cls._filled(
            _told(made) | {"place": seat.unit.place, "recipients_text": "Lưu: VT", "token": uuid4()},
            _rows(made),
        )

    @classmethod
    def kept(cls, directive: Directive) -> "Sheet":
        """A draft that was composed before."""
        made = from_json(directive.composed.content)
        same = (
            "place",
            "issued_on",
            "authority",
            "signer_position",
            "signer_name",
            "version",
            "number",
            "notation",
        )
        told = {name: getattr(directive, name) for name in (*same, "recipients_text")}
        told |= {"asks": made.asks, "form_version": directive.composed.form_version_id}
        return cls._filled(_told(made) | told, _rows(made))

    @classmethod
    def _filled(cls, told: dict, rows: dict[str, list[dict]]) -> "Sheet":
        made = {
            name: [ROWS[name](initial=said, prefix=f"{name}-{n}") for n, said in enumerate(all_said)]
            for name, all_said in rows.items()
        }
        return cls(ComposeForm(initial=told), made)

    @classmethod
    def typed(cls, data: QueryDict) -> "Sheet":
        """As typed, nothing checked."""
        told = {name: data.get(name, "") for name in ComposeForm.base_fields}
        rows = {
            name: [
                {field: data.get(f"{name}-{n}-{field}", "") for field in kind.base_fields}
                for n in range(_count(data, name))
            ]
            for name, kind in ROWS.items()
        }
        return cls._filled(told, rows)

    @classmethod
    def posted(cls, data: QueryDict) -> "Sheet":
        rows = {
            name: [kind(data, prefix=f"{name}-{n}") for n in range(_count(data, name))]
            for name, kind in ROWS.items()
        }
        return cls(ComposeForm(data), rows)

    def is_valid(self) -> bool:
        rows = [form for forms_ in self.rows.values() for form in forms_]
        return all([self.main.is_valid(), *(form.is_valid() for form in rows)])

    def composition(self, seat: Seat) -> Composition:
        """Of a valid sheet."""
        said = self.main.cleaned_data
        kind = DocumentKind(said["kind"])
        issuer = name_on(seat.unit, said["issued_on"] or clock.today())
        several = ("basis", "purposes", "targets", "slogans")
        addressees = lines(said["addressees"]) if kind is DocumentKind.CV else ()
        return Composition(
            kind=kind, issuer=issuer, subject=" ".join(said["subject"].split()), addressees=addressees,
            asks=Force(said["asks"]) if said["asks"] else _asking(seat, kind, addressees),
            **{name: tidy(said[name]) for name in ("decider", "opening", "closing")},
            **{name: lines(said[name]) for name in several},
            sections=tuple(form.value() for form in self._given("sections")),
            assignments=tuple(form.value(seat) for form in self._given("assignments")),
            deadlines=tuple(form.value() for form in self._given("deadlines")),
        )  # fmt: skip

    def _given(self, name: str) -> Iterator:
        return (form for form in self.rows[name] if not form.is_blank)

    def particulars(self, seat: Seat) -> DirectiveData:
        said = self.main.cleaned_data
        kind = DocumentKind(said["kind"])
        same = (
            "place",
            "issued_on",
            "authority",
            "signer_position",
            "signer_name",
            "recipients_text",
            "token",
        )
        return DirectiveData(
            kind=kind, subject=said["subject"], number_text=self._number(seat, kind), issuer=seat.unit,
            **{name: said[name] for name in same},
        )  # fmt: skip

    def _number(self, seat: Seat, kind: DocumentKind) -> str:
        """ "/KH-UBND" until a number is given; the notation of last time where none is typed."""
        said = self.main.cleaned_data
        year = (said["issued_on"] or clock.today()).year
        notation = said["notation"].strip(" /-") or queries.remembered_notation(seat.unit_id, kind, year)
        notation = notation or numbers.suggested_notation(kind, seat.unit.short_name)
        return str(numbers.Number(said["number"].strip(), notation, numbers.Style.BLANK, ""))


def _count(data: QueryDict, name: str) -> int:
    said = data.get(f"{name}-n", "")
    return min(int(said), MOST) if said.isdecimal() and len(said) < 4 else 1


def _told(made: Composition) -> dict:
    """The boxes of what is said once."""
    told = {name: getattr(made, name) for name in ("kind", "subject", "decider", "opening", "closing")}
    several = ("addressees", "basis", "purposes", "targets", "slogans")
    return told | {name: "\n".join(getattr(made, name)) for name in several}


def _rows(made: Composition) -> dict[str, list[dict]]:
    return {name: [_said(one) for one in getattr(made, name)] or [{}] for name in ROWS}


def _said(one: Section | Assignment | Deadline) -> dict:
    """A row's values as its boxes show them."""
    return {
        name: "\n".join(value) if isinstance(value, tuple) else value for name, value in vars(one).items()
    }


def force_towards(seat: Seat, names: tuple[str, ...]) -> Force:
    """Giao only where every body stands under the seat's unit."""
    forces = {force_for(name, _is_under(seat, name)) for name in names}
    return Force.ASKED if Force.ASKED in forces else Force.ORDERED


def _is_under(seat: Seat, name: str) -> bool | None:
    unit = unit_named(name)
    return None if unit is None else unit.pk != seat.unit_id and reaches(seat, unit)


def _asking(seat: Seat, kind: DocumentKind, addressees: tuple[str, ...]) -> Force:
    """A letter asks or instructs by who reads it, a chỉ thị instructs, a plan asks."""
    if addressees:
        return force_towards(seat, addressees)
    return Force.ORDERED if kind is DocumentKind.CT else Force.ASKED


def completed(posted: QueryDict, cited: list[str], more: str = "") -> QueryDict:
    """What was posted, with the units and documents chosen beside the boxes written into them, and one row more."""
    data = posted.copy()
    if cited:
        data["basis"] = "\n".join(filter(None, [data.get("basis", "").rstrip(), *cited]))
    for n in range(_count(data, "assignments")):
        add, names = f"assignments-{n}-add", f"assignments-{n}-assignees"
        if chosen := data.get(add, "").strip():
            data[names] = "\n".join(filter(None, [data.get(names, "").rstrip(), chosen]))
            data[add] = ""
    if more in ROWS:
        data[f"{more}-n"] = str(min(_count(data, more) + 1, MOST))
    return data
