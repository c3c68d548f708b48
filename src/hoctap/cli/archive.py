"""The backup file: a plain tar of manifest.json, database.dump (pg_dump's own format), files/… and checksums.txt.

checksums.txt comes last, so a file without it was cut off; its lines suit ``sha256sum --check``.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from hoctap.kernel.errors import Refusal

FORMAT = "hoctap-backup-1"
MANIFEST, DUMP, SUMS, FILES = "manifest.json", "database.dump", "checksums.txt", "files"
BLOCK = 512
PIECE = 1 << 20


class Writer:
    """Writes members one after another; the dump's length need not be known beforehand."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._sums: list[str] = []

    def add(self, name: str, content: IO[bytes]) -> int:
        """Copy a stream into a member; its length in bytes."""
        info = tarfile.TarInfo(name)
        info.mode = 0o600
        header = self._out.tell()
        self._out.write(info.tobuf(tarfile.GNU_FORMAT))
        digest, size = hashlib.sha256(), 0
        while piece := content.read(PIECE):
            digest.update(piece)
            size += self._out.write(piece)
        self._out.write(bytes(-size % BLOCK))
        end = self._out.tell()
        info.size = size
        self._out.seek(header)
        self._out.write(
            info.tobuf(tarfile.GNU_FORMAT)
        )  # as long as before: its length hangs on the name alone
        self._out.seek(end)
        self._sums.append(f"{digest.hexdigest()}  {name}\n")
        return size

    def close(self) -> None:
        self.add(SUMS, io.BytesIO("".join(self._sums).encode()))
        self._out.write(bytes(2 * BLOCK))
        self._out.flush()
        os.fsync(self._out.fileno())


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Stored files under their names in the archive: what is named by a digest is whole and stays."""
    for path in sorted(folder.rglob("*")):
        if re.fullmatch("[0-9a-f]{64}", path.name):
            yield str(PurePosixPath(FILES, *path.relative_to(folder).parts)), path


def read_manifest(path: Path) -> dict:
    """Read the whole file once, and refuse it unless every byte is as it was written."""
    manifest: dict | None = None
    sums: dict[str, str] = {}
    said = ""
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    raise _broken(path, f"phần lạ {member.name}")
                if member.name == SUMS:
                    said = content.read().decode()
                    break
                if member.name == MANIFEST:
                    manifest = json.load(content)
                    content.seek(0)
                sums[member.name] = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        raise Refusal(f"Không có tệp {path}.") from None
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise _broken(path, str(error)) from None
    _check(path, manifest, sums, said)
    return manifest


def _check(path: Path, manifest: dict | None, sums: dict[str, str], said: str) -> None:
    if manifest is None or manifest.get("format") != FORMAT:
        kind = (manifest or {}).get("format", "không ghi")
        raise Refusal(
            f"Tệp {path} không phải bản sao lưu mà phiên bản Hoctap này đọc được (loại: {kind})."
            " Hãy dùng đúng phiên bản Hoctap đã tạo ra nó, hoặc mới hơn."
        )
    if not said:
        raise _broken(path, "thiếu phần cuối")
    listed = dict(line.split("  ", 1)[::-1] for line in said.splitlines())
    if listed != sums:
        wrong = sorted(name for name in listed | sums if listed.get(name) != sums.get(name))
        raise _broken(path, f"nội dung không khớp ở {', '.join(wrong[:3])}")
    for name in sums:
        parts = PurePosixPath(name).parts
        known = name in (MANIFEST, DUMP) or (parts[0] == FILES and len(parts) > 1 and ".." not in parts)
        if not known:
            raise _broken(path, f"phần lạ {name}")


def _broken(path: Path, what: str) -> Refusal:
    return Refusal(
        f"Tệp sao lưu {path} bị hỏng hoặc bị cắt ngang ({what}). Chưa có gì thay đổi; hãy dùng bản sao lưu khác."
    )
