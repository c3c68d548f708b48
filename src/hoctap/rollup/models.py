"""Folded sums of every node of a round's tree, and what was signed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.fields import SnapshotField, TransactionId, Xid8Field
from hoctap.kernel.models import StoredFile
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Seat
from hoctap.reports.models import Acceptance, Revision, figures_field


class Watermark(models.Model):
    """Mốc cộng dồn của đợt: every entry visible in ``snapshot`` is in the folds, no other is."""

    round = models.OneToOneField(Round, models.CASCADE, primary_key=True, related_name="watermark")
    snapshot = SnapshotField()
    folded = models.BigIntegerField(default=0)  # entries folded so far


class Fold(models.Model):
    """Số đã cộng dồn của một nút: over its whole subtree, itself included.

    For ``sent`` and for ``accepted``: sums and non-null counts in cell order, and how many reports.
    """

    obligation = models.OneToOneField(Obligation, models.CASCADE, primary_key=True, related_name="fold")
    sent_sums = ArrayField(models.BigIntegerField())
    sent_counts = ArrayField(models.IntegerField())
    sent_reports = models.IntegerField()
    accepted_sums = ArrayField(models.BigIntegerField())
    accepted_counts = ArrayField(models.IntegerField())
    accepted_reports = models.IntegerField()


class DueChange(models.Model):
    """Một thay đổi về hạn: so many units more or fewer are awaited and overdue from ``overdue_at``; null: came late.

    Written by the database whenever Obligation's ``overdue_at`` or ``is_late`` changes, folded as entries are, and gone
    when every read is past it.
    """

    # Of obligations, and not checked again: every sender would lock the round's row for it.
    round = models.ForeignKey(Round, models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    xid = Xid8Field(db_default=TransactionId())
    overdue_at = models.DateTimeField(null=True)
    units = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["round", "xid"], name="due_change_queue")]


class DueCount(models.Model):
    """Số đơn vị theo hạn, của một nút: how many of its subtree, itself included, stand as DueChange says."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+", db_index=False)
    overdue_at = models.DateTimeField(null=True)
    units = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "overdue_at"], name="due_count_once", nulls_distinct=False
            )
        ]


class DatabaseIdentity(models.Model):
    """Máy chủ cơ sở dữ liệu: transaction ids mean something only on the server that gave them out."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    system_identifier = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_database_identity")]


class Snapshot(models.Model):
    """Bản tổng hợp đóng băng: drawn as a draft, signed exactly as drawn, never changed after.

    ``sums``/``counts`` in cell order over what counts: accepted reports, and the unit's own part as it sent it
    (or as accepted above it). A null sum: no unit reported that cell. ``coverage`` holds expected, submitted,
    accepted, late, missing and overdue of the units below at that moment. ``doc`` holds number, date, signer
    and narrative of the signed report. The database refuses any change but the signing itself.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    drawn_at = models.DateTimeField(db_default=DatabaseNow())
    drawn_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    last_entry_id = models.BigIntegerField(default=0)  # newest entry of the subtree it contains
    sums = figures_field()
    counts = ArrayField(models.IntegerField(), default=list)
    coverage = models.JSONField(default=dict)
    doc = models.JSONField(default=dict)
    reason = models.CharField(max_length=400, blank=True)  # why a supplementary report is signed
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="snapshot_number")]


class SnapshotItem(models.Model):
    """Một đơn vị trong bản tổng hợp: which revision and acceptance it was made of, or that it was missing."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="items")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, null=True, related_name="+")
    child_snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "obligation"], name="snapshot_item_once")]


class SnapshotFile(models.Model):
    """Tệp của bản đã ký (DOCX, PDF, XLSX), made once when it was signed."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "kind"], name="snapshot_file_once")]
