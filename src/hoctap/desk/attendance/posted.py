"""What the attendance screen and its queue send, as marks."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.activities import marking
from hoctap.activities.enums import MarkWay
from hoctap.activities.marking import MarkData
from hoctap.desk.fields import whole
from hoctap.desk.offline.keeping import ahead
from hoctap.desk.once import HEADER, op_of
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal

ACTS = ("save", "all", "less", "close", "reopen", "open", "shut")


@dataclass(frozen=True)
class Posted:
    """``op``: the id of this sending, None where the form had none. ``at``: when it was asked for, by our clock."""

    act: str
    marks: list[MarkData]
    unnamed: int | None
    op: uuid.UUID | None
    at: datetime


def read(request: HttpRequest) -> Posted:
    """From the queue of a phone (header X-Op, field ``marks`` as JSON) or from the form. Refusal when it makes no sense."""
    given = request.POST
    act = given.get("act", "save")
    queued = HEADER in request.headers
    now = clock.now()
    unnamed = given.get("unnamed", "").replace(".", "").strip()
    if unnamed and whole(unnamed) is None:
        what = _("Số người đến thêm phải là số nguyên từ 0.")
        raise Refusal(what, [(_("Số người đến thêm"), what)])
    return Posted(
        act=act if act in ACTS else "save",
        marks=_queued(request) if queued else _ticked(request),
        unnamed=whole(unnamed) if unnamed else None,
        op=op_of(request) if queued else _op(given.get("op", "")),
        at=_moment(given.get("at", ""), ahead(request), now) if queued else now,
    )


def _op(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _moment(text: str, its_clock: timedelta, now: datetime) -> datetime:
    try:
        theirs = datetime.fromisoformat(text)
    except ValueError:
        return now
    return marking.correct(theirs, its_clock, now) if theirs.tzinfo else now


def _queued(request: HttpRequest) -> list[MarkData]:
    """``[{"p": id} | {"c": card} | {"n": name, "y": year}, "v": 0 or 1, "w": way, "t": moment]``"""
    try:
        rows = json.loads(request.POST.get("marks") or "[]")
        its_clock, now = ahead(request), clock.now()
        return [_mark(row, its_clock, now) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Refusal(_("Nội dung điểm danh không đọc được. Tải lại trang rồi điểm danh lại.")) from None


def _mark(row: dict, its_clock: timedelta, now: datetime) -> MarkData:
    return MarkData(
        at=_moment(str(row["t"]), its_clock, now),
        present=bool(row["v"]),
        way=MarkWay(row.get("w", MarkWay.NAME)),
        person=whole(str(row.get("p") or "")),
        card=str(row.get("c") or "")[:32],
        name=str(row.get("n") or "")[:120],
        birth_year=whole(str(row.get("y") or "")),
    )


def changed(request: HttpRequest) -> dict[int, bool]:
    """Who was ticked or unticked on the page; only what differs from what it showed, so that two officers with the page
    open do not undo each other."""
    ticked = {pk for pk in map(whole, request.POST.getlist("p")) if pk}
    shown = {pk for pk in map(whole, request.POST.get("was", "").split(",")) if pk}
    return {pk: pk in ticked for pk in ticked ^ shown}


def _ticked(request: HttpRequest) -> list[MarkData]:
    given, now = request.POST, clock.now()
    way = MarkWay.PAPER if given.get("way") == MarkWay.PAPER else MarkWay.NAME
    marks = [MarkData(now, present, way, pk) for pk, present in sorted(changed(request).items())]
    if given.get("moi", "").strip():
        year = whole(given.get("nam_sinh", "").strip())
        marks.append(MarkData(now, True, way, name=given["moi"][:120], birth_year=year))
    return marks
