"""``hoctap bench NAME``: speed and size, beside peers or limits in the same run. Works from a clone of the project.

A benchmark is a module of bench/ with ``add_arguments(parser)``, ``run(options) -> dict`` (``ok``: whether the goal was
met) and, when it needs one, ``DATABASE = True``: it then gets an empty migrated database of its own, or the one
``options.database`` names.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

from hoctap.kernel.errors import Refusal

ROOT = Path(__file__).resolve().parents[3]
BENCHES = {
    "all": "every benchmark that has a goal",
    "attendance": "classes marked by many phones after an outage, and what one evening costs",
    "excel": "filled Excel forms merged, beside openpyxl, pandas and bare unzipping",
    "facts": "what 2,000 activities say of one report, as its page and its sending count them",
    "export": "every unit's figures as XLSX and CSV, beside other writers",
    "kill": "web, worker and database killed while reports come in",
    "memory": "memory of hoctap up, and how soon its first page comes",
    "pages": "what each page costs, and how long 16 people at once wait for it",
    "submit": "reports sent through HTTP by 64 clients, beside a bare INSERT",
    "rollup": "a nation's consolidations read while reports arrive, beside duckdb and others",
    "world": "a nation of units and rounds to try things in",
    "reorganise": "10,000 units under other superiors by one act, beside one by one",
    "record": "a learning record of 500 activities, and 200 certificates in one file",
    "reading": "what the reader of directives gets right of documents with a gold answer, and its speed",
    "search": "searching a register of 100,000 documents, beside a scan",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    about = "; ".join(f"{name}: {line}" for name, line in BENCHES.items())
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("name", metavar="NAME", choices=BENCHES, help=about)
    parser.add_argument(
        "options",
        metavar="…",
        nargs=argparse.REMAINDER,
        help="options of that benchmark (hoctap bench NAME --help)",
    )


def run(args: argparse.Namespace) -> int:
    """0 when the goal was met, 1 when it was missed."""
    if not (ROOT / "bench").is_dir():
        raise Refusal("Lệnh bench chỉ chạy từ bản sao mã nguồn của dự án (thư mục bench).")
    sys.path.insert(0, str(ROOT))
    bench = importlib.import_module(f"bench.{args.name}")
    own = argparse.ArgumentParser(prog=f"hoctap bench {args.name}", description=bench.__doc__)
    own.add_argument("--json", action="store_true", help="print the result as JSON")
    bench.add_arguments(own)
    options = own.parse_args(args.options)
    result = _on_database(bench, options) if getattr(bench, "DATABASE", False) else bench.run(options)
    result = {"bench": args.name, "machine": machine(), **result}
    if args.json or options.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        _print(result)
    return 0 if result.get("ok", True) else 1


def machine() -> dict[str, str | int | None]:
    return {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}


def _on_database(bench, options: argparse.Namespace) -> dict:
    """Settings as ``up`` serves with, on a database and a data folder that are thrown away."""
    from hoctap.kernel.postgres import temporary

    named = getattr(options, "database", None)
    with (
        nullcontext() if named else temporary() as server,
        tempfile.TemporaryDirectory(prefix="hoctap-bench-") as folder,
    ):
        os.environ["DATABASE_URL"] = named or server.url
        os.environ["HOCTAP_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "hoctap.config.settings"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        try:
            return bench.run(options)
        finally:
            connection.close()


def _print(value: dict, indent: str = "") -> None:
    for key, part in value.items():
        if isinstance(part, dict):
            print(f"{indent}{key}:")
            _print(part, indent + "  ")
        else:
            print(f"{indent}{key}: {part}")
