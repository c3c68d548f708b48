"""What the pages of activities take from people."""

import re
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities import queries
from hoctap.activities.actions import ActivityData, SessionData
from hoctap.activities.enums import CostSource, Family, Opening, PartnerKind, SessionState, TrainingForm
from hoctap.activities.models import Activity, ActivityKind, Audience, Quantity, Session, Topic
from hoctap.campaigns.models import Campaign
from hoctap.desk.directives.forms import unit_named
from hoctap.desk.fields import DayField, MomentField, choices
from hoctap.directives import rules as directive_rules
from hoctap.directives.models import Directive
from hoctap.directives.numbers import parse
from hoctap.kernel import clock
from hoctap.kernel.vietnamese import fold
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs.models import Seat, Unit
from hoctap.orgs.rules import reaches

_TIME = re.compile(r"^(\d{1,2})\s*(?:[:hg.]|giờ)?\s*(\d{2})?\s*(?:phút)?$", re.IGNORECASE)
_ENTERPRISE = re.compile(r"\b(cong ty|doanh nghiep|tap doan|ngan hang|hop tac xa|xi nghiep|nha may)\b")
_SCHOOL = re.compile(r"\b(dai hoc|cao dang|hoc vien|dh|cd)\b")
PARTNERS, ROWS = 20, 60


class TimeField(forms.Field):
    """Giờ: ``18:30``, ``18h30``, ``18h``, ``7 giờ 30``."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def to_python(self, value) -> time | None:
        text = (value or "").strip()
        if not text:
            return None
        found = _TIME.match(text.lower().replace("giờ", "h"))
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if hour > 23 or minute > 59:
            raise forms.ValidationError(_("Giờ chưa đúng. Ghi như 18:30 hoặc 7h30."))
        return time(hour, minute)


class PeopleField(forms.IntegerField):
    """Số nguyên từ 0, thousands as people write them: ``1.250``."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {"invalid": gettext_lazy("Ghi số nguyên từ 0, ví dụ 31.")}

    def __init__(self, **options):
        super().__init__(min_value=0, required=False, localize=False, **options)

    def to_python(self, value):
        text = "".join((value or "").split()) if isinstance(value, str) or value is None else str(value)
        plain = text.replace(".", "") if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else text
        return super().to_python(plain)


class SessionForm(forms.Form):
    """Một buổi."""

    day = DayField(label=gettext_lazy("Ngày"), help_text="", required=False)
    start = TimeField(label=gettext_lazy("Từ"), required=False)
    end = TimeField(label=gettext_lazy("Đến"), required=False)
    place = forms.CharField(label=gettext_lazy("Nơi tổ chức"), max_length=250, required=False)
    link = forms.URLField(
        label=gettext_lazy("Liên kết học trực tuyến"), max_length=500, required=False, assume_scheme="https"
    )
    held = forms.BooleanField(label=gettext_lazy("Đã diễn ra"), required=False)
    people = PeopleField(label=gettext_lazy("Số người không có tên trong danh sách"))
    women = PeopleField(label=gettext_lazy("Trong đó nữ"))

    def clean(self) -> dict:
        given = super().clean()
        rest = any(given.get(name) for name in ("start", "place", "link", "people", "held"))
        if rest and not given.get("day") and "day" not in self.errors:
            self.add_error("day", _("Ghi ngày của buổi."))
        return given

    def is_blank(self) -> bool:
        return not self.cleaned_data.get("day")

    def data_for(self) -> SessionData:
        said = self.cleaned_data
        whole_day = said["start"] is None
        return SessionData(
            starts_at=moment_at(said["day"], said["start"]),
            ends_at=moment_at(said["day"], said["end"]) if said["end"] else None,
            whole_day=whole_day,
            place=said["place"],
            online_link=said["link"],
            held=said["held"],
            unnamed=said["people"] or 0,
            unnamed_women=said["women"],
        )


def moment_at(day: date, moment: time | None) -> datetime:
    """``moment`` None: the whole day, which begins in the morning."""
    return datetime.combine(day, moment or time(7, 30), clock.VIETNAM)


def session_values(session: Session | SessionData) -> dict:
    """A session form's values."""
    starts_at = session.starts_at.astimezone(clock.VIETNAM)
    held = session.held if isinstance(session, SessionData) else session.state == SessionState.HELD
    return {
        "day": starts_at.date(),
        "start": "" if session.whole_day else f"{starts_at:%H:%M}",
        "end": f"{session.ends_at.astimezone(clock.VIETNAM):%H:%M}" if session.ends_at else "",
        "place": session.place,
        "link": session.online_link,
        "held": held,
        "people": session.unnamed if held else None,
        "women": session.unnamed_women,
    }


class ActivityForm(forms.Form):
    """Lập kế hoạch, ghi hoặc sửa một hoạt động; its sessions are ``SessionForm``s beside it."""

    name = forms.CharField(label=gettext_lazy("Tên hoạt động"), max_length=250)
    kind = forms.ChoiceField(label=gettext_lazy("Loại"))
    host = forms.CharField(label=gettext_lazy("Đơn vị tổ chức"), max_length=200)
    topic = forms.ModelChoiceField(
        Topic.objects.order_by("order"), label=gettext_lazy("Chủ đề"), required=False
    )
    audience = forms.ModelChoiceField(
        Audience.objects.order_by("order"), label=gettext_lazy("Đối tượng"), required=False
    )
    training_form = forms.ChoiceField(
        label=gettext_lazy("Hình thức đào tạo"), choices=choices(TrainingForm), required=False
    )
    document = forms.CharField(
        label=gettext_lazy("Văn bản được phổ biến, quán triệt"), max_length=300, required=False
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=gettext_lazy("Thuộc đợt phát động"), required=False
    )
    planned = forms.ModelChoiceField(
        PlannedActivity.objects.none(), label=gettext_lazy("Thực hiện mục đã lập kế hoạch"), required=False
    )
    description = forms.CharField(
        label=gettext_lazy("Nội dung"), max_length=10_000, required=False, widget=forms.Textarea({"rows": 4})
    )
    partners = forms.CharField(
        label=gettext_lazy("Đơn vị liên kết ngoài hệ thống"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    capacity = PeopleField(label=gettext_lazy("Số chỗ"))
    opening = forms.ChoiceField(label=gettext_lazy("Mở đăng ký cho"), choices=choices(Opening))
    registration_ends_at = MomentField(label=gettext_lazy("Hạn đăng ký"), day_alone=True, required=False)
    series = forms.CharField(label=gettext_lazy("Thuộc chuỗi hoạt động"), max_length=120, required=False)
    cost_state = PeopleField(label=gettext_lazy("Ngân sách nhà nước (đồng)"))
    cost_other = PeopleField(label=gettext_lazy("Nguồn hợp pháp khác (đồng)"))
    confirm = forms.BooleanField(label=gettext_lazy("Đã xem lại, số đúng như vậy"), required=False)
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, seat: Seat, host: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.seat = seat
        self.kinds = {kind.code: kind for kind in ActivityKind.objects.order_by("order")}
        self.quantities = list(Quantity.objects.order_by("order"))
        self.fields["kind"].choices = [("", _("Chọn loại")), *_by_family(self.kinds.values())]
        for name, rows in (("campaign", queries.campaigns_of(host)), ("planned", queries.planned_of(host))):
            self.fields[name].queryset = rows
        for name, rows in queries.choices_for(host).items():
            self.fields[name].choices = [("", _("Chưa chọn")), *((pk, words[:120]) for pk, words in rows)]
        for quantity in self.quantities:
            self.fields[f"q_{quantity.code}"] = PeopleField(
                label=f"{_(quantity.name)} ({_(quantity.unit_of_measure)})"
            )

    def clean_kind(self) -> ActivityKind:
        return self.kinds[self.cleaned_data["kind"]]

    def clean_host(self) -> Unit:
        """The seat's own unit or one below, by name, short name or code."""
        text = self.cleaned_data["host"]
        own = self.seat.unit
        if fold(text) in (fold(own.name), fold(own.short_name), fold(own.code)):
            return own
        unit = unit_named(text)
        if unit is None or not reaches(self.seat, unit):
            raise forms.ValidationError(
                _(
                    "Không thấy đơn vị này trong đơn vị mình và các đơn vị trực thuộc. Ghi đúng tên hoặc tên gọn."
                )
            )
        return unit

    def asked(self) -> list:
        """The bound fields of all quantities, each with the kinds that ask for it."""
        return [
            (
                self[f"q_{quantity.code}"],
                " ".join(kind.code for kind in self.kinds.values() if quantity.code in kind.asks),
            )
            for quantity in self.quantities
        ]

    def data_for(self, sessions: Iterable[SessionData], co_hosts: list[Unit]) -> ActivityData:
        said = self.cleaned_data
        document = directive_called(self.seat, said["document"])
        counted = {quantity.code: said[f"q_{quantity.code}"] for quantity in self.quantities}
        costs = {CostSource.STATE: said["cost_state"], CostSource.OTHER: said["cost_other"]}
        return ActivityData(
            kind=said["kind"],
            name=said["name"],
            sessions=tuple(sessions),
            topic=said["topic"],
            audience=said["audience"],
            training_form=TrainingForm(said["training_form"]),
            co_hosts=tuple(co_hosts),
            partners=tuple(partners_in(said["partners"])),
            campaign=said["campaign"],
            planned=said["planned"],
            document=document,
            document_text="" if document else said["document"],
            description=said["description"],
            capacity=said["capacity"],
            opening=Opening(said["opening"]),
            registration_ends_at=said["registration_ends_at"],
            quantities={code: n for code, n in counted.items() if n is not None},
            costs={source: amount for source, amount in costs.items() if amount is not None},
            series=said["series"],
        )


def _by_family(kinds: Iterable[ActivityKind]) -> list:
    groups: dict[str, list] = {}
    for kind in kinds:
        groups.setdefault(kind.family, []).append((kind.code, _(kind.name)))
    return [(_(Family(family).label), listed) for family, listed in groups.items()]


def partners_in(text: str) -> list[tuple[str, PartnerKind]]:
    """One a line; what kind it is stands in its name."""
    found = []
    for line in text.splitlines()[:PARTNERS]:
        name = " ".join(line.split())[:200]
        if name:
            folded = fold(name)
            kind = PartnerKind.ENTERPRISE if _ENTERPRISE.search(folded) else PartnerKind.OTHER
            found.append((name, PartnerKind.UNIVERSITY if _SCHOOL.search(folded) else kind))
    return found


def directive_called(seat: Seat, text: str) -> Directive | None:
    """The one document of the register with that number, if the seat sees it."""
    number = re.search(r"\S*\d\S*/\S+", text)
    key = parse(number[0]).key[:90] if number else ""
    if not key:
        return None
    found = list(Directive.objects.filter(directive_rules.visible(seat), number_key=key)[:2])
    return found[0] if len(found) == 1 else None


def filled(data: ActivityData | Activity, host: Unit) -> dict:
    """The form's values for what is recorded (``queries.whole``), or for what would be recorded again."""
    recorded = isinstance(data, Activity)
    partners = data.partner_names if recorded else [name for name, _kind in data.partners]
    costs = {one["source"]: one["amount"] for one in data.paid} if recorded else dict(data.costs)
    same = ("name", "topic", "audience", "training_form", "campaign", "planned", "description", "capacity")
    return {
        **{name: getattr(data, name) for name in (*same, "opening", "registration_ends_at", "series")},
        "kind": data.kind.code,
        "host": host.name,
        "document": data.document.number_label if data.document else data.document_text,
        "partners": "\n".join(partners),
        "cost_state": costs.get(CostSource.STATE),
        "cost_other": costs.get(CostSource.OTHER),
        **{f"q_{code}": number for code, number in data.quantities.items()},
    }


def blank(seat: Seat) -> dict:
    return {"host": seat.unit.name, "opening": Opening.CLOSED, "token": uuid.uuid4()}


class MoveForm(forms.Form):
    """Dời buổi."""

    day = DayField(label=gettext_lazy("Ngày mới"), help_text="")
    start = TimeField(label=gettext_lazy("Từ"))
    end = TimeField(label=gettext_lazy("Đến"), required=False)
    place = forms.CharField(label=gettext_lazy("Nơi tổ chức"), max_length=250, required=False)
    why = forms.CharField(label=gettext_lazy("Lý do"), max_length=300)

    def moments(self) -> tuple[datetime, datetime | None]:
        said = self.cleaned_data
        return moment_at(said["day"], said["start"]), moment_at(said["day"], said["end"]) if said[
            "end"
        ] else None


class AgainForm(forms.Form):
    """Làm lại: when."""

    how = forms.ChoiceField(
        choices=[
            ("nam-sau", gettext_lazy("Năm sau, cùng thứ trong tuần")),
            ("ke-tiep", gettext_lazy("Lần kế tiếp của chuỗi")),
            ("ngay", gettext_lazy("Từ ngày khác")),
            ("mau", gettext_lazy("Lưu làm mẫu để dùng lại")),
        ]
    )
    day = DayField(label=gettext_lazy("Ngày đầu"), required=False)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict:
        said = super().clean()
        if said.get("how") == "ngay" and not said.get("day") and "day" not in self.errors:
            self.add_error("day", _("Ghi ngày đầu."))
        return said
