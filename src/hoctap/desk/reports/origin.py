"""Số này từ đâu: a report's figures beside the deeds they are filled in from."""

from collections.abc import Collection
from dataclasses import dataclass, field

from hoctap.activities import queries as activity_queries
from hoctap.activities.models import Activity
from hoctap.desk.reports.sheet import Origins
from hoctap.forms.rules import cell_name
from hoctap.forms.spec import FormSpec
from hoctap.obligations.models import Obligation
from hoctap.reports import deeds, filling
from hoctap.reports.actions import Content
from hoctap.reports.models import Report, Revision


@dataclass(frozen=True)
class Difference:
    """Sổ hoạt động khác số đã gửi: one cell, what deeds gave when it was sent, what they say now, and which they are."""

    name: str
    sent: int | None
    now: int | None
    deeds: list[Activity]


@dataclass(frozen=True)
class Behind:
    """``content``: what is shown, following the deeds. ``elsewhere``: counted at others, by unit; ``shared``: how many
    another may count first."""

    content: Content
    origins: Origins = field(default_factory=Origins)
    moved: int = 0
    shared: int = 0
    unsaid: int = 0
    elsewhere: list[tuple[str, int]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def of_page(
    obligation: Obligation, spec: FormSpec | None, content: Content, kept: Report | None, *, fills: bool
) -> Behind:
    """The report's page: while it is written its figures follow the deeds; what was sent is compared with them."""
    if spec is None:
        return Behind(content)
    sent = kept.sent if kept else None
    if fills:
        return _followed(obligation, spec, content)
    if sent is None or not sent.content.get("facts"):
        return Behind(content)
    now = deeds.of_report(obligation, spec)
    return Behind(
        content,
        of_revision(sent, now.cells),
        differences=_differences(spec, sent, now.cells),
        elsewhere=_elsewhere(now.elsewhere(obligation.pk)),
    )


def of_revision(revision: Revision, now: deeds.Cells | None = None) -> Origins:
    """As it was sent; how often people came is known while the deeds still say the same."""
    sources = {int(key): ids for key, ids in revision.content.get("sources", {}).items()}
    facts = revision.content.get("facts", {})
    times = {i: fact.attendances for i, fact in (now or {}).items() if facts.get(str(i)) == fact.value}
    return Origins(sources, times)


def _followed(obligation: Obligation, spec: FormSpec, content: Content) -> Behind:
    now = deeds.of_report(obligation, spec)
    followed = filling.follow(spec, content, now.cells)
    return Behind(
        followed.content,
        Origins(
            {i: fact.sources for i, fact in now.cells.items()},
            {i: fact.attendances for i, fact in now.cells.items()},
            followed.moved,
        ),
        moved=len(followed.moved),
        shared=now.shared(),
        unsaid=_unsaid(obligation),
        elsewhere=_elsewhere(now.elsewhere(obligation.pk)),
    )


def _unsaid(obligation: Obligation) -> int:
    days = deeds.period(obligation.round)
    return activity_queries.unsaid_at(obligation.unit_id, days) if days else 0


def _elsewhere(found: dict[int, int]) -> list[tuple[str, int]]:
    if not found:
        return []
    names = dict(Obligation.objects.filter(pk__in=found).values_list("pk", "unit__short_name"))
    return sorted((names[pk], n) for pk, n in found.items())


def _differences(spec: FormSpec, sent: Revision, now: deeds.Cells) -> list[Difference]:
    """Where the deeds say otherwise than when the report was sent."""
    then = {int(key): value for key, value in sent.content["facts"].items()}
    behind = {int(key): set(ids) for key, ids in sent.content["sources"].items()}
    cells: list[tuple[int, int | None, int | None, Collection[int]]] = []
    for i in sorted(then.keys() | now.keys()):
        fact = now.get(i)
        value = fact.value if fact else None
        if then.get(i) != value:
            sources = set(fact.sources) if fact else set()
            cells.append((i, then.get(i), value, behind.get(i, set()) ^ sources or sources))
    names = Activity.objects.in_bulk({pk for *_, ids in cells for pk in ids}) if cells else {}
    return [
        Difference(cell_name(spec.line_of[i], spec.cells[i]), old, new, [names[pk] for pk in sorted(ids)])
        for i, old, new, ids in cells
    ]
