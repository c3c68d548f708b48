"""Who typed a name at the door that means nobody, or several: an officer says who it is, and only then it counts."""

from datetime import timedelta
from typing import Literal

from django.db import transaction

from hoctap.activities.actions import attendance
from hoctap.activities.enums import MarkWay, SessionState
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Attendance, Claim, Session
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat
from hoctap.people import queries as people_queries
from hoctap.people import rules as people_rules
from hoctap.people.actions import add_person, give_consent
from hoctap.people.enums import ConsentWay, Purpose

Said = int | Literal["new", "no"]  # a person's id; somebody new; nobody who was there


@transaction.atomic
def settle_claims(*, seat: Seat, session: Session, said: dict[int, Said]) -> dict:
    """``said``: of each claim, by its id, who it is. One that another officer settled meanwhile is left aside;
    one whose person could not be marked stays.

    ``{"present": how many are now present, "notes": [must be read]}``; Refusal for a cancelled session, and as ``mark``.
    """
    held = attendance.locked(seat, session)
    if held.state == SessionState.CANCELLED or held.activity.cancelled_at:
        raise Refusal("Buổi này đã hủy nên không điểm danh được. Bỏ hủy buổi rồi xác nhận lại.")
    claims = list(held.claims.filter(pk__in=said).order_by("at", "pk"))
    known, notes = _known(seat, held, {c: who for c in claims if isinstance(who := said[c.pk], int)})
    new = [claim for claim in claims if said[claim.pk] == "new"]
    for claim in new:
        notes += _newcomer(seat, held, claim)
    settled = [*known, *new, *(claim for claim in claims if said[claim.pk] == "no")]
    Claim.objects.filter(pk__in=[claim.pk for claim in settled]).delete()
    journal.record("attendance.claims", held, seat=seat, claims=len(settled), new=len(new))
    return {"present": len(known) + len(new), "notes": notes}


def _known(seat: Seat, session: Session, meant: dict[Claim, int]) -> tuple[list[Claim], list[str]]:
    """Those of whom the person is present now, since the name was typed; what else is to be read."""
    if not meant:
        return [], []
    who = {pk: one.pk for pk, one in people_queries.held(meant.values()).items()}
    now = min(clock.now(), session.closed_at or clock.now())
    marks = [MarkData(at=now, way=MarkWay.SELF, person=pk) for pk in meant.values()]
    notes = attendance.mark(seat=seat, session=session, marks=marks)["notes"]
    there = Attendance.objects.filter(session=session, person__in=who.values(), present=True)
    since = {row.person_id: row for row in there}
    present = [claim for claim, pk in meant.items() if who.get(pk) in since]
    for claim in present:
        row = since[who[meant[claim]]]
        if claim.at < row.at:
            row.at = claim.at
            row.save(update_fields=["at"])
    return present, notes


@transaction.atomic
def forget_claims() -> None:
    """Those that nobody settled: names of people who are on no list are not kept for ever."""
    Claim.objects.filter(at__lt=clock.now() - timedelta(days=Claim.DAYS)).delete()


def _newcomer(seat: Seat, session: Session, claim: Claim) -> list[str]:
    """A new person, who walked in when the name was typed, and had agreed; for a child the guardian is still to be asked."""
    person = add_person(full_name=claim.name, birth_year=claim.birth_year, seat=seat)
    Attendance.objects.create(
        session=session,
        person=person,
        way=MarkWay.SELF,
        at=claim.at,
        said_at=claim.at,
        walk_in=True,
        seat=seat,
    )
    day = claim.at.astimezone(clock.VIETNAM).date()
    if people_rules.may_be_child(claim.birth_year, day):
        return [
            f"{claim.name} có thể chưa đủ 16 tuổi: hỏi người giám hộ rồi ghi đồng ý ở trang của người ấy."
        ]
    give_consent(
        person=person,
        purpose=Purpose.RECORD,
        way=ConsentWay.FORM,
        given_on=day,
        given_by=claim.name,
        seat=seat,
    )
    return []
