"""Minh chứng: photos, files and links of an activity; large ones come in pieces and go on where they broke off."""

import uuid
from datetime import timedelta

from django.db import transaction

from hoctap.activities import photos, rules
from hoctap.activities.enums import EvidenceKind
from hoctap.activities.models import Activity, Evidence, Upload, UploadPiece
from hoctap.directives import uploads
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles
from hoctap.orgs.models import Seat

PIECE = 512 * 1024  # bytes
OPEN_AT_ONCE = 30  # unfinished uploads of one activity
KEPT_FOR = timedelta(days=7)  # an unfinished one
MOST = 300  # of one activity


class OutOfStep(Refusal):
    """A piece that is not the next one; ``received`` says where to go on."""

    def __init__(self, received: int):
        super().__init__("Tệp đang gửi dở ở chỗ khác. Gửi tiếp từ chỗ máy chủ đã nhận.")
        self.received = received


@transaction.atomic
def add_file(
    *, seat: Seat, activity: Activity, name: str, data: bytes, token: uuid.UUID, caption: str = ""
) -> Evidence:
    """A photo, drawn anew, or an office file, by the end of its name. The same ``token`` gives what it made first."""
    rules.require_change(seat, activity, roles.RECORD_ACTIVITY)
    made = Evidence.objects.filter(token=token, activity=activity).first()
    if made:
        return made
    _require_room(activity)
    name = uploads.clean_name(name)
    if photos.is_photo(name):
        kind, data = EvidenceKind.PHOTO, photos.redrawn(name, data)
        name = name.rpartition(".")[0] + ".jpg"
    else:
        kind, name = EvidenceKind.FILE, _checked(name, data)
    stored = files.store(data)
    return _added(seat, activity, token, kind=kind, file=stored, name=name, caption=caption.strip()[:250])


def _checked(name: str, data: bytes) -> str:
    try:
        return uploads.check(name, data)
    except Refusal as refusal:
        raise Refusal(
            refusal.message.replace("Chưa vào sổ gì.", "Chưa nhận tệp này."), refusal.places
        ) from None


@transaction.atomic
def add_link(*, seat: Seat, activity: Activity, link: str, token: uuid.UUID, caption: str = "") -> Evidence:
    """A link to a page, an album, a video."""
    rules.require_change(seat, activity, roles.RECORD_ACTIVITY)
    if not link.startswith(("https://", "http://")) or len(link) > 500:
        raise Refusal("Liên kết chưa đúng. Dán nguyên địa chỉ, bắt đầu bằng https://.")
    made = Evidence.objects.filter(token=token, activity=activity).first()
    if made:
        return made
    _require_room(activity)
    return _added(seat, activity, token, kind=EvidenceKind.LINK, link=link, caption=caption.strip()[:250])


@transaction.atomic
def remove_evidence(*, seat: Seat, evidence: Evidence) -> None:
    """Bỏ minh chứng: no longer shown; the row says when."""
    rules.require_change(seat, evidence.activity, roles.RECORD_ACTIVITY)
    if evidence.removed_at is None:
        evidence.removed_at = clock.now()
        evidence.save(update_fields=["removed_at"])
        journal.record("evidence.remove", evidence, seat=seat, activity=evidence.activity_id)


@transaction.atomic
def put_back_evidence(*, seat: Seat, evidence: Evidence) -> None:
    """Bỏ nhầm: shown again."""
    rules.require_change(seat, evidence.activity, roles.RECORD_ACTIVITY)
    if evidence.removed_at is not None:
        evidence.removed_at = None
        evidence.save(update_fields=["removed_at"])
        journal.record("evidence.put-back", evidence, seat=seat, activity=evidence.activity_id)


@transaction.atomic
def begin_upload(
    *, seat: Seat, activity: Activity, token: uuid.UUID, name: str, size: int
) -> Upload | Evidence:
    """A file that will come in pieces; the same ``token`` goes on with it, or gives the evidence it has become."""
    rules.require_change(seat, activity, roles.RECORD_ACTIVITY)
    made = Evidence.objects.filter(token=token, activity=activity).first()
    if made:
        put_back_evidence(seat=seat, evidence=made)  # taken away since: whoever chooses it again wants it
        return made
    name = uploads.clean_name(name)
    if photos.is_photo(name) and size > photos.LIMIT:
        raise photos.too_heavy(name, size)
    if not 0 < size <= uploads.LIMIT:
        raise Refusal(f"Tệp {name}: rỗng hoặc nặng quá 20 MB. Chọn tệp khác, hoặc nén, tách tệp.")
    _require_room(activity)
    if Upload.objects.filter(activity=activity).exclude(pk=token).count() >= OPEN_AT_ONCE:
        raise Refusal(f"Đang có {OPEN_AT_ONCE} tệp gửi dở cho hoạt động này. Gửi xong rồi thêm.")
    upload, is_new = Upload.objects.get_or_create(
        token=token, defaults={"activity": activity, "seat": seat, "name": name, "size": size}
    )
    if not is_new and (upload.activity_id, upload.size) != (activity.pk, size):
        raise Refusal(f"Tệp {name} không giống tệp đang gửi dở. Chọn lại tệp.")
    return upload


@transaction.atomic
def take_piece(*, seat: Seat, upload: Upload, offset: int, data: bytes) -> Upload | Evidence:
    """The next piece, at most PIECE bytes; the last one makes the evidence. OutOfStep where it is not the next."""
    held = Upload.objects.select_for_update(of=("self",)).select_related("activity__host").get(pk=upload.pk)
    rules.require_change(seat, held.activity, roles.RECORD_ACTIVITY)
    if offset != held.received:
        raise OutOfStep(held.received)
    if not 0 < len(data) <= min(PIECE, held.size - held.received):
        raise Refusal("Mảnh tệp rỗng, quá 512 KB hoặc dài hơn tệp. Gửi lại tệp từ đầu.")
    UploadPiece.objects.create(upload=held, offset=offset, data=data)
    held.received += len(data)
    held.save(update_fields=["received"])
    if held.received < held.size:
        return held
    return _finished(seat, held)


def _finished(seat: Seat, upload: Upload) -> Evidence:
    pieces = upload.pieces.order_by("offset").values_list("data", flat=True)
    data = b"".join(bytes(piece) for piece in pieces)
    made = add_file(seat=seat, activity=upload.activity, name=upload.name, data=data, token=upload.token)
    upload.delete()
    return made


def drop_stale_uploads() -> int:
    """Give up what nobody has gone on with for KEPT_FOR; how many."""
    return Upload.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()[1].get("activities.Upload", 0)


def drop_upload(*, seat: Seat, upload: Upload) -> None:
    """A file that was refused once it was whole need not be kept."""
    rules.require_change(seat, upload.activity, roles.RECORD_ACTIVITY)
    upload.delete()


def _require_room(activity: Activity) -> None:
    if Evidence.objects.filter(activity=activity, removed_at=None).count() >= MOST:
        raise Refusal(f"Hoạt động đã có {MOST} minh chứng. Bỏ bớt rồi thêm.")


def _added(seat: Seat, activity: Activity, token: uuid.UUID, **said) -> Evidence:
    evidence, is_new = Evidence.objects.get_or_create(
        token=token, defaults={"activity": activity, "seat": seat, **said}
    )
    if evidence.activity_id != activity.pk:
        raise Refusal("Mã của tệp này đã dùng ở hoạt động khác. Chọn lại tệp.")
    if is_new:
        journal.record("evidence.add", evidence, seat=seat, activity=activity.pk)
    return evidence
