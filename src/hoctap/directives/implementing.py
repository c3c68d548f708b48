"""A unit's own document begun from the one it carries out: what that one orders, ready to be changed. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from hoctap.directives.composition import Composition, Deadline, Force, Rule, Section, raised
from hoctap.directives.enums import DocumentKind
from hoctap.kernel.vietnamese import fold

EARLIER = 3  # working days, to gather what comes in


def begun(found: dict, *, citation: str, issuer: str, names: Iterable[str]) -> Composition:
    """``found``: a reading's JSON; ``issuer`` the unit that carries it out, ``names`` what it is called by.

    Its basis is the document; its work what is asked of everybody or of it by name; each deadline is proposed some days
    earlier, to itself.
    """
    own = {fold(name) for name in (issuer, *names) if name}
    return Composition(
        kind=DocumentKind.KH,
        issuer=issuer,
        subject=raised(found["subject"] or ""),
        asks=Force.ASKED,
        basis=(citation,),
        targets=tuple(target["text"] for target in found["targets"]),
        sections=tuple(_work(found, own)),
        deadlines=tuple(_proposed(due, issuer) for due in found["deadlines"] if due["what"] and _dated(due)),
    )


def _work(found: dict, own: set[str]) -> Iterable[Section]:
    addressed = set(map(fold, found["addressees"]))
    general, given = [], []
    for one in found["assignments"]:
        names = set(map(fold, one["assignees"]))
        if names & own:
            given += [task["text"] for task in one["tasks"]]
        elif names <= addressed:
            general += [task["text"] for task in one["tasks"]]
    for title, tasks in (("Nhiệm vụ được giao", given), ("Nhiệm vụ chung", general)):
        if tasks:
            yield Section(title, tuple(tasks))


def _dated(due: dict) -> bool:
    return bool(due["stated"] or (due["recurrence"] == "yearly" and due["month"]))


def _proposed(due: dict, issuer: str) -> Deadline:
    rule = Rule.AT_LATEST if due["inclusive"] else Rule.BEFORE
    if due["stated"]:
        on = earlier(date.fromisoformat(due["stated"]))
        return Deadline(due["what"], rule=rule, on=on, to=(issuer,))
    day = max(1, due["day"] - EARLIER) if due["day"] else 25
    return Deadline(due["what"], rule=rule, month=due["month"], day=day, to=(issuer,))


def earlier(day: date, days: int = EARLIER) -> date:
    """So many working days before; Saturdays and Sundays do not count."""
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < 5
    return day
