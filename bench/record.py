"""A learning record of 500 activities as its owner and the unit's officer open it, and 200 certificates in one file.

In one process that has been warmed up, through the whole WSGI application; the pages take turns. ``CPU`` is of this process
and of the database's process that answers it, together. Set against a page that says only who is signed in.
"""

from __future__ import annotations

import argparse
import time

from bench.meter import Costs, Meter, median, p95

DATABASE = True
GOAL = 15.0  # ms CPU
PDF_GOAL = 10.0  # seconds for all certificates


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--activities", type=int, default=500)
    parser.add_argument("--years", type=int, default=5, help="over which they are spread")
    parser.add_argument("--certificates", type=int, default=200, help="in one file")
    parser.add_argument("--times", type=int, default=100, help="times each page is asked for")


def run(options: argparse.Namespace) -> dict:
    """Of each page: processor and wall time, queries, bytes; ``ok`` when all are within the limits."""
    from bench import _record

    world = _record.make(options.activities, options.years, options.certificates)
    pages = _record.pages(world)
    meter, costs = Meter(), {name: Costs() for name in pages}
    for ask in pages.values():
        for _ in range(5):
            ask()
    for _ in range(options.times):
        for name, ask in pages.items():
            meter(ask, costs[name])
    shown = {name: _costs(costs[name]) | _record.size(ask) for name, ask in pages.items()}
    started = time.perf_counter()
    data = _record.certificates(world)
    seconds = time.perf_counter() - started
    slowest = max(median(one.both()) for one in costs.values())
    return {
        "activities": options.activities,
        "pages": shown,
        "certificates": {"sheets": options.certificates, "seconds": round(seconds, 1), "bytes": len(data)},
        "limits": {"CPU": f"{GOAL} ms", "certificates": f"{PDF_GOAL} s"},
        "ok": slowest <= GOAL and seconds <= PDF_GOAL,
    }


def _costs(costs: Costs) -> dict:
    both = costs.both()
    return {
        "CPU p50, ms": median(both),
        "CPU p95, ms": p95(both),
        "of it database": median(costs.database),
        "wall p50, ms": median(costs.wall),
    }
