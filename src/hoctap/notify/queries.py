"""What a seat sees of its unit's notices."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from hoctap.notify.models import Notice, NoticeRead
from hoctap.orgs.models import Seat

MOST = 100  # screens say "99+" from here on


def with_unread(seats: QuerySet[Seat]) -> QuerySet[Seat]:
    """Each seat with ``unread``: how many notices of its unit it has not read; at most ``MOST``."""
    read = NoticeRead.objects.filter(seat=OuterRef(OuterRef("pk"))).values("last_notice_id")
    fresh = Notice.objects.filter(unit=OuterRef("unit"), pk__gt=Coalesce(Subquery(read), Value(0)))
    ids = ArraySubquery(fresh.values("pk")[:MOST])
    return seats.annotate(unread=Func(ids, function="cardinality", output_field=IntegerField()))


def unread_count(seat: Seat) -> int:
    """How many notices of its unit the seat has not read; at most ``MOST``. Known of a seat read ``with_unread``."""
    if hasattr(seat, "unread"):
        return seat.unread
    return with_unread(Seat.objects.filter(pk=seat.pk)).values_list("unread", flat=True).get()


def notices(seat: Seat, before: int | None = None, limit: int = 30) -> QuerySet[Notice]:
    """The unit's notices, newest first, older than id ``before``; ``is_unread`` tells which this seat has not read."""
    unread = ExpressionWrapper(Q(pk__gt=F("read_to")), output_field=BooleanField())
    found = Notice.objects.filter(unit=seat.unit_id).annotate(read_to=_read(seat), is_unread=unread)
    if before is not None:
        found = found.filter(pk__lt=before)
    return found.order_by("-pk")[:limit]


def _read(seat: Seat) -> Coalesce:
    return Coalesce(Subquery(NoticeRead.objects.filter(seat=seat).values("last_notice_id")), Value(0))
