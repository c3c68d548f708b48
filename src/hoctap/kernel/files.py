"""Content-addressed files: kept under their SHA-256, whole and safe, before any row names them.

They lie in the data folder or in an S3 bucket (settings.STORAGES), which all machines share.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from hoctap.kernel.models import StoredFile

# What a browser is told of a file, by the end of its name.
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class Folder(FileSystemStorage):
    """Files on disk, each synced under its name at once or not there at all."""

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, making = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                for piece in content.chunks():
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            os.replace(making, target)
        except OSError:
            os.unlink(making)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name


def store(data: bytes) -> StoredFile:
    """Keep ``data`` and return its row; the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(name_of(digest)):
        default_storage.save(name_of(digest), ContentFile(data))
    row, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"size": len(data)})
    return row


def put_back(sha256: str, content: IO[bytes]) -> None:
    """Keep a file of a backup again; its row comes with the database."""
    default_storage.save(name_of(sha256), File(content))


def opened(sha256: str) -> File:
    """The file, to be read and closed. Raises FileNotFoundError."""
    return default_storage.open(name_of(sha256))


def read(sha256: str) -> bytes:
    with opened(sha256) as content:
        return content.read()


def missing() -> list[str]:
    """Kept files, by their SHA-256, that the store does not have; it is listed and no file is opened.

    Rows are read first: whatever has a row by then was in the store before.
    """
    kept: dict[str, set[str]] = {}
    for digest in StoredFile.objects.values_list("sha256", flat=True).iterator():
        kept.setdefault(digest[:2], set()).add(digest)
    return [digest for folder in sorted(kept) for digest in sorted(kept[folder] - _listed(folder))]


def name_of(sha256: str) -> str:
    """Where the store keeps it."""
    return f"{sha256[:2]}/{sha256}"


def _listed(folder: str) -> set[str]:
    try:
        return set(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return set()
