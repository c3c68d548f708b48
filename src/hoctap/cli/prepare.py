"""``hoctap prepare``: migrations, cache table, static files and, with --demo, the demo world."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager

from hoctap.cli import build
from hoctap.cli.environment import DEMO, add_data_argument, database
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder

ALONE = 0x686F63746170  # advisory lock


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="also make the demo world")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    with database(args.data, "prepare") as folder:
        from hoctap.rollup.actions import check_system_identifier

        with _alone():
            bring_up_to_date()
            check_system_identifier()
            if args.demo and not folder.saved(DEMO).get("made"):
                _make_demo_world(folder)
        build.keep(folder, os.environ["DATABASE_URL"])
    return 0


def bring_up_to_date() -> None:
    """Tables and static files as this build wants them."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts on one database wait for each other."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ALONE])
    yield
    connection.close()


def _make_demo_world(folder: DataFolder) -> None:
    from hoctap.cli.demo import seed_world
    from hoctap.orgs.models import Unit

    if not folder.saved(DEMO) and Unit.objects.exists():
        raise Refusal(
            f"Cơ sở dữ liệu của {folder.path} đã có đơn vị thật nên không tạo dữ liệu minh họa vào đó."
            " Hãy chạy không có --demo, hoặc chọn thư mục khác bằng --data."
        )
    folder.save(DEMO, {"made": False})
    folder.save(DEMO, {"made": True, **seed_world()})
