"""The tree of one round laid out in the next: everybody who is still there, under who is still there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from hoctap.kernel import clock
from hoctap.kernel.keys import keys_for
from hoctap.kernel.paths import ids, segment
from hoctap.notify.actions import tell_all
from hoctap.obligations import periods, rules
from hoctap.obligations.actions import asked
from hoctap.obligations.enums import Frequency
from hoctap.obligations.models import Obligation, Recipient, Round
from hoctap.orgs import queries as org_queries
from hoctap.orgs.models import Unit

AT_ONCE = 1000  # obligations written together


def is_gone(unit: Unit) -> bool:
    return unit.dissolved_on is not None and unit.dissolved_on <= clock.today()


@dataclass(frozen=True)
class _Place:
    """Where an obligation of the last round stands in the new one."""

    pk: int
    path: str
    unit: Unit


class TreeCopy:
    """Once ``lay`` is done, ``left_out`` names each dissolved unit with who would gather from it: those below it report
    there now. A nation's tree passes through in pieces; as paths sort, superiors come before those below them."""

    def __init__(self, last: Round, opened: Round):
        self.left_out: list[tuple[Unit, Unit]] = []
        self._last, self._opened = last, opened
        self._months = periods.MONTHS[Frequency(last.frequency)]
        self._places: dict[int, _Place] = {}  # by the obligation in the last round
        self._first: date | None = None
        self._gone: set[int] = set()
        self._fewer: Counter[int] = Counter()  # how many fewer stand under it

    def lay(self) -> None:
        tree = Obligation.objects.filter(round=self._last)
        for pk, path in tree.filter(unit__dissolved_on__lte=clock.today()).values_list("pk", "path"):
            self._gone.add(pk)
            self._fewer.update(ids(path)[:-1])
        rows = tree.select_related("unit").order_by("path").iterator(chunk_size=AT_ONCE)
        while piece := list(islice(rows, AT_ONCE)):
            self._lay(piece)
        Round.objects.filter(pk=self._opened.pk).update(first_due_on=self._first)

    def _lay(self, piece: list[Obligation]) -> None:
        kept = list(self._kept(piece))
        displaced = [o.unit for o in kept if o.parent_id in self._gone]
        above = org_queries.superiors_of(displaced, clock.today()) if displaced else {}
        made = [self._next(o, above.get(o.unit_id)) for o in kept]
        Obligation.objects.bulk_create(made)
        recipients = self._recipients(kept)
        Recipient.objects.bulk_create(
            Recipient(obligation=new, unit_id=unit, order=order)
            for old, new in zip(kept, made, strict=True)
            for order, unit in enumerate(recipients.get(old.pk) or self._gatherer(old))
        )
        tell_all(asked(self._opened, new) for new in made if new.parent_id)

    def _kept(self, piece: list[Obligation]) -> Iterator[Obligation]:
        """Who still stands, its place made; a dissolved unit's place is that of who gathered from it."""
        keys = iter(keys_for(Obligation, len(piece)))
        for o in piece:
            above = self._places[o.parent_id] if o.parent_id else None
            if above and o.pk in self._gone:
                self._places[o.pk] = above
                self.left_out.append((o.unit, above.unit))
            else:
                pk = next(keys)
                self._places[o.pk] = _Place(pk, (above.path if above else "") + segment(pk), o.unit)
                yield o

    def _next(self, o: Obligation, superiors: set[int] | None) -> Obligation:
        """``superiors``: of a unit whose gatherer is gone, so that another gathers from it."""
        place, above = self._places[o.pk], self._places[o.parent_id] if o.parent_id else None
        return Obligation(
            pk=place.pk,
            round=self._opened,
            unit=o.unit,
            parent_id=above.pk if above else None,
            path=place.path,
            relation=rules.relation(o.unit, above.unit, superiors)
            if above and superiors is not None
            else o.relation,
            force=o.force,
            below=o.below - self._fewer[o.pk],
            added_by_id=o.added_by_id,
            due_rule=o.due_rule,
            **self._due(o),
        )

    def _due(self, o: Obligation) -> dict[str, Any]:
        """The deadline a turn later; as it was where no day is named."""
        if o.due_on is None:
            return {"due_text": o.due_text}
        day = periods.stated_day(o.due_on, o.due_text, o.due_day)
        on = periods.moved(o.due_on, self._months, day)
        self._first = min(on, self._first or on)
        return {
            "due_text": periods.next_due_text(o.due_text, o.due_on, on)[:120],
            "due_on": on,
            "due_day": day if day != on.day else None,
            "due_at": rules.first_late_moment(o.due_rule, on),
        }

    def _gatherer(self, o: Obligation) -> list[int]:
        return [self._places[o.parent_id].unit.pk] if o.parent_id else []

    def _recipients(self, kept: list[Obligation]) -> dict[int, list[int]]:
        """Units by obligation, in their order, without the dissolved."""
        found: dict[int, list[int]] = {}
        rows = Recipient.objects.filter(obligation__in=kept).exclude(unit__dissolved_on__lte=clock.today())
        for pk, unit in rows.order_by("order", "pk").values_list("obligation", "unit"):
            found.setdefault(pk, []).append(unit)
        return found
