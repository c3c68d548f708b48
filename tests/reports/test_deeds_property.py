"""Any tree, any hosts, any order of acts: an activity counts at most once, and where a plain model says (rule 1)."""

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities.actions import cancel_activity, reinstate_activity
from hoctap.activities.models import Activity
from hoctap.cli.check import compare_round
from hoctap.forms.definition import canonical_json, digest_of
from hoctap.forms.models import FormVersion
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.paths import segment
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.enums import Line
from hoctap.orgs.models import Subordination
from hoctap.reports import actions as reports
from hoctap.reports.actions import Content
from hoctap.reports.deeds import of_report
from hoctap.reports.filling import follow
from hoctap.reports.models import Counted, Report
from hoctap.rollup.recount import counted_in
from tests.deeds import LATER, deed, held
from tests.rollup.world import Tree, World

pytestmark = pytest.mark.django_db
SEQUENCES = 300 if os.environ.get("CI") else 40
UNITS = 10

node, which = st.integers(0, 4), st.integers(0, 3)
record = st.tuples(
    st.just("record"), st.integers(0, UNITS - 1), st.lists(node, min_size=1, max_size=2), st.integers(1, 9)
)
act = st.one_of(
    *[st.tuples(st.just("send"), node)] * 4,
    *[st.tuples(st.just("accept"), node)] * 2,
    *[st.tuples(st.sampled_from(["withdraw", "give_back"]), node)] * 3,
    st.tuples(st.just("toggle"), which),
    st.tuples(st.just("decide"), which, which),
    record,
)


@pytest.fixture
def world(db) -> World:
    made = World.make(units=UNITS, cells=2)
    definition = FormVersion.objects.get().definition
    for line, code in zip(definition["lines"], ("classes.it.count", "classes.it.persons"), strict=True):
        line["cells"][0]["indicator"] = code
    FormVersion.objects.update(definition=definition, digest=digest_of(canonical_json(definition)))
    return made


@dataclass
class Node:
    """What the model knows of one report: the activities in what was sent, and in what was accepted."""

    state: str = "none"
    sent: frozenset[int] = frozenset()
    accepted: frozenset[int] | None = None


@dataclass
class Model:
    """Counting rule 1 in plain Python: no SQL, no Counted. Nodes by their place in the round, which is their unit's."""

    above: list[int]  # who is above each unit; its own number at the top
    nodes: list[Node]
    deeds: dict[int, tuple[tuple[int, ...], int]] = field(default_factory=dict)  # candidates, people
    gone: set[int] = field(default_factory=set)
    decided: dict[int, int] = field(default_factory=dict)

    def candidates(self, host: int, others: list[int]) -> tuple[int, ...]:
        at = host
        while at >= len(self.nodes) and self.above[at] != at:
            at = self.above[at]
        first = [at] if at < len(self.nodes) else []
        # Codes DV0 … DV9 sort as numbers do.
        return tuple(dict.fromkeys(first + sorted(o for o in set(others) - {host} if o < len(self.nodes))))

    def counted(self, activity: int) -> int | None:
        if activity in self.decided:
            return self.decided[activity]
        return next((i for i, node in enumerate(self.nodes) if activity in self.held(i)), None)

    def held(self, i: int) -> frozenset[int]:
        return self.nodes[i].sent | (self.nodes[i].accepted or frozenset())

    def takes(self, i: int) -> frozenset[int]:
        def falls(activity: int, candidates: tuple[int, ...]) -> bool:
            at = self.counted(activity)
            return at == i if at is not None else i in candidates

        return frozenset(a for a, (c, _) in self.deeds.items() if a not in self.gone and falls(a, c))


class Play:
    def __init__(self, tree: Tree, model: Model):
        self.tree, self.model = tree, model
        self.recorded: list[int] = []

    def do(self, name: str, *args) -> None:
        with suppress(Refusal), transaction.atomic():
            getattr(self, name)(*args)

    def at(self, index: int) -> tuple[int, Obligation]:
        index %= len(self.model.nodes)
        return index, self.tree.node(index)

    def record(self, host: int, others: list[int], people: int) -> None:
        units = self.tree.world.units
        co_hosts = [units[other] for other in others]
        activity = deed(self.tree.world.seats[host], held(unnamed=people), of="class.it", co_hosts=co_hosts)
        self.model.deeds[activity.pk] = (self.model.candidates(host, others), people)
        self.recorded.append(activity.pk)

    def toggle(self, index: int) -> None:
        """Cancelled, or held after all."""
        if not self.recorded:
            return
        activity = Activity.objects.get(pk=self.recorded[index % len(self.recorded)])
        seat = self.tree.world.seats[self.tree.world.units.index(activity.host)]
        if activity.pk in self.model.gone:
            reinstate_activity(seat=seat, activity=activity)
        else:
            cancel_activity(seat=seat, activity=activity, reason="thử")
        self.model.gone ^= {activity.pk}

    def decide(self, index: int, whom: int) -> None:
        if not self.recorded:
            return
        activity = self.recorded[index % len(self.recorded)]
        candidates, _ = self.model.deeds[activity]
        if not candidates:
            return
        to = candidates[whom % len(candidates)]
        holder = next((i for i in range(len(self.model.nodes)) if activity in self.model.held(i)), None)
        reports.move_deed(
            seat=self.tree.world.seats[0], node=self.tree.node(0), activity=Activity.objects.get(pk=activity),
            to=self.tree.node(to), reason="thử",
        )  # fmt: skip
        assert holder in (None, to)
        self.model.decided[activity] = to

    def send(self, index: int) -> None:
        i, node = self.at(index)
        spec = version_spec(node.round.form_version_id)
        content = follow(spec, Content(), of_report(node, spec).cells).content
        reports.submit(
            seat=self.tree.own(node), obligation=node, content=content, token=uuid.uuid4(), reason="bổ sung"
        )
        known = self.model.nodes[i]
        known.sent, known.state = self.model.takes(i), "waiting"
        if node.parent_id is None:
            known.accepted, known.state = known.sent, "accepted"

    def accept(self, index: int) -> None:
        i, _ = self.at(index)
        self.tree.accept(i)
        self.model.nodes[i].accepted, self.model.nodes[i].state = self.model.nodes[i].sent, "accepted"

    def withdraw(self, index: int) -> None:
        i, _ = self.at(index)
        self.tree.withdraw(i)
        self._fall_back(self.model.nodes[i])

    def give_back(self, index: int) -> None:
        i, node = self.at(index)
        if node.parent_id is None:
            return
        self.tree.send_back(i)
        known = self.model.nodes[i]
        if known.state == "accepted":
            known.accepted = None
        self._fall_back(known)

    def _fall_back(self, known: Node) -> None:
        known.sent = known.accepted or frozenset()
        known.state = "accepted" if known.accepted is not None else "none"

    def agrees(self) -> None:
        stands = counted_in(self.tree.round.pk)
        assert all(len(at) == 1 for at in stands.values())
        for i, pk in enumerate(self.tree.pks):
            expected = self.model.nodes[i].sent
            report = Report.objects.filter(obligation=pk).select_related("sent").first()
            figures = report.sent.figures if report and report.sent else [None, None]
            people = sum(self.model.deeds[a][1] for a in expected)
            assert figures == ([len(expected), people] if expected else [None, None])
        counted = dict(Counted.objects.filter(round=self.tree.round).values_list("activity", "obligation"))
        places = {a: at for a in self.model.deeds if (at := self.model.counted(a)) is not None}
        assert counted == {a: self.tree.pks[at] for a, at in places.items()}


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    tree_shape=st.lists(st.integers(0, 9), min_size=3, max_size=4),
    above=st.lists(st.integers(0, 9), min_size=UNITS - 1, max_size=UNITS - 1),
    first=st.lists(record, min_size=2, max_size=4),
    steps=st.lists(act, min_size=10, max_size=25),
)
def test_every_activity_counts_at_most_once_and_where_the_model_says(world, tree_shape, above, first, steps):
    with transaction.atomic(), clock.frozen(LATER):
        tree = world.open([parent % (i + 1) for i, parent in enumerate(tree_shape)])
        Round.objects.filter(pk=tree.round.pk).update(
            period_from=date(2023, 10, 2), period_to=date(2023, 10, 8)
        )
        parents = [0] + [parent % (i + 1) for i, parent in enumerate(above)]
        _stand(world, parents)
        play = Play(tree, Model(parents, [Node() for _ in range(len(tree))]))
        for name, *args in first + steps:
            play.do(name, *args)
            play.agrees()
        assert [line for line in compare_round(tree.round) if "hoạt động" in line] == []
        transaction.set_rollback(True)


def _stand(world: World, parents: list[int]) -> None:
    """All units in one line, as ``parents`` say."""
    paths: list[str] = []
    for i, parent in enumerate(parents):
        paths.append((paths[parent] if i else "") + segment(world.units[i].pk))
    valid = world.seats[0].valid
    Subordination.objects.bulk_create(
        Subordination(
            unit=world.units[i], parent=world.units[parent] if i else None, line=Line.TERRITORY, valid=valid,
            path=paths[i],
        )
        for i, parent in enumerate(parents)
    )  # fmt: skip
