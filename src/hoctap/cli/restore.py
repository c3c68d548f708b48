"""``hoctap restore FILE``: a backup becomes the database, whole or not at all.

Everything is done in a second database beside the present one; the last step exchanges their names.
"""

import argparse
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from hoctap.cli import archive, build
from hoctap.cli.environment import DEMO, add_data_argument, enter
from hoctap.cli.prepare import bring_up_to_date
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder, choose_folder
from hoctap.kernel.postgres import Server, named_outside
from hoctap.kernel.postgres.clients import client, libpq_environment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file written by hoctap backup")
    parser.add_argument("--force", action="store_true", help="replace a database that already holds data")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    source = Path(args.file)
    manifest = archive.read_manifest(source)
    folder = choose_folder(args.data)
    with _alone(folder) as url:
        count = restore(source, manifest, folder, url, force=args.force)
    print(f"Đã khôi phục dữ liệu lúc {manifest['made_at']} và {count} tệp đính kèm vào {_files_at()}.")
    return 0


@contextmanager
def _alone(folder: DataFolder) -> Iterator[str]:
    """The database with nobody else at work; refuses while ``hoctap up`` runs."""
    folder.lock("restore")
    named = named_outside()
    server = None if named else Server(folder)
    try:
        if server:
            server.start()
        yield named or server.url
    finally:
        if server:
            server.stop()
        folder.unlock()


def restore(source: Path, manifest: dict, folder: DataFolder, url: str, *, force: bool) -> int:
    """Read a checked backup into the database at ``url``; the number of uploaded files."""
    if not force and not _is_empty(url):
        raise Refusal(
            "Cơ sở dữ liệu này đã có dữ liệu nên chưa khôi phục gì. Nếu chắc chắn muốn thay toàn bộ bằng bản sao lưu,"
            " hãy chạy lại với --force (nên sao lưu dữ liệu hiện có trước)."
        )
    _check_release(manifest, url)
    name = conninfo_to_dict(url)["dbname"]
    scratch = f"{name}_restoring"
    with _maintenance(url) as connection:
        _drop(connection, scratch)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch)))
        try:
            _load_dump(source, _with_name(url, scratch))
            _settle(folder, _with_name(url, scratch))
            count = take_files(source)
            _exchange(connection, name, scratch)
        except BaseException:
            _drop(connection, scratch)
            raise
    _mark_demo(folder, manifest)
    return count


def _is_empty(url: str) -> bool:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchone()[0] == 0


def _check_release(manifest: dict, url: str) -> None:
    with psycopg.connect(url) as connection:
        here = connection.info.server_version // 10000
    if manifest["postgresql"] > here:
        raise Refusal(
            f"Bản sao lưu lấy từ PostgreSQL {manifest['postgresql']}, máy chủ ở đây là PostgreSQL {here} cũ hơn."
            f" Hãy khôi phục vào PostgreSQL {manifest['postgresql']} trở lên."
        )


@contextmanager
def _maintenance(url: str) -> Iterator[psycopg.Connection]:
    """A connection outside the database that is to be renamed."""
    with psycopg.connect(_with_name(url, "postgres"), autocommit=True) as connection:
        yield connection


def _with_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _load_dump(source: Path, url: str) -> None:
    command = [
        client("pg_restore", url),
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
    ]
    command.append(f"--dbname={conninfo_to_dict(url)['dbname']}")
    with tempfile.TemporaryFile() as errors, tarfile.open(source, "r:") as backup:
        loading = subprocess.Popen(command, env=libpq_environment(url), stdin=subprocess.PIPE, stderr=errors)
        with loading:
            try:
                shutil.copyfileobj(backup.extractfile(archive.DUMP), loading.stdin, archive.PIECE)
                loading.stdin.close()
            except BrokenPipeError:  # it has given up: its words are in ``errors``
                pass
        if loading.returncode:
            errors.seek(0)
            raise Refusal(f"pg_restore không đọc được bản sao lưu:\n{errors.read().decode(errors='replace')}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _settle(folder: DataFolder, url: str) -> None:
    """Bring the restored data up to this release, and fold its totals anew: its transaction numbers are foreign.
    No export's file came along."""
    enter(folder, url)
    from django.db import connection

    from hoctap.reports.exports import forget_files
    from hoctap.rollup.actions import refold_all

    _refuse_newer(connection)
    bring_up_to_date()
    refold_all()
    forget_files()
    connection.close()
    build.keep(folder, url)


def _refuse_newer(connection) -> None:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    unknown = sorted(
        f"{app}.{name}"
        for app, name in set(loader.applied_migrations) - set(loader.disk_migrations)
        if app in loader.migrated_apps
    )
    if unknown:
        raise Refusal(
            "Bản sao lưu do một phiên bản Hoctap mới hơn tạo ra"
            f" (có {', '.join(unknown[:3])}). Hãy nâng cấp Hoctap rồi khôi phục lại."
        )


def take_files(source: Path) -> int:
    """Put the uploaded files where the settings keep files now, folder or bucket; the number of them.

    A file's name is its content's digest, so none that is there can be spoilt.
    """
    from hoctap.kernel import files

    count = 0
    with tarfile.open(source, "r:") as backup:
        for member in backup:
            parts = PurePosixPath(member.name).parts
            if parts[0] != archive.FILES:
                continue
            try:
                files.put_back(parts[-1], backup.extractfile(member))
            except Exception as error:  # each kind of storage has its own
                raise Refusal(
                    f"Không ghi được tệp đính kèm vào {_files_at()}, nên chưa thay gì: {error}"
                ) from error
            count += 1
    return count


def _files_at() -> str:
    from django.conf import settings

    return f"kho S3 {settings.S3_BUCKET}" if settings.S3_BUCKET else f"thư mục {settings.MEDIA_ROOT}"


def _exchange(connection: psycopg.Connection, name: str, scratch: str) -> None:
    """Both names in one transaction: at every moment there is a database of that name."""
    old = f"{name}_replaced"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _drop(connection, old)
    try:
        with connection.transaction():
            connection.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
            connection.execute(rename.format(sql.Identifier(scratch), sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        raise Refusal(
            f"Có chương trình khác đang nối vào cơ sở dữ liệu {name}, nên chưa thay gì. Hãy dừng nó rồi chạy lại."
        ) from None
    _drop(connection, old)


def _mark_demo(folder: DataFolder, manifest: dict) -> None:
    if manifest["demo"]:
        folder.save(DEMO, manifest["demo"])
    else:
        (folder.path / DEMO).unlink(missing_ok=True)
