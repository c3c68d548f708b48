"""The nation that benchmarks stand on: as the actions would have left it, and the same for the same seed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from hoctap.cli.check import compare_round
from hoctap.kernel import clock
from hoctap.obligations.models import Obligation, Round
from hoctap.reports.models import Report
from hoctap.rollup.queries import pending, table
from hoctap.rollup.queries.consolidation import _TABLE_SQL

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_agrees_with_a_recount_and_late_ones_are_late():
    from bench import nation

    made = nation.make(300, 2)
    assert [list(compare_round(opened)) for opened in Round.objects.all()] == [[], []]
    assert [pending(opened.pk).entries for opened in Round.objects.all()] == [0, 0]
    past = Obligation.objects.select_related("unit", "round").filter(parent=None).earliest("pk")
    coverage = table(past).coverage
    assert coverage.expected == made.size - 1 == 34 + 3321 + 680 + 300
    assert 0.90 < coverage.submitted / coverage.expected < 0.94
    assert coverage.overdue == coverage.missing  # its deadline is past
    assert 0.03 < coverage.late / coverage.submitted < 0.07
    assert 0.08 < made.blank() < 0.12
    assert Report.objects.filter(obligation__round=past.round, acceptance=None).exists()


def test_the_table_of_all_looks_at_its_branches_alone():
    from bench import nation

    opened = nation.make(300, 1).add_round("Đợt đã quá hạn", clock.today() - timedelta(days=3), filed=0.3)
    top = Obligation.objects.select_related("unit", "round").get(round=opened, parent=None)
    branches = [*top.children.values_list("pk", flat=True)]
    assert table(top).coverage.overdue > 2500
    given = {"round": opened.pk, "node": top.pk, "nodes": [top.pk, *branches], "now": clock.now()}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in _TABLE_SQL.values():
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given)
            (plan,) = cursor.fetchone()[0]
            assert 0 < _rows_looked_at(plan["Plan"]) < 10 * len(branches)


def _rows_looked_at(plan: dict) -> int:
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    below = sum(_rows_looked_at(part) for part in plan.get("Plans", []))
    return below + (int(own) if "Relation Name" in plan else 0)
