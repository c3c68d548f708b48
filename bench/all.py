"""Every benchmark that has a goal, one after another, each in a process of its own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

from bench.house import HOCTAP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=120_000, help="how large the worlds are")


def _options(units: int) -> dict[str, list[str]]:
    """Smaller than 120,000: shorter, too."""
    size = ["--units", str(units)]
    short = units < 120_000
    return {
        "rollup": size + (["--seconds", "3", "--repeats", "5"] if short else []),
        "submit": size,
        "pages": ["--units", "10000", "--nation", str(units)]
        + (["--requests", "20", "--seconds", "0.6"] if short else []),
        "excel": ["--files", "1000"] + ([] if short else ["10000"]),
        "export": ["--units", "10000"] + (["--rounds", "1"] if short else []),
        "search": [*size, "--documents", str(min(100_000, 10 * units))]
        + (["--times", "10"] if short else []),
        "attendance": ["--phones", "40", "--checkins", "2000", "--evenings", "30"] if short else [],
        "reorganise": [*size, "--moves", str(min(10_000, units))],
    }


def run(options: argparse.Namespace) -> dict:
    """What each printed, and how long it took in all; ``ok`` when every goal was met."""
    found = {}
    for name, given in _options(options.units).items():
        print(f"{name} …", file=sys.stderr, flush=True)
        started = time.perf_counter()
        done = subprocess.run(
            [*HOCTAP, "bench", "--json", name, *given], stdout=subprocess.PIPE, text=True, check=False
        )
        try:
            result = json.loads(done.stdout)
        except ValueError:
            result = {"ok": False, "failed": f"exit code {done.returncode}"}
        found[name] = result | {"took, s": round(time.perf_counter() - started)}
    return {**found, "ok": all(result["ok"] for result in found.values())}
