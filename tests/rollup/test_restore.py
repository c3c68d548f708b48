"""After a restore transaction ids are foreign: folding starts over, and serving waits for it."""

import logging

import pytest
from django.db import connection

from hoctap.kernel.errors import Refusal
from hoctap.reports.models import ReportEntry
from hoctap.rollup.actions import (
    check_system_identifier,
    fold,
    fold_busy_rounds,
    refold_all,
    remember_system_identifier,
)
from hoctap.rollup.models import DatabaseIdentity, Fold
from hoctap.rollup.queries import pending
from tests.rollup.compare import assert_exact

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def as_if_restored_from_a_busier_server() -> None:
    """Transaction ids this server has not given out yet, in the entries and in the watermarks."""
    execute("UPDATE reports_reportentry SET xid = (xid::text::bigint + 1000000000)::text::xid8")
    execute("UPDATE rollup_watermark SET snapshot = '9000000000:9000000000:'")
    execute("UPDATE rollup_databaseidentity SET system_identifier = 1")


def test_folding_starts_over_and_goes_on(world):
    trees = [world.open([0, 0, 1]), world.open([0])]
    for tree in trees:
        tree.put(1, [1, None, 3])
        fold(tree.round.pk)
    trees[0].put(3, [10, 0, 30])
    remember_system_identifier()
    as_if_restored_from_a_busier_server()

    assert refold_all() == 6
    check_system_identifier()
    for tree in trees:
        behind = assert_exact(tree, nodes=range(len(tree)))
        assert (behind.folded, behind.entries) == (ReportEntry.objects.filter(round=tree.round).count(), 0)
    assert fold_busy_rounds() == 0

    trees[0].submit(2, [5, 5, 5])
    assert pending(trees[0].round.pk).entries == 1
    assert_exact(trees[0], nodes=[0])
    assert fold_busy_rounds() == 1
    assert_exact(trees[0], nodes=[0])


def test_it_mends_sums_that_went_wrong(world):
    tree = world.open([0, 1])
    tree.put(2, [1, 2, 3])
    fold(tree.round.pk)
    Fold.objects.update(sent_sums=[99, 99, 99], accepted_reports=7)
    refold_all()
    assert_exact(tree, nodes=[0, 1])


def test_a_database_from_another_server_is_not_served(world):
    check_system_identifier()  # met for the first time: remembered
    known = DatabaseIdentity.objects.get()
    check_system_identifier()
    DatabaseIdentity.objects.update(system_identifier=known.system_identifier ^ 1)
    with pytest.raises(Refusal, match="hoctap restore"):
        check_system_identifier()
    refold_all()
    check_system_identifier()
    assert DatabaseIdentity.objects.get().system_identifier == known.system_identifier


def test_an_account_that_may_not_ask_is_warned_and_served(world, caplog, monkeypatch):
    forbidden = (
        "DO $$ BEGIN RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    monkeypatch.setattr("hoctap.rollup.actions.restore._ASK", forbidden)
    with caplog.at_level(logging.WARNING, "hoctap.rollup"):
        check_system_identifier()
        remember_system_identifier()
    assert "pg_control_system" in caplog.text
    assert not DatabaseIdentity.objects.exists()
