"""A sheet that is looked at before it is taken: read, kept for the second press, found again by who saw it."""

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from hoctap.kernel import files
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat

SHEET_BYTES = 5 * 1024 * 1024
SHOWN = 300  # rows of each list of a plan
_MAX_AGE = 24 * 3600  # seconds


def chosen_sheet(request: HttpRequest) -> tuple[bytes, str]:
    """The uploaded ``sheet`` and its name. Refusal."""
    uploaded = request.FILES.get("sheet")
    if uploaded is None:
        raise Refusal(_("Chưa chọn tệp. Chọn tệp Excel rồi bấm Xem trước."))
    if uploaded.size > SHEET_BYTES:
        raise Refusal(_("Tệp lớn hơn 5 MB. Chia thành nhiều tệp rồi gửi."))
    return uploaded.read(), uploaded.name[:200]


def keep(seat: Seat, data: bytes, what: str) -> str:
    """Keep the file; the token with which this seat takes it. ``what`` names the import."""
    return signing.dumps([files.store(data).sha256, seat.pk], salt=f"hoctap.{what}")


def kept_sheet(request: HttpRequest, what: str) -> bytes:
    """The file of the plan that this seat was shown. Refusal."""
    try:
        digest, seat_pk = signing.loads(
            request.POST.get("token", ""), salt=f"hoctap.{what}", max_age=_MAX_AGE
        )
    except signing.BadSignature:
        seat_pk = None
    if seat_pk != request.seat.pk:
        raise Refusal(_("Bản xem trước này không còn dùng được, hoặc của vị trí khác. Chọn lại tệp."))
    try:
        return files.read(digest)
    except FileNotFoundError:
        raise Refusal(_("Tệp đã xem trước không còn trên máy chủ. Chọn lại tệp.")) from None
