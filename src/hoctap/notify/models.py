"""What Hoctap tells people: in the system and by e-mail."""

from django.db import models

from hoctap.kernel.clock import DatabaseNow
from hoctap.orgs.models import Unit


class Notice(models.Model):
    """Tin báo trong hệ thống cho một đơn vị; each seat remembers how far it has read (NoticeRead).

    ``dedupe_key`` keeps one cause from telling one unit twice.
    """

    unit = models.ForeignKey(
        Unit, models.CASCADE, related_name="notices", db_index=False
    )  # first in those below
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=DatabaseNow())
    dedupe_key = models.CharField(max_length=120, null=True)  # noqa: DJ001 null: this cause may tell again

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="notice_unit")]
        constraints = [models.UniqueConstraint(fields=["unit", "dedupe_key"], name="notice_once")]


class NoticeRead(models.Model):
    """Đã đọc tới đâu: one row a seat."""

    seat = models.OneToOneField("orgs.Seat", models.CASCADE, related_name="+")
    last_notice_id = models.BigIntegerField(default=0)


class Letter(models.Model):
    """Thư đi (outbox): sent at least once by a job; ``dedupe_key`` keeps one cause from writing twice."""

    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    dedupe_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(db_default=DatabaseNow())
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=250, blank=True)
    try_at = models.DateTimeField(db_default=DatabaseNow())  # not before; pushed back after each failure

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at__isnull=True), name="letter_waiting"),
        ]
