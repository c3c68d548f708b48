"""``hoctap demo``: plays the demo story in a database of its own and writes its papers to a folder.

``seed_world`` makes the same world, up to the morning of 13/10/2023, for ``hoctap up --demo``. Nothing here loads
Django before it is needed, so that ``hoctap --help`` stays quick.
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hoctap.kernel.errors import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write to")
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="other invented figures (default: 0)"
    )


def run(args: argparse.Namespace) -> int:
    from hoctap.cli.demo.database import own_database

    out = Path(args.out)
    try:
        (out / "units").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"Không tạo được thư mục {out}: {error.strerror}. Chọn thư mục khác bằng --out."
        ) from None
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # the database ends with us
    with own_database() as url, TemporaryDirectory(prefix="hoctap-demo-") as data:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "hoctap.config.settings",
            "DATABASE_URL": url,
            "HOCTAP_DATA_DIR": data,
            "HOCTAP_ENV": "demo",
            "HOCTAP_DEMO": "1",
            "HOCTAP_CLOCK_SHIFT": "0",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        from hoctap.cli.demo.export import write_all
        from hoctap.cli.demo.play import whole_story

        call_command("migrate", interactive=False, verbosity=0)
        try:
            story = whole_story(args.seed)
            written = write_all(story, out)
        finally:
            connection.close()
    print(f"Đã viết {written} biểu đơn vị, tong-hop.* và summary.json vào {out}.")
    return 0


def seed_world() -> dict:
    """Make the demo world unless it is there; what its folder must remember: ``clock_shift``, ``sign_ins``."""
    from hoctap.cli.demo.play import seeded

    return seeded()
