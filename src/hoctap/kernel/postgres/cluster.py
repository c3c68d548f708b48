"""Making the database on disk (cụm cơ sở dữ liệu), once, and knowing which release may open it."""

import secrets
import shutil
import subprocess
from pathlib import Path

from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder, write_private
from hoctap.kernel.postgres.binaries import Binaries, available
from hoctap.kernel.processes import Account, step_down

SECRETS = "database.json"  # passwords and port, 0600
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}  # no PGHOST, PGDATA … from outside


def locale_options(major: int) -> list[str]:
    """Vietnamese needs Unicode rules that no system update changes: built in from 17 on, C.UTF-8 before."""
    common = ["--encoding=UTF8", "--locale=C.UTF-8", "--lc-messages=C"]
    if major >= 18:
        return [*common, "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST"]
    if major == 17:
        return [*common, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return [*common, "--locale-provider=libc"]


def prepare(folder: DataFolder, binaries: Binaries, account: Account | None) -> None:
    """Have a database on disk that these programs can open; made whole or not at all."""
    folder.create()
    if account and not account.can_enter(folder.path):
        raise Refusal(
            f"Tài khoản {account.name} (chạy cơ sở dữ liệu thay cho root) không vào được {folder.path}."
            " Hãy chọn thư mục khác bằng --data, ví dụ --data /var/lib/hoctap/du-lieu."
        )
    _own_folder(folder.sockets, account)
    if (folder.cluster / "PG_VERSION").exists():
        _check_version(folder, binaries)
        return
    passwords = {"admin": secrets.token_urlsafe(24), "password": secrets.token_urlsafe(24)}
    folder.save(SECRETS, folder.saved(SECRETS) | passwords)
    _initdb(folder, binaries, account, passwords["admin"])


def _initdb(folder: DataFolder, binaries: Binaries, account: Account | None, password: str) -> None:
    making = folder.path / "pg.making"
    if making.exists():  # a start that was cut off
        shutil.rmtree(making)
    _own_folder(making, account)
    password_file = folder.sockets / "password"
    write_private(password_file, password)
    if account:
        account.owns(password_file)
    command = [
        binaries.program("initdb"),
        f"--pgdata={making}",
        "--username=postgres",
        "--auth=scram-sha-256",
    ]
    command += [f"--pwfile={password_file}", "--data-checksums", "--no-instructions"]
    try:
        subprocess.run(
            command + locale_options(binaries.major),
            cwd="/",
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
            text=True,
            **step_down(account),
        )
    except subprocess.CalledProcessError as error:
        raise Refusal(f"Không tạo được cơ sở dữ liệu trong {folder.path}:\n{error.stderr.strip()}") from None
    finally:
        password_file.unlink()
    making.rename(folder.cluster)


def _own_folder(path: Path, account: Account | None) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)
    if account:
        account.owns(path)


def _check_version(folder: DataFolder, binaries: Binaries) -> None:
    kept = (folder.cluster / "PG_VERSION").read_text().strip()
    if kept == str(binaries.major):
        return
    old = next(
        (str(one.folder) for one in available() if str(one.major) == kept), f"/usr/lib/postgresql/{kept}/bin"
    )
    raise Refusal(
        f"Cơ sở dữ liệu trong {folder.path} do PostgreSQL {kept} tạo, còn chương trình ở đây là PostgreSQL"
        f" {binaries.major}. Hai bản không đọc được dữ liệu của nhau; chưa có gì thay đổi. Cách chuyển:\n"
        f"  1. Sao lưu bằng bản cũ:   HOCTAP_PG_BIN={old} hoctap backup --data {folder.path} hoctap.tar\n"
        f"  2. Cất thư mục cũ:        mv {folder.path} {folder.path}-pg{kept}\n"
        f"  3. Khôi phục bằng bản mới: hoctap restore --data {folder.path} hoctap.tar"
    )
