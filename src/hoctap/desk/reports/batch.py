"""Nhận nhiều báo cáo một lượt, as JSON: for systems that already hold the figures of many units.

Asked: ``{"round": id, "channel": "email", "received_at": "2026-11-20T16:00+07:00", "reports": [{"unit": code, "token":
uuid, "figures": [4, 0, null, …], "notes": {…}, "texts": {…}, "reasons": {…}, "narrative": {…}, "reason": "",
"doc_number": "", "doc_date": "2026-11-19", "authority": "", "signer_position": "", "signer_name": ""}, …]}``.
``figures`` in the order of the form's cells. ``channel`` and ``received_at`` (default: e-mail, now) tell how the reports
came to the desk that enters them; what a unit sends for itself is received now.

Answered, 200: ``{"answers": [{"unit": code, "taken": true, "number": 1, "received_at": …} | {"unit": code, "taken": false,
"message": …, "places": [[where, what], …]}, …]}`` in the order asked. The same token again is answered as the first time, so
whoever gets no answer sends the same again. 422 with ``message`` when the whole cannot be read; nothing is taken then.
"""

import json
import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, JsonResponse

from hoctap.desk.access import needs
from hoctap.desk.render import private
from hoctap.desk.reports.forms import LETTER, LONGEST
from hoctap.directives.enums import Authority
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.prepared import Prepared, one_of
from hoctap.obligations.models import Obligation
from hoctap.obligations.rules import is_consolidator, is_owner
from hoctap.orgs import roles
from hoctap.orgs.models import Seat
from hoctap.reports import actions
from hoctap.reports.actions import Content, Receipt, Sending
from hoctap.reports.enums import Channel
from hoctap.reports.models import Revision

MOST = 500
_UNKEPT = re.compile("[\x00\ud800-\udfff]")

_OWED: Prepared[Obligation] = Prepared(
    lambda opened, codes: Obligation.objects.filter(
        round=opened, unit__code__in=one_of(codes, "text")
    ).select_related("round", "unit", "parent__unit"),
    "opened",
    "codes",
)


@needs(roles.VIEW, methods=("POST",))
def send_many(request: HttpRequest) -> JsonResponse:
    try:
        answers = _send(request.seat, request.body)
    except Refusal as refusal:
        return private(JsonResponse({"message": refusal.message}, status=422))
    return private(JsonResponse({"answers": answers}))


def _send(seat: Seat, body: bytes) -> list[dict[str, Any]]:
    asked, receipt = _read(body)
    codes = [item["unit"] for item in asked["reports"] if _is_text(item["unit"])]
    owed = {
        obligation.unit.code: obligation
        for obligation in _OWED(opened=asked["round"], codes=codes)
        if is_owner(seat, obligation) or is_consolidator(seat, obligation)
    }
    sendings: dict[int, Sending] = {}
    answers: dict[int, Revision | Refusal] = {}
    for place, item in enumerate(asked["reports"]):
        try:
            sendings[place] = _sending(seat, owed.get(item["unit"]), item, receipt)
        except Refusal as refusal:
            answers[place] = refusal
    answers |= zip(sendings, actions.submit_all(seat=seat, sendings=[*sendings.values()]), strict=True)
    return [_answer(item["unit"], answers[place]) for place, item in enumerate(asked["reports"])]


def _answer(unit: str, answer: Revision | Refusal) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        return {"unit": unit, "taken": False, "message": answer.message, "places": answer.places}
    return {"unit": unit, "taken": True, "number": answer.number, "received_at": answer.received_at}


def _read(body: bytes) -> tuple[dict[str, Any], Receipt]:
    """What was asked, as far as all reports share it. Refusal."""
    try:
        asked = json.loads(body)
        items = asked["reports"]
        if not (type(asked["round"]) is int and all(type(item["unit"]) is str for item in items)):
            raise ValueError
        received_at = (
            datetime.fromisoformat(asked["received_at"]) if asked.get("received_at") else clock.now()
        )
        channel = Channel(asked.get("channel", Channel.EMAIL))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refusal(
            "Không đọc được: cần JSON có round là số, reports là danh sách, mỗi báo cáo có unit là mã đơn vị."
        ) from None
    if received_at.tzinfo is None:
        raise Refusal("received_at cần ghi cả múi giờ, như 2026-11-20T16:00+07:00.")
    if not 0 < len(items) <= MOST:
        raise Refusal(f"Mỗi lượt gửi từ 1 đến {MOST} báo cáo; lượt này có {len(items)}. Chia ra rồi gửi lại.")
    return asked, Receipt(channel, received_at)


def _sending(seat: Seat, obligation: Obligation | None, item: Mapping[str, Any], receipt: Receipt) -> Sending:
    if obligation is None:
        raise Refusal(
            "Trong đợt này vị trí của anh/chị không gửi và không nhận báo cáo của đơn vị mang mã này. Xem lại mã và đợt."
        )
    try:
        token = uuid.UUID(item["token"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Refusal(
            "Thiếu token, hoặc token không phải UUID. Mỗi báo cáo một token, gửi lại thì giữ nguyên."
        ) from None
    return Sending(
        obligation,
        _content(item),
        token,
        _text(item, "reason"),
        None if is_owner(seat, obligation) else receipt,
    )


def _content(item: Mapping[str, Any]) -> Content:
    figures = item.get("figures", [])
    if type(figures) is not list or any(value is not None and type(value) is not int for value in figures):
        raise Refusal(
            "figures cần là danh sách số nguyên theo thứ tự ô của biểu mẫu; ô không báo thì ghi null."
        )
    content = Content(figures=figures)
    for name in Content.WORDS:
        words = item.get(name, {})
        if type(words) is not dict or not all(
            _is_text(key) and _is_text(text) for key, text in words.items()
        ):
            raise Refusal(f"{name} cần là các cặp khóa và chữ, mỗi chữ không quá {LONGEST} ký tự.")
        setattr(content, name, words)
    for name, longest in LETTER.items():
        setattr(content, name, _text(item, name, longest))
    if content.authority and content.authority not in Authority.values:
        raise Refusal(f"authority chỉ nhận: {', '.join(Authority.values)}.")
    if day := _text(item, "doc_date"):
        try:
            content.doc_date = date.fromisoformat(day)
        except ValueError:
            raise Refusal(f"doc_date ghi “{day[:20]}” chưa đúng. Ghi như 2026-11-19.") from None
    return content


def _text(item: Mapping[str, Any], name: str, longest: int = LONGEST) -> str:
    text = item.get(name, "")
    if not _is_text(text, longest):
        raise Refusal(f"{name} cần là chữ, không quá {longest} ký tự.")
    return text


def _is_text(value: object, longest: int = LONGEST) -> bool:
    """What the database can keep: no NUL, no half of a character."""
    return type(value) is str and len(value) <= longest and not _UNKEPT.search(value)
