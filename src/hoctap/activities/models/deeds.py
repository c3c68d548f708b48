"""What was held: kinds, activities, their sessions, costs and evidence."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hoctap.activities.enums import (
    CostSource,
    EvidenceKind,
    Family,
    Opening,
    PartnerKind,
    SessionState,
    TrainingForm,
)
from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Directive
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.models import StoredFile
from hoctap.obligations.models import PlannedActivity
from hoctap.orgs.models import Seat, Unit


class ActivityKind(models.Model):
    """Loại hoạt động, as data (library/kinds.json).

    ``asks``: codes of the quantities typed besides people ("books": 40 quyển). ``feeds`` {indicator code: measure}: what
    an activity of this kind gives to a cell; the measures are named in facts.py.
    """

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    family = models.CharField(max_length=10, choices=Family)
    unit_of_measure = models.CharField(max_length=20)  # "lớp", "cuộc", "bài"
    with_people = models.BooleanField(default=True)
    asks = ArrayField(models.CharField(max_length=20), default=list)
    feeds = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name


class Quantity(models.Model):
    """Đại lượng đếm được ngoài số người: quyển sách, bài viết, tờ rơi …"""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    unit_of_measure = models.CharField(max_length=20)
    order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """Chủ đề."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name


class Audience(models.Model):
    """Đối tượng."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """Hoạt động: a class, talk, contest, exhibition, book drive, news item … of its host, recorded once.

    ``starts_on``, ``ends_on``: the days of its first and last session that was not cancelled (actions keep them).
    ``quantities`` {code: number} as its kind asks. ``token``: the same form, or the same phone, sending it again makes no
    second one. ``series`` names what recurs ("Sinh hoạt CLB đọc sách"); a template is an activity that is only copied.
    """

    host = models.ForeignKey(Unit, models.PROTECT, related_name="activities", db_index=False)  # first below
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="activities")
    name = models.CharField(max_length=250)
    name_folded = models.CharField(max_length=320, db_collation="C")  # what it is found by
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="activities", db_index=False)
    audience = models.ForeignKey(
        Audience, models.PROTECT, null=True, related_name="activities", db_index=False
    )
    training_form = models.CharField(max_length=10, choices=TrainingForm, blank=True, default="")
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, related_name="activities")
    planned = models.ForeignKey(PlannedActivity, models.SET_NULL, null=True, related_name="activities")
    document = models.ForeignKey(Directive, models.PROTECT, null=True, related_name="briefings")
    document_text = models.CharField(max_length=300, blank=True)  # where it is not in the register
    description = models.TextField(blank=True)
    capacity = models.PositiveIntegerField(null=True)
    opening = models.CharField(max_length=8, choices=Opening, default=Opening.CLOSED)
    registration_ends_at = models.DateTimeField(null=True)  # first moment that is too late
    quantities = models.JSONField(default=dict)
    series = models.CharField(max_length=120, blank=True)
    is_template = models.BooleanField(default=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="copies")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    token = models.UUIDField(unique=True)
    made_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=DatabaseNow())
    changed_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        indexes = [
            models.Index(fields=["host", "starts_on"], name="activity_host_day"),
            models.Index(fields=["starts_on"], name="activity_day"),
            GinIndex(fields=["name_folded"], name="activity_words", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class CoHost(models.Model):
    """Đơn vị phối hợp tổ chức: one of Hoctap's units; an activity counts once, at its host or at one of these."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="co_hosts", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="co_hosted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "unit"], name="co_host_once")]


class Partner(models.Model):
    """Đơn vị liên kết: a university, college or enterprise, by its name."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="partners")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=PartnerKind)


class Session(models.Model):
    """Buổi: when and where; ``code`` and ``secret`` are for checking oneself in (typed, and in the QR).

    ``unnamed``: people who came and are not named, counted by hand. A moved session keeps when it was to be, and why.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    whole_day = models.BooleanField(default=False)
    place = models.CharField(max_length=250, blank=True)
    online_link = models.URLField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.PLANNED)
    unnamed = models.PositiveIntegerField(default=0)
    unnamed_women = models.PositiveIntegerField(null=True)
    code = models.CharField(max_length=6)
    secret = models.CharField(max_length=32, unique=True)
    self_check_in = models.BooleanField(default=False)
    moved_from = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)  # why moved or cancelled
    closed_at = models.DateTimeField(null=True)  # attendance confirmed; may be reopened
    reopened_at = models.DateTimeField(
        null=True
    )  # or cancelled, last: what was to close it before comes too late

    class Meta:
        indexes = [
            models.Index(fields=["activity", "starts_at"], name="session_order"),
            models.Index(fields=["starts_at"], name="session_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="session_ends_after_start",
            )
        ]


class Cost(models.Model):
    """Kinh phí, in đồng, by source."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="costs", db_index=False)
    source = models.CharField(max_length=8, choices=CostSource)
    amount = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "source"], name="cost_once_a_source")]


class Evidence(models.Model):
    """Minh chứng: a photo (no position in it, at most 1,600 pixels wide), a file or a link."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="evidence")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="evidence")
    kind = models.CharField(max_length=6, choices=EvidenceKind)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)
    caption = models.CharField(max_length=250, blank=True)
    token = models.UUIDField(unique=True)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())
    removed_at = models.DateTimeField(null=True)


class Upload(models.Model):
    """Tệp đang gửi lên: in pieces, so that a broken connection goes on where it was."""

    token = models.UUIDField(primary_key=True)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="uploads")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(db_default=DatabaseNow())


class UploadPiece(models.Model):
    """Một mảnh của tệp đang gửi lên."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", db_index=False)
    offset = models.PositiveBigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="upload_piece_once")]
