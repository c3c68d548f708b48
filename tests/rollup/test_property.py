"""Any acts, any tree, any folding: every read equals a recount (issue 2, "Shown when" 3).

Real connections and committed transactions throughout: a test inside one transaction never folds.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.kernel.clock import VIETNAM
from hoctap.kernel.errors import Refusal
from hoctap.obligations.actions import extend
from hoctap.rollup.actions import fold, move, refold_all
from tests.rollup.compare import assert_exact, assert_sums_exact
from tests.rollup.folders import OtherFolder, in_threads
from tests.rollup.world import FAR, PAST, Tree

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

SEQUENCES = 500 if os.environ.get("CI") else 60
UNITS = 10

figure = st.one_of(st.none(), st.just(0), st.just(10**13), st.integers(0, 1000))
figures = st.lists(figure, min_size=3, max_size=3)
node = st.integers(0, UNITS - 1)
reviewed = st.dictionaries(st.integers(0, 2), figure, max_size=2)
act = st.one_of(
    st.tuples(st.just("submit"), node, figures),
    st.tuples(st.just("put"), node, figures),
    st.tuples(st.just("accept"), node, reviewed),
    st.tuples(st.sampled_from(["withdraw", "send_back", "cascade", "extend"]), node),
    st.tuples(st.just("move"), node, node),
    st.just(("restore",)),
    st.sampled_from([("fold",), ("killed_fold",), ("begin_fold",)]),
)
how = st.sampled_from(["plain", "savepoint", "savepoint_undone_then_again", "undone"])
steps = st.lists(st.tuples(act, how), min_size=2, max_size=8)
tree_shape = st.lists(st.integers(0, 9), min_size=2, max_size=5)


class Undo(Exception):
    """Rolls back what was done."""


class Play:
    """One sequence of acts on one round; ``folders``: none, or one or two that fold when told to."""

    def __init__(self, tree: Tree, folders: int):
        self.tree = tree
        self.folders = folders
        self.begun: OtherFolder | None = None  # holds the watermark's lock, has not folded yet

    def step(self, name: str, args: tuple, how: str) -> None:
        if name.endswith("fold"):
            getattr(self, name)()
            return
        if name in ("move", "restore"):
            self.finish_fold()  # they wait for the lock it holds
        with suppress(Refusal, Undo):
            self.as_request(how, lambda: getattr(self, name)(*args))
        self.tree.refresh()

    def as_request(self, how: str, do) -> None:
        """``do`` in one transaction, with savepoints as requests open them."""
        with transaction.atomic():
            if how == "savepoint_undone_then_again":
                with suppress(Undo), transaction.atomic():
                    do()
                    raise Undo
                self.tree.refresh()
            if how == "plain":
                do()
            else:
                with transaction.atomic():
                    do()
            if how == "undone":
                raise Undo

    def at(self, index: int) -> int:
        return index % len(self.tree)

    def submit(self, index: int, values: list) -> None:
        self.tree.submit(self.at(index), values)

    def put(self, index: int, values: list) -> None:
        self.tree.put(self.at(index), values)

    def accept(self, index: int, reviewed: dict) -> None:
        self.tree.accept(self.at(index), reviewed)

    def withdraw(self, index: int) -> None:
        self.tree.withdraw(self.at(index))

    def send_back(self, index: int) -> None:
        self.tree.send_back(self.at(index))

    def cascade(self, index: int) -> None:
        if len(self.tree) < UNITS:
            self.tree.cascade(self.at(index))

    def extend(self, index: int) -> None:
        obligation = self.tree.node(self.at(index))
        due_at = max(obligation.due_at, datetime(3000, 1, 1, tzinfo=VIETNAM)) + timedelta(days=1)
        extend(seat=self.tree.above(obligation), obligation=obligation, due_at=due_at, reason="thử")

    def move(self, index: int, to: int) -> None:
        moved, parent = self.tree.node(self.at(index)), self.tree.node(self.at(to))
        move(seat=self.tree.world.seats[0], obligation=moved, parent=parent, reason="thử")

    def restore(self) -> None:
        refold_all()

    def fold(self) -> None:
        self.finish_fold()
        if self.folders == 1:
            fold(self.tree.round.pk)
        elif self.folders == 2:
            in_threads([lambda: fold(self.tree.round.pk)] * 2)

    def killed_fold(self) -> None:
        self.finish_fold()
        if self.folders:
            folder = OtherFolder(self.tree.round.pk)
            folder.fold()
            folder.die()

    def begin_fold(self) -> None:
        """A second folder takes the lock; acts go on before it folds."""
        if self.folders == 2 and self.begun is None:
            self.begun = OtherFolder(self.tree.round.pk)

    def finish_fold(self) -> None:
        if self.begun:
            self.begun.fold()
            self.begun.commit()
            self.begun = None


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    parents=tree_shape,
    due=st.sampled_from([FAR, PAST]),
    first=figures,
    steps=steps,
    last=figures,
    folders=st.integers(0, 2),
)
def test_every_read_equals_a_recount(world, parents, due, first, steps, last, folders):
    tree = world.open([parent % (i + 1) for i, parent in enumerate(parents)], due=due)
    play = Play(tree, folders)
    play.submit(1, first)
    play.fold()
    try:
        for (name, *args), how in steps:
            play.step(name, tuple(args), how)
            assert_sums_exact(tree)
    finally:
        play.finish_fold()

    tree.cascade(0)
    play.submit(len(tree) - 1, last)
    behind = assert_exact(tree, nodes=[1])
    assert behind.entries > 0
    assert behind.folded > 0 or folders == 0

    fold(tree.round.pk)
    behind = assert_exact(tree, nodes=[0])
    assert behind.entries == 0
    assert behind.folded > 0
    tree.forget()
