"""The words of a report's standing: they follow the relation, not the state alone (mock README, States)."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hoctap.obligations.enums import Force, Relation
from hoctap.obligations.models import Obligation
from hoctap.reports import rules as report_rules


@dataclass(frozen=True)
class Words:
    """What a superior, or a coordinating body, calls the acts and states."""

    waiting: str
    accepted: str
    returned: str
    accept: str
    give_back: str
    reviewed: str


def words(relation: str) -> Words:
    return _words(relation, get_language())


@cache
def _words(relation: str, _language: str) -> Words:
    if relation == Relation.SUPERIOR:
        return Words(
            _("Chờ duyệt"), _("Đã duyệt"), _("Gửi trả"), _("Duyệt"), _("Gửi trả"), _("Số xét duyệt")
        )  # fmt: skip
    return Words(
        _("Chờ tiếp nhận"), _("Đã tiếp nhận"), _("Đề nghị chỉnh sửa"),
        _("Tiếp nhận"), _("Đề nghị chỉnh sửa"), _("Số sau rà soát"),
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A report's standing on screen: ``kind`` is the style (mock README), ``word`` what is read."""

    kind: str
    word: str
    late: bool = False


def standing(obligation: Obligation, now: datetime) -> Standing:
    """The standing of one obligation in hand (``reports.queries.standing_case`` is its twin in SQL)."""
    report = getattr(obligation, "report", None)
    late = bool(report) and report_rules.is_late_for(obligation, report)
    kind = report_rules.standing(obligation, report, now)
    return Standing(kind, standing_word(kind, obligation), late)


def standing_word(kind: str, obligation: Obligation) -> str:
    if kind == "none" and obligation.force == Force.REQUEST:
        return _("Chưa gửi, theo đề nghị")
    if kind == "none" and obligation.force == Force.ENCOURAGE:
        return _("Chưa gửi, không bắt buộc")
    return _standing_words(obligation.relation, get_language())[kind]


@cache
def _standing_words(relation: str, _language: str) -> dict[str, str]:
    said = words(relation)
    return {
        "wait": said.waiting,
        "ok": said.accepted,
        "late": _("Quá hạn"),
        "back": said.returned,
        "recall": _("Thu hồi"),
        "ext": _("Gia hạn"),
        "none": _("Chưa gửi"),
    }


def due_at(obligation: Obligation) -> datetime | None:
    """The first late moment of what is to be sent next: the deadline, extended or set anew on return; None if undated."""
    report = getattr(obligation, "report", None)
    return report_rules.counting_due(obligation, report)
