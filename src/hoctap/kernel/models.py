"""Tables every room may lean on: the journal of acts, stored files, what phones sent, how often somebody tried."""

from django.db import models

from hoctap.kernel.clock import DatabaseNow


class Act(models.Model):
    """Nhật ký thao tác: who did what, from which seat, when. Ids without foreign keys, so it outlives everything.

    ``details`` holds no figures and no names of persons.
    """

    at = models.DateTimeField(db_default=DatabaseNow())
    user_id = models.BigIntegerField(null=True)
    seat_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, default="")

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="act_object")]


class StoredFile(models.Model):
    """Tệp lưu: content-addressed; the bytes are on disk before this row exists."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    stored_at = models.DateTimeField(db_default=DatabaseNow())


class Operation(models.Model):
    """Lần gửi từ một máy: by the id the phone gave it, so that the same one sent again is answered and not done again.

    ``answer``: what it was told. Kept for ``DAYS``; no phone waits longer. An id without a foreign key, as in the journal.
    """

    DAYS = 60

    op = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField()
    path = models.CharField(max_length=200)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=DatabaseNow())


class Tries(models.Model):
    """Số lần thử: how often one thing was done from one place until the moment its window ends (``kernel.tries``).

    ``key`` does not tell the place. Unlogged: a crash or a new primary counts from nought, and no try waits for the disk.
    """

    key = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField(db_index=True)
    count = models.IntegerField()
