"""Filled Excel forms merged: `hoctap consolidate` on one core and on all, beside openpyxl, pandas and bare unzipping.

Whole processes, from start to finished file. Each peer is the short script one would write with it: read every file, add up
the cells, write the totals. Unzipping alone is the limit below which nothing that opens these files can come. They run in
turn, round after round, so that a busy moment of the machine falls on all; totals must agree. Of more files than --slow only
the fast ones are asked. Nothing of the product is bypassed; the peers check nothing of a file.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from hoctap.forms.definition import library_form
from hoctap.forms.sheets import Stamp, write_form
from hoctap.forms.sheets.layout import layout_of

OURS, ALONE, UNZIP = "hoctap", "hoctap, one core", "unzip only, one core"
SLOW = ("openpyxl", "pandas")
PROGRAMS = (OURS, ALONE, UNZIP, "pandas with calamine", *SLOW)
BUDGET_SECONDS = 1.0  # for 1,000 files

# What the peers know: the sheet, and where its figures stand. The hidden mark's own cells are not read.
_OPENPYXL = """
import sys, openpyxl
out, places, files = sys.argv[1], eval(sys.argv[2]), sys.argv[3:]
totals = [0] * len(places)
for name in files:
    sheet = openpyxl.load_workbook(name, data_only=True)["Bieu"]
    for index, (row, col) in enumerate(places):
        totals[index] += sheet.cell(row + 1, col + 1).value or 0
book = openpyxl.Workbook()
book.active.append(totals)
book.save(out)
"""
_UNZIP = """
import sys, zipfile
for name in sys.argv[2:]:
    with zipfile.ZipFile(name) as book:
        for part in book.infolist():
            book.read(part)
"""
_PANDAS = """
import sys, pandas
engine, out, places, files = sys.argv[1], sys.argv[2], eval(sys.argv[3]), sys.argv[4:]
totals = [0] * len(places)
for name in files:
    sheet = pandas.read_excel(name, sheet_name="Bieu", header=None, engine=engine)
    for index, (row, col) in enumerate(places):
        value = sheet.iat[row, col]
        totals[index] += 0 if pandas.isna(value) or value == "" else int(value)
pandas.DataFrame([totals]).to_excel(out, index=False, header=False)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--files", type=int, nargs="+", default=[1000, 10_000], help="filled forms to merge")
    parser.add_argument("--rounds", type=int, default=3, help="times each program runs")
    parser.add_argument("--slow", type=int, default=1000, help="most files that the slow peers are asked for")


def run(options: argparse.Namespace) -> dict:
    """Of each program: seconds with the fastest and slowest round, processor time, and both against ours."""
    with tempfile.TemporaryDirectory(prefix="hoctap-bench-") as folder:
        files, figures = _make_forms(Path(folder), max(options.files))
        merged = {
            count: _race(Path(folder), files[:count], _totals(figures[:count]), options)
            for count in options.files
        }
    within = all(
        programs[OURS]["seconds"] < BUDGET_SECONDS * max(count, 1000) / 1000
        for count, programs in merged.items()
    )
    return {
        "rounds": options.rounds,
        **{f"{count} files": programs for count, programs in merged.items()},
        "limit": f"{BUDGET_SECONDS} s for 1,000 files",
        "ok": within,
    }


def _race(folder: Path, files: list[str], totals: list[int], options: argparse.Namespace) -> dict:
    programs = [name for name in PROGRAMS if name not in SLOW or len(files) <= options.slow]
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(options.rounds):
        for name, measured in runs.items():
            out = folder / "out.xlsx"
            out.unlink(missing_ok=True)
            measured.append(_timed(_command(name, out, files), alone="one core" in name))
            if name != UNZIP:
                _must_agree(name, out, totals)
    ours = {name: statistics.median(wall for wall, _ in measured) for name, measured in runs.items()}[OURS]
    least = statistics.median(cpu for _, cpu in runs[UNZIP])
    return {name: _summary(measured, ours, least) for name, measured in runs.items()}


def _summary(measured: list[tuple[float, float]], ours: float, least: float) -> dict:
    walls, cpu = [wall for wall, _ in measured], statistics.median(cpu for _, cpu in measured)
    return {
        "seconds": round(statistics.median(walls), 3),
        "fastest": round(min(walls), 3),
        "slowest": round(max(walls), 3),
        "cpu": round(cpu, 3),
        "seconds, times ours": round(statistics.median(walls) / ours, 1),
        "cpu, times unzipping": round(cpu / least, 1),
    }


def _make_forms(folder: Path, count: int) -> tuple[list[str], list[list]]:
    """Forms with invented figures (a third blank, a third zero), and the figures of each."""
    spec, chance = library_form("tuan-le-2023"), random.Random(333)
    files, vectors = [], []
    for number in range(count):
        figures = [chance.choice([None, 0, chance.randrange(1, 2000)]) for _ in range(spec.size)]
        figures[0] = sum(figures[part] or 0 for part in spec.cells[0].formula)
        path = folder / f"{number:05}.xlsx"
        path.write_bytes(write_form(spec, Stamp(f"U{number:05}", f"Đơn vị {number}", round_id="1"), figures))
        files.append(str(path))
        vectors.append(figures)
    return files, vectors


def _totals(vectors: list[list]) -> list[int]:
    return [sum(figure or 0 for figure in column) for column in zip(*vectors, strict=True)]


def _command(name: str, out: Path, files: list[str]) -> list[str]:
    if name in (OURS, ALONE):
        return [sys.executable, "-m", "hoctap.cli.main", "consolidate", *files, "-o", str(out)]
    if name == UNZIP:
        return [sys.executable, "-c", _UNZIP, str(out), *files]
    places = layout_of(library_form("tuan-le-2023")).places.points
    script = (
        [_OPENPYXL] if name == "openpyxl" else [_PANDAS, "calamine" if "calamine" in name else "openpyxl"]
    )
    return [sys.executable, "-c", *script, str(out), repr(places), *files]


def _timed(command: list[str], *, alone: bool) -> tuple[float, float]:
    """Seconds on the clock and of processor time, for the whole process and its children; ``alone``: on one core."""
    allowed = os.sched_getaffinity(0)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    try:
        if alone:  # inherited by the program
            os.sched_setaffinity(0, {min(allowed)})
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        os.sched_setaffinity(0, allowed)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _must_agree(name: str, out: Path, totals: list[int]) -> None:
    book = openpyxl.load_workbook(out)
    if name in (OURS, ALONE):
        rows = book["Tung don vi"].iter_rows(min_row=3, max_col=4, values_only=True)
        got = [total or 0 for _, _, measure, total in rows if measure]
    else:
        got = [cell.value for cell in book.active[1]]
    if got != totals:
        raise AssertionError(f"{name} adds up to other totals")
