"""What a process of Hoctap needs to know from its environment: the database, the data folder, the key."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hoctap.kernel.folder import DataFolder, choose_folder
from hoctap.kernel.postgres import opened

PYTHON = [sys.executable, "-P", "-m"]  # -P: the current folder is not a place to import from
DEMO = "demo.json"  # in the data folder: its world is invented, who may sign in to it, and its clock


def add_data_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="data folder (default: HOCTAP_DATA_DIR, else ./var)")


def variables(folder: DataFolder, url: str) -> dict[str, str]:
    """Environment variables for a process that serves this folder's data.

    A folder that once held the demo world is a demo for good: every page must say that its figures are invented.
    """
    world = folder.saved(DEMO)
    demo = {"HOCTAP_ENV": "demo", "HOCTAP_DEMO": "1", "HOCTAP_CLOCK_SHIFT": str(world.get("clock_shift", 0))}
    return (demo if world else {}) | {
        "DJANGO_SETTINGS_MODULE": "hoctap.config.settings",
        "DATABASE_URL": url,
        "HOCTAP_DATA_DIR": str(folder.path),
        "HOCTAP_SECRET_KEY": os.environ.get("HOCTAP_SECRET_KEY") or folder.secret_key(),
        "HOCTAP_CREDENTIAL_KEYS": os.environ.get("HOCTAP_CREDENTIAL_KEYS") or folder.credential_keys(),
    }


def enter(folder: DataFolder, url: str) -> None:
    """Make this process one that serves the folder's data, and load Django."""
    os.environ.update(variables(folder, url))
    import django

    django.setup()


@contextmanager
def database(data: str | None, command: str) -> Iterator[DataFolder]:
    """Django on the database of the chosen folder: the running one, or one started meanwhile."""
    folder = choose_folder(data)
    folder.create()
    with opened(folder, command) as url:
        enter(folder, url)
        yield folder
