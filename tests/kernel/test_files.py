"""Files under their SHA-256: the same bytes once, on disk before any row."""

import hashlib
import os

import pytest

from hoctap.kernel import files
from hoctap.kernel.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_bytes_are_kept_under_their_digest():
    data = "Kế hoạch 333/KH-UBND".encode()
    row = files.store(data)
    assert (row.sha256, row.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert files.path_of(row.sha256).read_bytes() == data


def test_the_same_bytes_are_kept_once(media):
    first, again, other = files.store(b"a"), files.store(b"a"), files.store(b"b")
    assert first == again != other
    assert StoredFile.objects.count() == 2
    assert len([path for path in media.rglob("*") if path.is_file()]) == 2


def test_a_write_that_fails_leaves_no_row_and_no_half_file(media, monkeypatch):
    def full(handle):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.store(b"half")
    assert not StoredFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
