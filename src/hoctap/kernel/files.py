"""Content-addressed files: written and synced under their SHA-256 before any row names them."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from hoctap.kernel.models import StoredFile


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def store(data: bytes) -> StoredFile:
    """Keep ``data`` and return its row; the same bytes are kept once."""
    digest = hashlib.sha256(data).hexdigest()
    target = path_of(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, target)
        except OSError:
            os.unlink(name)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    row, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"size": len(data)})
    return row
