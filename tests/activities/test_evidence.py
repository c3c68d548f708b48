"""Photos, files and links: what is kept of them, what is refused, what comes in pieces."""

import io
import uuid
from datetime import timedelta

import pillow_heif
import pytest
from PIL import Image

from hoctap.activities.actions import (
    OutOfStep,
    add_file,
    add_link,
    begin_upload,
    put_back_evidence,
    remove_evidence,
    take_piece,
)
from hoctap.activities.actions.evidence import PIECE, drop_stale_uploads
from hoctap.activities.enums import EvidenceKind
from hoctap.activities.models import Evidence, Upload, UploadPiece
from hoctap.kernel import clock, files
from hoctap.kernel.errors import Refusal
from tests.activities.conftest import NOW

PDF = b"%PDF-1.7 bien ban"


def photo(width: int = 3000, height: int = 2000, kind: str = "JPEG", mode: str = "RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "green").save(out, kind, **more)
    return out.getvalue()


def located() -> Image.Exif:
    """Taken in Quận 3, with the phone on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Điện thoại".encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 46.0, 55.0), 3: "E", 4: (106.0, 41.0, 12.0)})
    return exif


def kept(evidence: Evidence) -> Image.Image:
    return Image.open(io.BytesIO(files.read(evidence.file_id)))


def add(course, cast, name: str, data: bytes, token=None) -> Evidence:
    return add_file(seat=cast.pgd_officer, activity=course, name=name, data=data, token=token or uuid.uuid4())


def test_a_photo_is_drawn_anew_without_its_position(course, cast):
    data = photo(exif=located())
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    image = kept(add(course, cast, "IMG_2041.JPG", data))
    assert (image.format, image.size) == ("JPEG", (1067, 1600))  # upright, and small
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "comment"} & set(image.info)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("lop.png", photo(kind="PNG", mode="RGBA")),
        ("lop.webp", photo(kind="WEBP", exif=located())),
        ("bang.png", photo(kind="PNG", mode="P")),
        ("xam.jpg", photo(mode="L")),
    ],
)
def test_photos_of_every_kind_become_jpeg(course, cast, name, data):
    evidence = add(course, cast, name, data)
    assert (evidence.kind, evidence.name) == (EvidenceKind.PHOTO, name.rpartition(".")[0] + ".jpg")
    image = kept(evidence)
    assert (image.format, max(image.size)) == ("JPEG", 1600)
    assert dict(image.getexif()) == {}


def test_a_heic_photo_of_an_iphone(course, cast):
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (2400, 1200), "green")).save(out, exif=located().tobytes())
    image = kept(add(course, cast, "IMG_2041.HEIC", out.getvalue()))
    assert (image.format, max(image.size)) == ("JPEG", 1600)
    assert dict(image.getexif()) == {}


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("nang.jpg", b"\xff\xd8\xff" + bytes(50 * 1024 * 1024), "nặng 50,0 MB, nhiều nhất là 15 MB"),
        ("gia.jpg", b"MZ khong phai anh", "không phải ảnh"),
        ("gia.png", b"<svg onload=alert(1)>", "không phải ảnh"),
        ("cut.jpg", photo()[:400], "hỏng hoặc bị cắt"),
        ("bom.png", photo(9000, 9000, "PNG", "1"), "quá nhiều điểm ảnh"),
        ("rong.jpg", b"", "không phải ảnh"),
        ("virus.exe", b"MZ", "không nhận"),
        ("gia.pdf", b"MZ", "không phải tệp .pdf"),
        ("gif.jpg", photo(kind="GIF", mode="P"), "không phải ảnh"),
    ],
)
def test_what_is_no_photo_or_too_much_is_refused_by_name(course, cast, name, data, why):
    with pytest.raises(Refusal, match=why) as refused:
        add(course, cast, name, data)
    assert name in refused.value.message
    assert "sổ" not in refused.value.message
    assert not Evidence.objects.exists()


def test_a_file_and_a_link(course, cast):
    filed = add(course, cast, "Biên bản.pdf", PDF)
    assert (filed.kind, files.read(filed.file_id)) == (EvidenceKind.FILE, PDF)
    link = add_link(
        seat=cast.pgd_officer,
        activity=course,
        link="https://zalo.me/album/1",
        token=uuid.uuid4(),
        caption="Ảnh",
    )
    assert link.kind == EvidenceKind.LINK
    with pytest.raises(Refusal, match="https"):
        add_link(seat=cast.pgd_officer, activity=course, link="javascript:alert(1)", token=uuid.uuid4())


def test_sent_again_is_the_same_evidence(course, cast):
    token = uuid.uuid4()
    assert add(course, cast, "a.pdf", PDF, token) == add(course, cast, "a.pdf", PDF, token)
    assert Evidence.objects.count() == 1


def test_who_may_change_the_activity_removes_evidence(course, cast):
    evidence = add(course, cast, "a.pdf", PDF)
    with pytest.raises(Refusal):
        remove_evidence(seat=cast.p1_officer, evidence=evidence)
    remove_evidence(seat=cast.pgd_officer, evidence=evidence)
    assert evidence.removed_at == NOW
    put_back_evidence(seat=cast.pgd_officer, evidence=evidence)
    assert evidence.removed_at is None


def test_what_was_taken_away_and_is_chosen_again_is_shown_again(course, cast):
    """Chosen again, not sent again: what a phone repeats brings nothing back."""
    token = uuid.uuid4()
    evidence = add(course, cast, "a.pdf", PDF, token)
    remove_evidence(seat=cast.pgd_officer, evidence=evidence)
    assert add(course, cast, "a.pdf", PDF, token).removed_at
    assert begun(course, cast, PDF, token, "a.pdf") == evidence
    assert Evidence.objects.get().removed_at is None


def begun(course, cast, data: bytes, token, name="anh.jpg"):
    return begin_upload(seat=cast.pgd_officer, activity=course, token=token, name=name, size=len(data))


def test_a_broken_upload_goes_on_where_it_was_and_lands_once(course, cast):
    data, token = photo(quality=100) + bytes(PIECE * 2), uuid.uuid4()
    upload = begun(course, cast, data, token)
    took = take_piece(seat=cast.pgd_officer, upload=upload, offset=0, data=data[:PIECE])
    assert took.received == PIECE
    with pytest.raises(OutOfStep) as lost:  # the answer never arrived, and the phone sends the piece again
        take_piece(seat=cast.pgd_officer, upload=upload, offset=0, data=data[:PIECE])
    assert lost.value.received == PIECE
    assert begun(course, cast, data, token).received == PIECE  # the next morning
    at, made = PIECE, None
    while at < len(data):
        made = take_piece(seat=cast.pgd_officer, upload=upload, offset=at, data=data[at : at + PIECE])
        at += PIECE
    assert made.kind == EvidenceKind.PHOTO
    assert max(kept(made).size) == 1600
    assert not Upload.objects.exists()
    assert not UploadPiece.objects.exists()
    assert begun(course, cast, data, token) == made


def test_pieces_that_cannot_be(course, cast):
    token = uuid.uuid4()
    with pytest.raises(Refusal, match="nặng 50,0 MB"):
        begin_upload(seat=cast.pgd_officer, activity=course, token=token, name="a.jpg", size=50 * 1024 * 1024)
    upload = begun(course, cast, bytes(10), token)
    for data in (b"", bytes(11)):
        with pytest.raises(Refusal, match="Mảnh"):
            take_piece(seat=cast.pgd_officer, upload=upload, offset=0, data=data)
    with pytest.raises(Refusal, match="không giống"):
        begun(course, cast, bytes(11), token)
    with pytest.raises(Refusal):
        take_piece(seat=cast.p1_officer, upload=upload, offset=0, data=bytes(10))


def test_what_nobody_goes_on_with_is_given_up(course, cast):
    upload = begun(course, cast, bytes(10), uuid.uuid4())
    assert drop_stale_uploads() == 0
    with clock.frozen(NOW + timedelta(days=8)):
        assert drop_stale_uploads() == 1
    assert not Upload.objects.filter(pk=upload.pk).exists()
