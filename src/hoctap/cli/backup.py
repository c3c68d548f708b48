"""``hoctap backup FILE``: database and uploaded files in one file, while Hoctap runs or not."""

import argparse
import io
import json
import os
import subprocess
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

from hoctap.cli import archive
from hoctap.cli.environment import DEMO, add_data_argument
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder, choose_folder
from hoctap.kernel.postgres import named_outside, opened
from hoctap.kernel.postgres.clients import client, libpq_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the file to write, e.g. hoctap-2026-11-23.tar")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    folder = choose_folder(args.data)
    if not named_outside() and not folder.cluster.exists():
        raise Refusal(f"Thư mục {folder.path} chưa có dữ liệu để sao lưu. Hãy chỉ đúng thư mục bằng --data.")
    target = Path(args.file).resolve()
    with opened(folder, "backup") as url:
        count = write(target, folder, url)
    size = target.stat().st_size / 1_000_000
    print(f"Đã sao lưu cơ sở dữ liệu và {count} tệp đính kèm vào {target} ({size:.1f} MB).")
    if bucket := os.environ.get("HOCTAP_S3_BUCKET"):
        print(
            f"Tệp đính kèm trong kho S3 {bucket} không nằm trong bản sao lưu này; hãy sao lưu riêng kho đó."
        )
    return 0


def write(target: Path, folder: DataFolder, url: str) -> int:
    """Write under another name, then rename: ``target`` is always whole. The number of uploaded files."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise Refusal(f"Không ghi được vào {target.parent}: {error.strerror}.") from None
    try:
        with open(handle, "wb") as out:
            writer = archive.Writer(out)
            writer.add(archive.MANIFEST, io.BytesIO(json.dumps(_manifest(folder, url)).encode()))
            _add_dump(writer, url)
            # After the dump: a file is stored before the row that names it, so every row finds its file.
            count = 0
            for inside, path in archive.files_of(folder.files):
                with open(path, "rb") as content:
                    writer.add(inside, content)
                count += 1
            writer.close()
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise
    return count


def _manifest(folder: DataFolder, url: str) -> dict:
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10000
    return {
        "format": archive.FORMAT,
        "hoctap": version("hoctap"),
        "postgresql": server,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "demo": folder.saved(DEMO),
    }


def _add_dump(writer: archive.Writer, url: str) -> None:
    command = [client("pg_dump", url), "--format=custom", "--no-owner", "--no-privileges"]
    with tempfile.TemporaryFile() as errors:
        dump = subprocess.Popen(command, env=libpq_environment(url), stdout=subprocess.PIPE, stderr=errors)
        with dump:
            writer.add(archive.DUMP, dump.stdout)
        if dump.returncode:
            errors.seek(0)
            raise Refusal(f"pg_dump không đọc được cơ sở dữ liệu:\n{errors.read().decode(errors='replace')}")
