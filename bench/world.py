"""A nation to try things in: provinces, communes and sector unions as many as there are, base units below them, and a
round a quarter that asks them all, 92 % answered. The same for the same seed; ``hoctap check`` finds nothing wrong in it.
"""

from __future__ import annotations

import argparse
import time

DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=120_000, help="base units")
    parser.add_argument("--rounds", type=int, default=15, help="rounds, one a quarter; the last is open")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--database", metavar="URL", help="an empty database to fill; without it one that is thrown away"
    )


def run(options: argparse.Namespace) -> dict:
    from bench import nation
    from bench.wide import PASSWORD
    from hoctap.obligations.models import Obligation
    from hoctap.reports.models import Report

    started = time.perf_counter()
    made = nation.make(options.units, options.rounds, options.seed)
    seconds = time.perf_counter() - started
    expected = Obligation.objects.count()
    return {
        "units": made.size,
        "rounds": options.rounds,
        "seconds": round(seconds, 1),
        "expected": expected,
        "filed": f"{Report.objects.exclude(sent=None).count() / expected:.1%}",
        "cells": made.spec.size,
        "left blank": f"{made.blank():.1%}",
        "sign in as": f"officer-1, leader-1 …; password {PASSWORD}",
    }
