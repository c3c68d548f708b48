"""Short words for the acts every story repeats."""

from datetime import datetime
from uuid import uuid4

from hoctap.cli.demo.world import World
from hoctap.desk.home import screen
from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from hoctap.orgs.models import Unit
from hoctap.reports import actions as reports
from hoctap.reports.actions import Content, Receipt
from hoctap.reports.models import Report, Revision


def at(text: str) -> datetime:
    """``"31/10/2024 23:59"`` → that minute, +07."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=clock.VIETNAM)


def fresh(obligation: Obligation) -> Obligation:
    return Obligation.objects.select_related("round", "unit", "parent__unit").get(pk=obligation.pk)


def owed(opened, code: str) -> Obligation:
    return Obligation.objects.select_related("round", "unit", "parent__unit").get(
        round=opened, unit__code=code
    )


def on_desk(unit: Unit) -> list[Obligation]:
    """What the unit's desk shows as still to be done."""
    return screen.owed(screen.mine_of(unit.pk, clock.now()))


def written(results: str, figures: list | None = None, **letter) -> Content:
    """A written report; without ``figures`` it has no table."""
    narrative = {"results": results, "difficulties": "", "proposals": ""}
    return Content(figures=figures or [], narrative=narrative, **letter)


def send(world: World, obligation: Obligation, content: Content, *, reason: str = "") -> Revision:
    return reports.submit(
        seat=world.leader(obligation.unit.code),
        obligation=fresh(obligation),
        content=content,
        token=uuid4(),
        reason=reason,
    )


def enter(seat, obligation: Obligation, content: Content, receipt: Receipt) -> Revision:
    """The receiving desk enters what came another way."""
    return reports.submit(
        seat=seat, obligation=fresh(obligation), content=content, token=uuid4(), receipt=receipt
    )


def accept(seat, obligation: Obligation) -> None:
    kept = Report.objects.select_related("sent").get(obligation=obligation)
    reports.accept(seat=seat, obligation=fresh(obligation), revision_number=kept.sent.number)
