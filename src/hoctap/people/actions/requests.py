"""Yêu cầu về dữ liệu: noted with the legal clocks, answered, done."""

from datetime import date

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy
from hoctap.people import rules
from hoctap.people.enums import RequestKind
from hoctap.people.models import DataRequest, Person


@transaction.atomic
def note_request(
    *, person: Person, kind: RequestKind, asked_on: date | None = None, note: str = "", seat=None
) -> DataRequest:
    """Ghi nhận: the same asked and not yet done: that one. Refusal for a day to come. ``seat`` None: by the person."""
    rules.require_standing(person)
    asked_on = asked_on or clock.today()
    if asked_on > clock.today():
        raise Refusal("Ngày yêu cầu chưa tới. Ghi ngày nhận yêu cầu.", [("Ngày yêu cầu", "Xem lại ngày.")])
    standing = DataRequest.objects.filter(person=person, kind=kind, done_at=None).first()
    if standing:
        return standing
    made = DataRequest.objects.create(
        person=person,
        kind=kind,
        asked_on=asked_on,
        answer_by=rules.answer_by(asked_on),
        finish_by=rules.finish_by(kind, asked_on),
        note=tidy(note),
        noted_by_id=seat.user_id if seat else None,
    )
    journal.record("request.note", made, seat=seat, kind=kind)
    return made


def answer_request(*, request: DataRequest, seat=None) -> None:
    """Đã trả lời: the person was told what will be done and by when."""
    _mark(request, ["answered_at"], "request.answer", seat)


def finish_request(*, request: DataRequest, seat=None) -> None:
    """Đã làm xong; what was never answered is thereby answered."""
    _mark(request, ["answered_at", "done_at"], "request.finish", seat)


@transaction.atomic
def _mark(request: DataRequest, fields: list[str], verb: str, seat) -> None:
    kept = DataRequest.objects.select_for_update().get(pk=request.pk)
    blank = [field for field in fields if getattr(kept, field) is None]
    if not blank:
        return
    for field in blank:
        setattr(kept, field, clock.now())
    kept.save(update_fields=blank)
    journal.record(verb, kept, seat=seat)
