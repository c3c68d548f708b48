"""Exporting every unit's figures: 10,000 units of a form of 64 cells as XLSX and CSV, beside other writers of XLSX.

Each writer runs the whole job, database to kept file, in a fresh process of its own: the same rows, read the same way, only
what turns them into a file differs. They take turns. Peak memory is that of the whole process, Django and all. Bypassed: the
queue (the job is called, not waited for) and the screen. The form is that of plan 333/KH-UBND with eight lines more.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
from datetime import timedelta

DATABASE = True
MOST_SECONDS, MOST_MEGABYTES = 2.0, 100  # the seconds for 10,000 units, the megabytes for any number
CELLS = 64
WRITERS = ("hoctap", "hoctap, CSV", "xlsxwriter", "openpyxl", "pandas")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=10_000, help="units below the one that gathers")
    parser.add_argument("--rounds", type=int, default=3, help="times each writer runs")
    parser.add_argument("--alone", action="store_true", help="without the other writers")


def run(options: argparse.Namespace) -> dict:
    """Of each writer: seconds, processor time of the process and the database's beside it, peak memory, file size."""
    node, seat = _world(options.units)
    writers = [name for name in WRITERS if name.startswith("hoctap") or not options.alone]
    runs: dict[str, list[dict]] = {name: [] for name in writers}
    for _ in range(options.rounds):
        for name, measured in runs.items():
            measured.append(_run(name, node, seat))
    ours = statistics.median(one["seconds"] for one in runs["hoctap"])
    memory = max(one["peak, MB"] for name in WRITERS[:2] for one in runs[name])
    limit = MOST_SECONDS * max(1, options.units / 10_000)
    return {
        "units": options.units,
        "cells": CELLS,
        "rounds": options.rounds,
        "writers": {name: _summary(measured, ours) for name, measured in runs.items()},
        "limits": {"seconds, XLSX": limit, "peak, MB": MOST_MEGABYTES},
        "ok": ours < limit and memory < MOST_MEGABYTES,
    }


def _run(name: str, node: int, seat: int) -> dict:
    command = [sys.executable, "-m", "bench._export", name, str(node), str(seat)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _summary(measured: list[dict], ours: float) -> dict:
    seconds = [one["seconds"] for one in measured]
    middle = {name: statistics.median(one[name] for one in measured) for name in measured[0]}
    return {
        "seconds": round(middle["seconds"], 2),
        "fastest": round(min(seconds), 2),
        "slowest": round(max(seconds), 2),
        "CPU": round(middle["CPU"], 2),
        "database's CPU": round(middle["database's CPU"], 2),
        "peak, MB": round(max(one["peak, MB"] for one in measured), 1),
        "of it before it began": round(middle["before, MB"], 1),
        "file, MB": round(middle["file, MB"], 1),
        "times ours": round(middle["seconds"] / ours, 1),
    }


def form_of_64() -> dict:
    """The form of plan 333/KH-UBND and eight lines more, a figure each."""
    from bench.wide import first_form

    form = first_form()
    first = sum(len(line.get("cells", ())) for line in form["lines"])
    for position in range(first, CELLS):
        number = str(12 + position - first)
        cell = {
            "position": position, "measure": "cuộc", "column": "count", "value": "count",
            "indicator": f"bench.more-{position}",
        }  # fmt: skip
        form["lines"].append(
            {
                "number": number, "printed": number, "label": f"Hoạt động khác, loại {number}", "unit": "cuộc",
                "kind": "lead", "cells": [cell],
            }
        )  # fmt: skip
    return form | {"code": "bench-64"}


def _world(units: int) -> tuple[int, int]:
    """Every unit's report is accepted, a tenth of the figures blank; the node and the seat that exports it."""
    from django.db import connection, transaction

    from bench import filling, wide
    from hoctap.reports.enums import ReportState

    made = wide.make(units, users=1, definition=form_of_64())
    chance = random.Random(64)
    with transaction.atomic():
        rows = filling.Rows(made.officer, units)
        for n, (obligation, seat) in enumerate(zip(made.children, made.seats, strict=True)):
            figures = [None if chance.random() < 0.1 else chance.randrange(3000) for _ in range(CELLS)]
            came = obligation.due_at - timedelta(hours=40)
            rows.sent(obligation, seat, ReportState.ACCEPTED, figures, came, n)
        rows.insert()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return made.node.pk, made.officer.pk
