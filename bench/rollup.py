"""Reading consolidations of a nation while reports arrive, beside other ways to have a total.

Reports arrive by the product's own submit action (rights, checks, journal, notices), many at a time as a desk's systems
send them, without HTTP; the fold runs as in production. The database does not wait for its disk. Peers, all on the same
figures: the sums computed at every read, a table of one row a value, and duckdb on columns in memory, one thread: the
physical limit. A read is the whole table of a node: every branch's sums, counts and coverage.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Callable

from bench.meter import Costs, Meter, median, p95

DATABASE = True
RATES = (0, 200, 1000, 2000)  # reports a second
NATION_MS, TIMES_LIMIT = (
    50,
    2.0,
)  # of 95 reads in 100 at 1,000 a second; folded read beside duckdb, processor time
WRITERS = 2  # processes that send
FOLD_EVERY = 0.25  # seconds, as hoctap folder
_ON_READ = """
SELECT c.i, sum(c.value), count(c.value)
FROM obligations_obligation o JOIN reports_report r ON r.obligation_id = o.id
JOIN reports_revision v ON v.id = r.sent_id CROSS JOIN LATERAL unnest(v.figures) WITH ORDINALITY AS c(value, i)
WHERE o.round_id = %s GROUP BY c.i ORDER BY c.i
"""
_ROW_A_VALUE = """
CREATE TABLE bench_value AS
SELECT r.obligation_id, c.i::smallint AS i, c.value FROM reports_report r
JOIN reports_revision v ON v.id = r.sent_id CROSS JOIN LATERAL unnest(v.figures) WITH ORDINALITY AS c(value, i)
"""
_OF_VALUES = "SELECT i, sum(value), count(value) FROM bench_value GROUP BY i ORDER BY i"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=120_000, help="base units of the nation")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long reports arrive at each rate")
    parser.add_argument("--repeats", type=int, default=20, help="reads beside each peer")


def run(options: argparse.Namespace) -> dict:
    from bench import nation
    from hoctap.kernel import clock
    from hoctap.obligations.models import Obligation
    from hoctap.rollup.actions import fold

    made = nation.Nation(options.units)
    opened = made.add_round("Báo cáo đang tới hạn", clock.today(), filed=0.5)
    nation.analyze()
    top = Obligation.objects.select_related("unit", "round").get(round=opened, parent=None)
    nodes = {"nation": top}
    for name, pk in zip(("province", "commune"), made.widest(), strict=True):
        nodes[name] = opened.obligations.select_related("unit", "round").get(unit=pk)
    result: dict = {"units": made.size, "cells": made.spec.size}
    result["beside, whole nation, ms"] = beside = _beside(top, options.repeats)
    result["reads, ms"] = {name: {} for name in nodes}
    arrivals = _Arrivals(opened.pk)
    for rate in RATES:
        reached, seen = arrivals.at(rate, options.seconds, lambda: _read_in_turns(nodes, arrivals))
        for name, reads in seen.items():
            result["reads, ms"][name][f"{rate}/s arriving"] = _summary(reads)
        result.setdefault("arrived, a second", {})[str(rate)] = round(reached)
    fold(opened.pk)
    _must_agree(top, arrivals.acknowledged.value)
    result["stale reads"] = 0
    result["exact at the end"] = True
    at_goal = result["reads, ms"]["nation"]["1000/s arriving"]
    ratio = beside["folded sums"]["CPU"] / beside["duckdb"]["CPU"]
    result["folded sums, times duckdb's CPU"] = round(ratio, 2)
    result["goals"] = {
        "nation, 95 %, 1000/s": f"{NATION_MS} ms",
        "folded sums": f"{TIMES_LIMIT} times duckdb",
    }
    return result | {"ok": at_goal["95 %"] <= NATION_MS and ratio <= TIMES_LIMIT}


def _beside(top, repeats: int) -> dict:
    """The nation's sums in each way, in turns; nothing pending."""
    from django.db import connection

    from hoctap.rollup.queries import totals

    def asked(sql: str, *params: object) -> Callable[[], object]:
        def ask() -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                cursor.fetchall()

        return ask

    with connection.cursor() as cursor:
        cursor.execute(
            "SET max_parallel_workers_per_gather = 0"
        )  # whose processor time would be out of sight
        cursor.execute(_ROW_A_VALUE)
        cursor.execute("VACUUM ANALYZE bench_value")
    ways: dict[str, Callable[[], object]] = {
        "folded sums": lambda: totals(top.round_id, [top.pk]),
        "duckdb": _duckdb(),
        "computed at every read": asked(_ON_READ, top.round_id),
        "one row a value": asked(_OF_VALUES),
    }
    meter, reads = Meter(), {name: Costs() for name in ways}
    for ask in ways.values():
        ask()
    for _ in range(repeats):
        for name, ask in ways.items():
            meter(ask, reads[name])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_value")
    return {name: _summary(of) for name, of in reads.items()}


def _duckdb() -> Callable[[], object]:
    """One column a cell, one thread, in this process."""
    import duckdb

    from hoctap.reports.models import Revision

    rows = list(Revision.objects.values_list("figures", flat=True))
    size = len(rows[0])
    database = duckdb.connect(config={"threads": 1})
    columns = [f"c{i}" for i in range(size)]
    database.execute(f"CREATE TABLE figures ({', '.join(f'{c} BIGINT' for c in columns)})")
    import pandas

    frame = pandas.DataFrame(rows, columns=columns, dtype="Int64")  # noqa: F841 duckdb reads it by its name
    database.execute("INSERT INTO figures SELECT * FROM frame")
    sums = ", ".join(f"sum({c}), count({c})" for c in columns)
    return lambda: database.execute(f"SELECT {sums} FROM figures").fetchall()


class _Arrivals:
    """Reports that arrive from processes of their own, and a process that folds."""

    def __init__(self, round_id: int):
        self.round_id = round_id
        self.processes = multiprocessing.get_context("spawn")
        self.acknowledged = self.processes.Value("q", _sent(round_id))

    def at(self, rate: int, seconds: float, work: Callable[[], dict]) -> tuple[float, dict]:
        """What ``work`` returns while so many arrive a second, and how many did; work is asked until time is up."""
        stop, ready = self.processes.Event(), self.processes.Barrier(2 + WRITERS)
        those = [self.processes.Process(target=_fold_till, args=[stop, ready])]
        for n in range(WRITERS):
            given = [self.round_id, n, rate / WRITERS, self.acknowledged, stop, ready]
            those.append(self.processes.Process(target=_arrive, args=given))
        for process in those:
            process.start()
        ready.wait(120)
        started, before = time.monotonic(), self.acknowledged.value
        seen: dict[str, Costs] = {}
        while time.monotonic() < started + seconds:
            for name, reads in work().items():
                seen.setdefault(name, Costs()).add(reads)
        reached = (self.acknowledged.value - before) / (time.monotonic() - started)
        stop.set()
        for process in those:
            process.join()
            if process.exitcode:
                raise AssertionError(f"{process.name} ended with {process.exitcode}")
        return reached, seen


def _read_in_turns(nodes: dict, arrivals: _Arrivals) -> dict[str, Costs]:
    from hoctap.rollup.queries import table

    meter, reads = Meter(), {name: Costs() for name in nodes}
    for name, node in nodes.items():
        acknowledged = arrivals.acknowledged.value
        found = meter(lambda node=node: table(node, "sent"), reads[name])
        if name == "nation" and found.total.reports < acknowledged:
            raise AssertionError(f"stale: {found.total.reports} of {acknowledged} acknowledged")
    return reads


def _fold_till(stop, ready) -> None:
    import django

    django.setup()
    from hoctap.rollup.actions import fold_busy_rounds

    ready.wait(120)
    while not stop.wait(FOLD_EVERY):
        fold_busy_rounds()


def _arrive(round_id: int, part: int, rate: float, acknowledged, stop, ready) -> None:
    """Desk after desk enters what its units sent, at the given pace or as fast as it goes."""
    import django

    django.setup()
    from hoctap.reports.actions import submit_all

    desks = _desks(round_id, part) if rate else iter(())
    waiting = next(desks, None)
    ready.wait(120)
    started, sent = time.monotonic(), 0
    while not stop.is_set():
        if waiting is None or sent > rate * (time.monotonic() - started):
            time.sleep(0.002)
            continue
        seat, sendings = waiting
        answers = submit_all(seat=seat, sendings=sendings)
        wrong = [answer for answer in answers if isinstance(answer, Exception)]
        if wrong:
            raise wrong[0]
        sent += len(answers)
        with acknowledged.get_lock():
            acknowledged.value += len(answers)
        waiting = next(desks, None)


def _desks(round_id: int, part: int):
    """Each desk that still waits for somebody: its officer, and the reports of those units."""
    import random
    import uuid

    from hoctap.kernel import clock
    from hoctap.obligations.models import Obligation
    from hoctap.orgs.models import Seat
    from hoctap.reports.actions import Content, Receipt, Sending
    from hoctap.reports.enums import Channel
    from hoctap.reports.models import Revision

    chance = random.Random(round_id)
    vectors = list(Revision.objects.values_list("figures", flat=True)[:500])
    unsent = Obligation.objects.filter(round=round_id, report=None, children=None).exclude(parent=None)
    desks = sorted(unsent.order_by().values_list("parent", flat=True).distinct())
    chance.shuffle(desks)
    for desk in desks[part::WRITERS]:
        owed = list(unsent.filter(parent=desk).select_related("unit", "round", "parent__unit"))
        if owed:
            seat = Seat.objects.select_related("unit", "user").get(
                unit=owed[0].parent.unit_id, role="officer"
            )
            receipt = Receipt(Channel.EMAIL, clock.now())
            yield (
                seat,
                [
                    Sending(o, Content(figures=chance.choice(vectors)), uuid.uuid4(), "", receipt)
                    for o in owed
                ],
            )


def _sent(round_id: int) -> int:
    from hoctap.reports.models import Report

    return Report.objects.filter(obligation__round=round_id).exclude(sent=None).count()


def _must_agree(top, acknowledged: int) -> None:
    """The folded table against a recount from the leaves by other code."""
    from hoctap.kernel import clock
    from hoctap.rollup.queries import table
    from hoctap.rollup.recount import recount

    counted = dict(recount(top.round_id, clock.now()))[top.pk].sent
    read = table(top, "sent").total
    if (list(read.sums), list(read.counts)) != (counted.sums, counted.counts) or read.reports != acknowledged:
        raise AssertionError("the read differs from the recount")


def _summary(reads: Costs) -> dict[str, float]:
    return {
        "reads": len(reads.wall),
        "median": median(reads.wall),
        "95 %": p95(reads.wall),
        "CPU": median(reads.both()),
        "of it database": median(reads.database),
    }
