"""Files under their SHA-256: the same bytes once, on disk before any row."""

import hashlib
import io
import os

import boto3
import pytest
from botocore.exceptions import ClientError
from django.http import FileResponse
from moto import mock_aws

from hoctap.cli import archive
from hoctap.cli.restore import take_files
from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
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
    assert files.read(row.sha256) == data


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


def test_a_file_that_is_not_there_is_said_so():
    with pytest.raises(FileNotFoundError):
        files.opened("0" * 64)


class TestBucket:
    """The same on S3, as another service answers for it."""

    @pytest.fixture(autouse=True)
    def bucket(self, settings, monkeypatch):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        options = {"bucket_name": "hoctap", "region_name": "us-east-1", "addressing_style": "path"}
        with mock_aws():
            made = boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="hoctap")
            settings.STORAGES = settings.STORAGES | {
                "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
            }
            yield made

    def test_bytes_are_kept_once_under_their_digest(self, bucket, media):
        row = files.store(b"333/KH-UBND")
        assert files.store(b"333/KH-UBND") == row
        assert files.read(row.sha256) == b"333/KH-UBND"
        assert [kept.key for kept in bucket.objects.all()] == [f"{row.sha256[:2]}/{row.sha256}"]
        assert list(media.iterdir()) == []

    def test_a_file_that_is_not_there_is_said_so(self):
        with pytest.raises(FileNotFoundError):
            files.opened("0" * 64)

    def test_what_a_bucket_from_an_older_copy_lacks_is_known(self, bucket):
        rows = [files.store(text) for text in (b"one", b"two", b"three")]
        assert files.missing() == []
        for lost in rows[1:]:
            bucket.Object(files.name_of(lost.sha256)).delete()
        assert files.missing() == sorted(lost.sha256 for lost in rows[1:])

    def test_a_write_that_fails_leaves_no_row(self, bucket):
        bucket.delete()
        with pytest.raises(ClientError):
            files.store(b"half")
        assert not StoredFile.objects.exists()

    def test_a_paper_is_downloaded_whole(self, bucket):
        row = files.store(b"x" * 300_000)
        answer = FileResponse(files.opened(row.sha256), as_attachment=True, filename="bao-cao.pdf")
        assert answer.headers["Content-Length"] == "300000"
        assert b"".join(answer) == b"x" * 300_000
        answer.close()

    def test_a_backup_made_with_a_folder_is_restored_into_it(self, bucket, media, tmp_path_factory):
        data = b"bieu mau da ky" * 1000
        digest = hashlib.sha256(data).hexdigest()
        source = tmp_path_factory.mktemp("backup") / "hoctap.tar"
        with open(source, "wb") as out:
            writer = archive.Writer(out)
            writer.add(archive.DUMP, io.BytesIO(b"x"))
            writer.add(f"{archive.FILES}/{digest[:2]}/{digest}", io.BytesIO(data))
            writer.close()
        assert [take_files(source), take_files(source)] == [1, 1]  # the second finds it there
        assert files.read(digest) == data
        assert [kept.key for kept in bucket.objects.all()] == [f"{digest[:2]}/{digest}"]
        assert list(media.iterdir()) == []

    def test_a_bucket_that_is_gone_refuses_the_restore(self, bucket, settings, tmp_path):
        source = tmp_path / "hoctap.tar"
        with open(source, "wb") as out:
            writer = archive.Writer(out)
            writer.add(f"{archive.FILES}/00/{'0' * 64}", io.BytesIO(b"x"))
            writer.close()
        bucket.delete()
        settings.S3_BUCKET = "hoctap"
        with pytest.raises(Refusal, match="kho S3 hoctap, nên chưa thay gì"):
            take_files(source)
