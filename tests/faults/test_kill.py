"""Killed at random moments: what was acknowledged is there, once, and the totals are exact."""

import random

from bench.house import place, prepare
from bench.kill import trial

REPORTS, CLIENTS, KILLS = 500, 8, 8


def test_every_acknowledged_report_is_there_once_and_totals_are_exact():
    """The same trial, longer: ``hoctap bench kill --trials N`` (its result is in bench/RESULTS.md)."""
    seed = random.randrange(10**6)
    with place() as folder:
        told = prepare(folder / "data", REPORTS, CLIENTS)
        result = trial(folder / "data", told, kills=KILLS, seed=seed)
    again, evidence = f"hoctap bench kill --seed {seed}", result.evidence
    assert result.failures == [], again
    assert len(result.kills) == KILLS
    assert result.acknowledged == evidence.found == REPORTS, again
    assert (evidence.lost, evidence.doubled) == ([], []), again
    assert evidence.exact, again
    # What is promised was put to the test: forms were sent again, and some of those had arrived the first time.
    assert result.retries > 0
    assert evidence.replays > 0
    assert result.double_clicks > 0
