"""What a seat sees of its unit's notices."""

from django.db.models import BooleanField, ExpressionWrapper, F, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from hoctap.notify.models import Notice, NoticeRead
from hoctap.orgs.models import Seat

MOST = 100  # screens say "99+" from here on
_UNREAD = """
SELECT count(*) FROM (
  SELECT FROM notify_notice n
  WHERE n.unit_id = orgs_seat.unit_id
    AND n.id > coalesce((SELECT r.last_notice_id FROM notify_noticeread r WHERE r.seat_id = orgs_seat.id), 0)
  LIMIT %s
) AS fresh
"""


def with_unread(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Each seat with ``unread``: how many notices of its unit it has not read; at most ``MOST``."""
    return seats.annotate(unread=RawSQL(_UNREAD, [MOST], output_field=IntegerField()))


def unread_count(seat: Seat) -> int:
    """How many notices of its unit the seat has not read; at most ``MOST``. Known of a seat read ``with_unread``."""
    if hasattr(seat, "unread"):
        return seat.unread
    return with_unread(Seat.objects.filter(pk=seat.pk)).get().unread  # type: ignore[attr-defined]


def notices(seat: Seat, before: int | None = None, limit: int = 30) -> QuerySet[Notice]:
    """The unit's notices, newest first, older than id ``before``; ``is_unread`` tells which this seat has not read."""
    unread = ExpressionWrapper(Q(pk__gt=F("read_to")), output_field=BooleanField())
    found = Notice.objects.filter(unit=seat.unit_id).annotate(read_to=_read(seat), is_unread=unread)
    if before is not None:
        found = found.filter(pk__lt=before)
    return found.order_by("-pk")[:limit]


def _read(seat: Seat) -> Coalesce:
    return Coalesce(Subquery(NoticeRead.objects.filter(seat=seat).values("last_notice_id")), Value(0))
