"""A backup is one whole file, and a restore takes it whole or not at all."""

import hashlib
import io
import json
import tarfile

import pytest
from psycopg import sql

from hoctap.cli import archive
from hoctap.kernel.errors import Refusal
from hoctap.kernel.folder import DataFolder
from tests.cli.conftest import rows_of

CONTENT = b"bieu mau da ky" * 100_000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(scope="module")
def data(place, hoctap):
    """A prepared data folder with one uploaded file and one act."""
    path = place / "first"
    hoctap("prepare", "--data", path)
    with rows_of(path) as connection:
        connection.execute(
            "INSERT INTO kernel_storedfile (sha256, size, stored_at) VALUES (%s, %s, now())",
            [DIGEST, len(CONTENT)],
        )
        connection.execute(
            "INSERT INTO kernel_act (at, verb, object_type, details, request_id)"
            " VALUES (now(), 'orgs.rename', '', '{\"to\": \"Đường Ấp Ướt\"}', '')"
        )
    stored = DataFolder(path).files / DIGEST[:2] / DIGEST
    stored.parent.mkdir(parents=True)
    stored.write_bytes(CONTENT)
    (stored.parent / "tmp4x2k_half_written").write_bytes(b"x")
    return path


@pytest.fixture(scope="module")
def backup(data, place, hoctap):
    target = place / "hoctap.tar"
    assert "1 tệp đính kèm" in hoctap("backup", "--data", data, target)
    return target


def rows(path) -> dict[str, str]:
    """A digest of every table but the folded ones, which a restore counts anew and notes in the journal."""
    with rows_of(path) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        digest = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t"
        digest += " WHERE to_jsonb(t)->>'verb' IS DISTINCT FROM 'rollup.refold'"
        return {
            name: connection.execute(sql.SQL(digest).format(sql.Identifier(name))).fetchone()[0]
            for (name,) in names
            if not name.startswith("rollup_")
        }


def test_a_restored_folder_holds_the_same_rows_and_files(data, backup, place, hoctap):
    with tarfile.open(backup) as written:
        names = written.getnames()
    assert names == ["manifest.json", "database.dump", f"files/{DIGEST[:2]}/{DIGEST}", "checksums.txt"]
    assert backup.stat().st_mode & 0o777 == 0o600

    second = place / "second"
    hoctap("restore", "--data", second, backup)
    assert (second / "files" / DIGEST[:2] / DIGEST).read_bytes() == CONTENT
    before = rows(data)
    assert len(before) > 20
    assert rows(second) == before


def test_a_database_with_data_is_only_replaced_when_forced(data, backup, place, hoctap):
    third = place / "third"
    hoctap("restore", "--data", third, backup)
    with rows_of(third) as connection:
        connection.execute("UPDATE kernel_storedfile SET size = 0")
    changed = rows(third)
    assert "--force" in hoctap("restore", "--data", third, backup, fails=True)
    assert rows(third) == changed
    hoctap("restore", "--force", "--data", third, backup)
    assert rows(third) == rows(data)


def test_a_folder_in_use_is_not_restored_into(backup, place, hoctap):
    folder = DataFolder(place / "used")
    folder.lock("up")
    assert "lệnh up" in hoctap("restore", "--data", folder.path, backup, fails=True)
    folder.unlock()


def test_a_backup_of_nothing_is_refused(place, hoctap):
    assert "--data" in hoctap("backup", "--data", place / "empty", place / "empty.tar", fails=True)
    assert not (place / "empty.tar").exists()


@pytest.mark.parametrize("kept", [0.5, 0.999])
def test_a_file_cut_off_is_refused(backup, place, kept):
    cut = place / "cut.tar"
    whole = backup.read_bytes()
    cut.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(Refusal, match="bị cắt ngang"):
        archive.read_manifest(cut)


def test_a_changed_byte_is_refused_with_the_place(backup, place):
    spoilt = place / "spoilt.tar"
    content = bytearray(backup.read_bytes())
    content[content.index(CONTENT[:100]) + 50] ^= 1
    spoilt.write_bytes(content)
    with pytest.raises(Refusal, match=f"files/{DIGEST[:2]}/{DIGEST}"):
        archive.read_manifest(spoilt)


def made(path, manifest: dict, *others: str):
    with open(path, "wb") as out:
        writer = archive.Writer(out)
        writer.add("manifest.json", io.BytesIO(json.dumps(manifest).encode()))
        for name in others:
            writer.add(name, io.BytesIO(b"x"))
        writer.close()
    return path


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(Refusal, match="hoctap-backup-9"):
        archive.read_manifest(made(tmp_path / "a.tar", {"format": "hoctap-backup-9"}))
    (tmp_path / "b.tar").write_bytes(b"PK not a tar")
    with pytest.raises(Refusal, match="bị hỏng"):
        archive.read_manifest(tmp_path / "b.tar")
    with pytest.raises(Refusal, match="Không có tệp"):
        archive.read_manifest(tmp_path / "c.tar")


@pytest.mark.parametrize("name", ["files/../../etc/passwd", "/etc/passwd", "other.txt"])
def test_no_member_leads_out_of_the_files_folder(tmp_path, name):
    crafted = made(tmp_path / "a.tar", {"format": archive.FORMAT}, "database.dump", name)
    with pytest.raises(Refusal, match="phần lạ"):
        archive.read_manifest(crafted)
