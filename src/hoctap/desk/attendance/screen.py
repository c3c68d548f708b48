"""What the pages of attendance show."""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from hoctap.activities import attending, marking
from hoctap.activities.attending import Marked
from hoctap.activities.enums import Part
from hoctap.activities.models import Session
from hoctap.desk.attendance import posted
from hoctap.desk.formats import vn_datetime, vn_time
from hoctap.desk.render import site
from hoctap.kernel import clock
from hoctap.people.models import Card

CARD_MARK = 12  # hexadecimal digits of a card's digest: enough to tell the people of a class apart, none to sign in with


@dataclass(frozen=True)
class Row:
    """One person on the screen. ``counts``: a learner. ``cards``: digests of the card's token."""

    pk: int
    name: str
    about: str
    present: bool
    said: str
    counts: bool = True
    card: str = ""

    @property
    def initial(self) -> str:
        return self.name.split()[-1][:1].upper()


def attendance(request: HttpRequest, session: Session) -> dict[str, Any]:
    """The roll: the class, those who walked in, and others of the units whom one may add; as it was just ticked, where that
    was refused."""
    marked = attending.marked(session)
    marks = {row.person: row for row in marked}
    enrolled = attending.the_class_at(session)
    text = request.GET.get("tim", "").replace("\0", "").strip()[:100]
    shown = {row.person_id for row in enrolled} | marks.keys()
    others = attending.listed_for(
        session.activity, request.seat, text, without=shown, most=attending.MOST_OTHERS
    )
    cards = _cards([row.person_id for row in enrolled] + list(marks) + [person.pk for person in others])
    rows = [
        _row(r.person_id, r.person.full_name, marks.get(r.person_id), _about(session, r), r.part, cards)
        for r in enrolled
        if not r.person.erased_at
    ]
    inside = {row.pk for row in rows}
    rows += [
        _row(pk, mark.name, mark, _("đến thêm"), mark.part, cards)
        for pk, mark in marks.items()
        if pk not in inside and mark.present
    ]
    was = ",".join(str(row.pk) for row in rows if row.present)
    more = [_row(p.pk, p.full_name, None, _about_other(p), Part.LEARNER, cards) for p in others]
    typed = posted.changed(request)
    return {
        "session": session,
        "rows": [replace(row, present=typed.get(row.pk, row.present)) for row in rows] if typed else rows,
        "others": [replace(row, present=typed.get(row.pk, False)) for row in more] if typed else more,
        "text": text,
        "was": was,
        "counts": attending.counts(session, marked, enrolled),
        "op": str(uuid.uuid4()),
        "paper": request.GET.get("cach") == "giay",
        "opens": marking.window(session)[0],
        "now": clock.now(),
    }


def state(session: Session) -> dict[str, Any]:
    """For the screen of a phone: the marks as they stand, ``[id, name, present, words, walked in, counts]``, and counts."""
    marks, words = (
        attending.marked(session),
        cache(partial(said, today=clock.today())),
    )  # many were said at once
    rows = [
        [m.person, m.name, m.present, words(m.at, m.by), m.walk_in, m.part == Part.LEARNER] for m in marks
    ]
    return {"rows": rows, "counts": attending.counts(session, marks), "closed": bool(session.closed_at)}


def said(at: datetime, by: str | None, today: date) -> str:
    """``18:40, Chuyên viên Phường 1``"""
    local = at.astimezone(clock.VIETNAM)
    when = vn_time(local) if local.date() == today else vn_datetime(local)
    return f"{when}, {by}" if by else _("%(at)s, tự điểm danh") % {"at": when}


def projector(request: HttpRequest, session: Session) -> dict[str, Any]:
    address = site(request) + reverse("check-in", args=[session.secret])
    return {
        "session": session,
        "counts": attending.counts(session),
        "qr": qr(address),
        "typed_at": (site(request) + reverse("check-in-code")).partition("://")[2],
        "code": f"{session.code[:3]} {session.code[3:]}",
    }


def sheet(request: HttpRequest, session: Session) -> dict[str, Any]:
    return {"session": session, "rows": list(attending.the_class(session.activity)), "blank": range(12)}


def qr(address: str) -> Markup:
    """As inline SVG, sized by the style sheet."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(border=4, omitsize=True, svgclass="qr-img")
    return Markup(drawn)


def _row(pk: int, name: str, mark: Marked | None, about: str, part: str, cards: dict[int, str]) -> Row:
    return Row(
        pk=pk, name=name, about=about, present=bool(mark and mark.present),
        said=said(mark.at, mark.by, clock.today()) if mark else "", counts=part == Part.LEARNER, card=cards.get(pk, ""),
    )  # fmt: skip


def _about(session: Session, row) -> str:
    parts = []
    if row.part != Part.LEARNER:
        parts.append(_(row.get_part_display()))
    if row.unit and row.unit_id != session.activity.host_id:
        parts.append(row.unit.short_name)
    if row.missed:
        parts.append(_("vắng buổi trước"))
    return ", ".join(parts)


def _about_other(person: attending.Listed) -> str:
    return ", ".join([str(part) for part in (person.birth_year, person.unit) if part])


def _cards(ids: list[int]) -> dict[int, str]:
    rows = Card.objects.filter(person__in=ids, revoked_at=None).values_list("person", "token")
    return {pk: hashlib.sha256(token.encode()).hexdigest()[:CARD_MARK] for pk, token in rows}
