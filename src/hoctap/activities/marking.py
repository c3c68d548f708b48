"""Which of several marks of one person stands. Pure; the same whatever order phones come back to the net in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from hoctap.activities.enums import MarkWay
from hoctap.activities.models import Session

EARLY = timedelta(
    hours=2
)  # before the beginning, and after the end, that people may be marked or mark themselves
USUAL = timedelta(hours=3)  # how long a session without an end is taken to last
DAY = timedelta(days=1)
SLACK = timedelta(minutes=5)  # by which a corrected clock may still be ahead
MOST = 500  # marks at once


@dataclass(frozen=True)
class MarkData:
    """One mark. Who: ``person`` (an id), else ``card`` (what its QR says), else ``name`` of somebody not yet known.

    ``at``: when it was made, by our clock.
    """

    at: datetime
    present: bool = True
    way: str = MarkWay.NAME
    person: int | None = None
    card: str = ""
    name: str = ""
    birth_year: int | None = None


class Standing(NamedTuple):
    """A mark of a person as it stands. ``seat``: an id, None where the person did it; ``by``: the officer's name."""

    person: int
    part: str
    present: bool
    walk_in: bool
    way: str
    at: datetime
    said_at: datetime
    seat: int | None
    by: str | None


def order(way: str, said_at: datetime, present: bool) -> tuple[bool, datetime, bool]:
    """The greatest stands: what was said of one person before what was said of the whole class, then the later."""
    return (way != MarkWay.ALL, said_at, present)


def takes_over(old: Standing, new: MarkData) -> bool:
    return order(new.way, new.at, new.present) > order(old.way, old.said_at, old.present)


def window(session: Session) -> tuple[datetime, datetime]:
    """From when to when people may mark themselves: generous, so that nobody who came early or stayed is shut out."""
    lasts = DAY if session.whole_day else USUAL
    return session.starts_at - EARLY, (session.ends_at or session.starts_at + lasts) + EARLY


def correct(at: datetime, ahead: timedelta, now: datetime) -> datetime:
    """A phone's moment by our clock; its clock runs ``ahead``. Never in the future by less than a slip."""
    try:
        ours = at - ahead
    except OverflowError:  # no clock goes there
        return now
    return min(ours, now) if ours <= now + SLACK else ours
