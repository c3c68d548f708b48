"""Reports: append-only revisions, and one entry for every act on them."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from hoctap.activities.models import Activity
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.fields import TransactionId, Xid8Field
from hoctap.kernel.models import StoredFile
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Seat
from hoctap.reports.enums import ActKind, Basis, Channel, ExportKind, ReportState


def figures_field(**options) -> ArrayField:
    """Figures in cell order: null = not reported, 0 = zero, each 0…10¹³ (ARCHITECTURE, Core nouns)."""
    return ArrayField(models.BigIntegerField(null=True), default=list, **options)


class Report(models.Model):
    """Báo cáo của một nghĩa vụ: where it stands now. What counts is ``sent`` and ``acceptance``."""

    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="report")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.NONE)
    # Not looked up by either, so that no index is written anew when the report is sent.
    sent = models.ForeignKey("Revision", models.PROTECT, null=True, related_name="+", db_index=False)
    acceptance = models.ForeignKey("Acceptance", models.PROTECT, null=True, related_name="+", db_index=False)
    last_number = models.PositiveIntegerField(default=0)
    first_received_at = models.DateTimeField(null=True)  # of what is not withdrawn: decides lateness
    last_received_at = models.DateTimeField(null=True)
    return_due_at = models.DateTimeField(null=True)  # "hạn mới" of the last return, first late moment

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acceptance__isnull=True) | models.Q(sent__isnull=False),
                name="accepted_is_sent",
            )
        ]


class Draft(models.Model):
    """Bản nháp: autosaved by whoever at the unit writes; ``version`` detects two people writing at once.

    One open page never conflicts with itself (its autosave may still be on the way when it sends).
    ``content`` has the keys of Revision.content plus ``figures``; for ``facts`` and ``sources`` it has ``filled``, what the
    page last took from deeds, by position. ``token`` goes with the next submission:
    unique for the obligation and its base revision, so that a replay returns the first result.
    """

    report = models.OneToOneField(Report, models.CASCADE, related_name="draft")
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    version = models.PositiveIntegerField(default=0)
    page = models.CharField(max_length=32, blank=True)  # the open page it was saved from
    token = models.UUIDField()
    updated_by = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(db_default=DatabaseNow())
    presented_by = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")  # trình lãnh đạo
    presented_at = models.DateTimeField(null=True)


class Revision(models.Model):
    """Bản báo cáo đã gửi: own cells only, never changed.

    ``content``: ``notes`` {line number: text}, ``texts`` {line number: text}, ``reasons`` {check key: text},
    ``narrative`` {results, difficulties, proposals}. Where deeds gave figures, besides: ``facts`` {position: figure
    the deeds gave}, ``sources`` {position: ids of activities}, ``amended`` {line number: why what was sent differs}.
    ``received_at`` decides lateness.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="revisions", db_index=False
    )  # unique below
    number = models.PositiveIntegerField()
    token = models.UUIDField()
    figures = figures_field()
    content = models.JSONField(default=dict)
    reason = models.CharField(max_length=400, blank=True)  # why it changes what was sent before
    doc_number = models.CharField(max_length=60, blank=True)
    doc_date = models.DateField(null=True)
    authority = models.CharField(max_length=5, blank=True)
    signer_position = models.CharField(max_length=120, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SYSTEM)
    received_at = models.DateTimeField(db_default=DatabaseNow())
    made_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="revision_number"),
            models.UniqueConstraint(fields=["report", "token"], name="revision_token"),
        ]


class RevisionFile(models.Model):
    """Tệp kèm bản báo cáo: the scan, the letter or the Excel file it was taken from."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)


class Acceptance(models.Model):
    """Lần duyệt, tiếp nhận: the figures that count as accepted (Số xét duyệt, Số sau rà soát).

    Equal to the revision's figures unless the reviewer changed some; ``reasons`` {position: text} says why.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="acceptances")
    figures = figures_field()
    reasons = models.JSONField(default=dict)


class ReportEntry(models.Model):
    """Một thao tác trên báo cáo: append-only, and the queue that roll-up folds.

    Written with every report that is sent, so it has the indexes it is looked up by and no other.
    """

    # The obligation's, which is not checked again: every sender would lock the round's row for it (hold_open).
    round = models.ForeignKey(
        Round, models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="entries", db_index=False)
    act = models.CharField(max_length=8, choices=ActKind)
    sent_before = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", db_index=False)
    sent_after = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+", db_index=False)
    accepted_before = models.ForeignKey(
        Acceptance, models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_after = models.ForeignKey(
        Acceptance, models.PROTECT, null=True, related_name="+", db_index=False
    )
    xid = Xid8Field(db_default=TransactionId())
    at = models.DateTimeField(db_default=DatabaseNow())
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True)
    new_due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["round", "xid"], name="entry_queue"),
            models.Index(fields=["obligation", "-id"], name="entry_obligation"),
        ]


class Counted(models.Model):
    """Hoạt động đã tính ở đâu: within one round an activity counts in one report (ARCHITECTURE, counting rule 1).

    Written for what a sent or accepted revision was counted from, gone when no such revision stands any more.
    ``decided_by``: the common consolidator says that it counts there, whether it was sent yet or not; that stays.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="counted", db_index=False)  # first below
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="counted")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="counted")
    decided_by = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "activity"], name="counted_once_a_round")]


class Intake(models.Model):
    """Lượt nhận tệp: the receiving desk drops many Excel files at once; each is all-or-nothing."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="intakes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    received_at = models.DateTimeField()
    accept = models.BooleanField(default=False)  # receive at once what has no finding
    created_at = models.DateTimeField(db_default=DatabaseNow())


class IntakeFile(models.Model):
    """Một tệp trong lượt nhận: waiting until ``done_at``; then taken as ``revision``, or ``message`` says why not."""

    intake = models.ForeignKey(Intake, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    message = models.TextField(blank=True)
    places = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["intake", "id"], name="intake_file_order")]


class Export(models.Model):
    """Lượt xuất số liệu: every unit's figures below one node as a file that a job writes, kept for some days.

    Done at ``done_at``; then there is the file ``name`` in the storage, or ``message`` says why not. ``rows`` is known
    once it has begun.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=4, choices=ExportKind)
    basis = models.CharField(max_length=8, choices=Basis, default=Basis.ACCEPTED)
    asked_at = models.DateTimeField(db_default=DatabaseNow())
    rows = models.PositiveIntegerField(null=True)
    rows_done = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    message = models.TextField(blank=True)

    @property
    def name(self) -> str:
        return f"exports/{self.pk}.{self.kind}"
