"""Between a posted report form and ``reports.actions.Content``: names of fields, reading, writing back."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from hoctap.desk.fields import DAYS, MomentField, choices, whole
from hoctap.directives.enums import Authority
from hoctap.forms.figures import FigureError, format_figure, parse_figure
from hoctap.forms.rules import cell_name
from hoctap.forms.spec import FormSpec
from hoctap.reports.actions import Content
from hoctap.reports.enums import Basis, Channel, ExportKind
from hoctap.reports.filling import AMENDED

NARRATIVE = {"results": "kq", "difficulties": "kk", "proposals": "kn"}
LETTER = {"doc_number": 60, "authority": 5, "signer_position": 120, "signer_name": 120}
LONGEST = 20_000


def read_content(spec: FormSpec | None, post: Mapping[str, str]) -> tuple[Content, dict[str, str]]:
    """The content as posted, and messages by field name for what could not be read; nothing typed is dropped."""
    content, wrong = Content(), {}
    if spec:
        _read_figures(spec, post, content, wrong)
        numbers = [line.number for line in spec.lines]
        content.notes = _texts(post, "g", numbers)
        content.texts = _texts(post, "t", numbers)
        content.reasons = _texts(post, "r-", [check.code for check in spec.checks])
        content.amended = _texts(post, "r-" + AMENDED, numbers)
    content.narrative = {key: text for key, name in NARRATIVE.items() if (text := _text(post, name))}
    _read_letter(post, content, wrong)
    return content, wrong


def _read_letter(post, content: Content, wrong: dict[str, str]) -> None:
    for name, longest in LETTER.items():
        setattr(content, name, _text(post, name)[:longest])
    if content.authority not in Authority.values:
        content.authority = ""
    if day := _text(post, "doc_date"):
        try:
            content.doc_date = read_day(day)
        except ValueError:
            wrong["doc_date"] = f"Ngày văn bản ghi “{day[:20]}” chưa đúng. Ghi như 13/10/2023."


def _read_figures(spec: FormSpec, post, content: Content, wrong: dict[str, str]) -> None:
    content.figures = [None] * spec.size
    for cell in spec.cells:
        if cell.derived:
            continue
        said = whole(post.get(f"f{cell.position}", ""))
        if said is not None:
            content.filled[str(cell.position)] = said
        typed = post.get(f"c{cell.position}", "")
        try:
            content.figures[cell.position] = parse_figure(typed, f"Số {cell.measure}")
        except FigureError as error:
            line = spec.line_of[cell.position]
            content.typed[str(cell.position)] = typed.replace("\x00", "")[:60]
            wrong[f"c{cell.position}"] = f"{cell_name(line, cell)}. {error}"


def _texts(post, prefix: str, keys: list[str]) -> dict[str, str]:
    return {key: text for key in keys if (text := _text(post, prefix + key))}


def _text(post: Mapping[str, str], name: str) -> str:
    return post.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()[:LONGEST]


def read_reason(post: Mapping[str, str], name: str = "reason") -> str:
    """Why: of an amendment, a withdrawal, a reviewed figure."""
    return _text(post, name)


def read_day(text: str) -> date:
    """``13/10/2023``, also ``13.10.2023``, ``13102023`` and ``2023-10-13``; ValueError otherwise."""
    for pattern in DAYS:
        try:
            day = datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
        if 1900 <= day.year < 2200:
            return day
    raise ValueError(text)


def posted_fields(content: Content) -> dict[str, str]:
    """The content as the fields a form would post: for showing it, and for comparing two drafts."""
    fields = {f"c{i}": format_figure(v) for i, v in enumerate(content.figures) if v is not None}
    fields |= {f"c{position}": text for position, text in content.typed.items()}
    fields |= {f"g{number}": text for number, text in content.notes.items()}
    fields |= {f"t{number}": text for number, text in content.texts.items()}
    fields |= {f"r-{code}": text for code, text in content.reasons.items()}
    fields |= {f"r-{AMENDED}{number}": text for number, text in content.amended.items()}
    fields |= {f"f{position}": str(value) for position, value in content.filled.items()}
    fields |= {NARRATIVE[key]: text for key, text in content.narrative.items()}
    fields |= {name: text for name in LETTER if (text := getattr(content, name))}
    if content.doc_date:
        fields["doc_date"] = f"{content.doc_date:%d/%m/%Y}"
    return fields


@dataclass(frozen=True)
class Sending:
    """The hidden fields that travel with a report form."""

    version: int
    token: uuid.UUID  # a new one where the form names none
    page: str

    @classmethod
    def read(cls, post: Mapping[str, str]) -> "Sending":
        try:
            token = uuid.UUID(post.get("token", ""))
        except ValueError:
            token = uuid.uuid4()
        version = post.get("version", "")
        page = post.get("page", "")
        return cls(
            int(version) if version.isdecimal() and len(version) < 10 else -1,
            token,
            page if page.isalnum() and len(page) <= 32 else "",
        )


def after_last(moment: datetime) -> datetime:
    """A person picks the last minute in time; what is kept is the first late moment, a minute later."""
    return moment + timedelta(minutes=1)


class ReceiptForm(forms.Form):
    """How a report entered by the receiving desk reached it."""

    channel = forms.ChoiceField(
        label=_("Báo cáo đến bằng"), choices=[c for c in choices(Channel) if c[0] != Channel.SYSTEM]
    )
    received_at = MomentField(label=_("Nhận lúc"))


class ReturnForm(forms.Form):
    """Gửi trả, đề nghị chỉnh sửa."""

    reason = forms.CharField(
        label=_("Chỗ cần sửa và lý do"), max_length=400, widget=forms.Textarea({"rows": 3})
    )
    new_due = MomentField(label=_("Hạn mới (nếu có)"), required=False, day_alone=True)


class ExportForm(forms.Form):
    """Xuất số liệu từng đơn vị."""

    basis = forms.ChoiceField(choices=choices(Basis))
    kind = forms.ChoiceField(choices=choices(ExportKind))


class IntakeForm(forms.Form):
    """Nhận nhiều tệp Excel một lúc."""

    channel = forms.ChoiceField(
        label=_("Các tệp đến bằng"), choices=[c for c in choices(Channel) if c[0] != Channel.SYSTEM]
    )
    received_at = MomentField(label=_("Nhận lúc"))
    accept = forms.BooleanField(
        label=_("Tiếp nhận luôn báo cáo trong tệp không có chỗ sai"), required=False, initial=True
    )

    def __init__(self, *args, may_accept: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_accept:  # a desk that only enters leaves deciding to the officer
            del self.fields["accept"]
