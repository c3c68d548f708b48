"""The nation that benchmarks stand on: as the actions would have left it, and the same for the same seed."""

import pytest

from hoctap.cli.check import compare_round
from hoctap.obligations.models import Obligation, Round
from hoctap.reports.models import Report
from hoctap.rollup.queries import pending, table

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
