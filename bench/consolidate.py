"""Merging filled Excel forms: `hoctap consolidate` beside openpyxl and pandas, whole processes, start to finished file.

Each peer is the short script one would write with it: read every file, add up the cells, write the totals. They run in
turn, round after round, so that a busy moment of the machine falls on all; totals must agree.
"""

from __future__ import annotations

import argparse
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

PROGRAMS = ("hoctap", "openpyxl", "pandas", "pandas with calamine")
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
    parser.add_argument("--files", type=int, default=1000, help="filled forms to merge")
    parser.add_argument("--rounds", type=int, default=3, help="times each program runs")


def run(options: argparse.Namespace) -> dict:
    """Seconds of each program: median, fastest and slowest round, processor time, and the median against ours."""
    with tempfile.TemporaryDirectory(prefix="hoctap-bench-") as folder:
        files, totals = _make_forms(Path(folder), options.files)
        runs: dict[str, list[tuple[float, float]]] = {name: [] for name in PROGRAMS}
        for _ in range(options.rounds):
            for name, measured in runs.items():
                out = Path(folder) / "out.xlsx"
                out.unlink(missing_ok=True)
                measured.append(_timed(_command(name, out, files)))
                _must_agree(name, out, totals)
    ours = statistics.median(wall for wall, _ in runs["hoctap"])
    return {
        "files": options.files,
        "rounds": options.rounds,
        **{name: _summary(measured, ours) for name, measured in runs.items()},
        "budget": BUDGET_SECONDS * max(options.files, 1000) / 1000,
        "ok": ours < BUDGET_SECONDS * max(options.files, 1000) / 1000,
    }


def _summary(measured: list[tuple[float, float]], ours: float) -> dict:
    walls = [wall for wall, _ in measured]
    return {
        "seconds": round(statistics.median(walls), 3),
        "fastest": round(min(walls), 3),
        "slowest": round(max(walls), 3),
        "cpu": round(statistics.median(cpu for _, cpu in measured), 3),
        "times ours": round(statistics.median(walls) / ours, 1),
    }


def _make_forms(folder: Path, count: int) -> tuple[list[str], list[int]]:
    """Forms with invented figures (a third blank, a third zero), and the sum of each cell."""
    spec, chance = library_form("tuan-le-2023"), random.Random(333)
    totals = [0] * spec.size
    files = []
    for number in range(count):
        figures = [chance.choice([None, 0, chance.randrange(1, 2000)]) for _ in range(spec.size)]
        figures[0] = sum(figures[part] or 0 for part in spec.cells[0].formula)
        totals = [total + (figure or 0) for total, figure in zip(totals, figures, strict=True)]
        path = folder / f"{number:05}.xlsx"
        path.write_bytes(write_form(spec, Stamp(f"U{number:05}", f"Đơn vị {number}", round_id="1"), figures))
        files.append(str(path))
    return files, totals


def _command(name: str, out: Path, files: list[str]) -> list[str]:
    if name == "hoctap":
        return [sys.executable, "-m", "hoctap.cli.main", "consolidate", *files, "-o", str(out)]
    places = layout_of(library_form("tuan-le-2023")).places.points
    script = (
        [_OPENPYXL] if name == "openpyxl" else [_PANDAS, "calamine" if "calamine" in name else "openpyxl"]
    )
    return [sys.executable, "-c", *script, str(out), repr(places), *files]


def _timed(command: list[str]) -> tuple[float, float]:
    """Seconds on the clock and of processor time, for the whole process and its children."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _must_agree(name: str, out: Path, totals: list[int]) -> None:
    book = openpyxl.load_workbook(out)
    if name == "hoctap":
        rows = book["Tung don vi"].iter_rows(min_row=3, max_col=4, values_only=True)
        got = [total or 0 for _, _, measure, total in rows if measure]
    else:
        got = [cell.value for cell in book.active[1]]
    if got != totals:
        raise AssertionError(f"{name} adds up to other totals")
