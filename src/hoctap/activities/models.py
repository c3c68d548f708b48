"""Deeds: what was held, for whom, who was there; and what people took from it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hoctap.activities.enums import (
    CostSource,
    EvidenceKind,
    Family,
    MarkWay,
    Opening,
    Part,
    PartnerKind,
    Reached,
    RegistrationState,
    SessionState,
    TrainingForm,
)
from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Directive
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.models import StoredFile
from hoctap.obligations.models import PlannedActivity, Target
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person


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
    reopened_at = models.DateTimeField(null=True)  # last: what was to close it before then comes too late

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


class Registration(models.Model):
    """Đăng ký, danh sách lớp: person × activity. ``token`` opens the give-up link; ``waiting`` are let in by ``at``."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="registrations", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrations")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # the person's, at that time
    part = models.CharField(max_length=10, choices=Part, default=Part.LEARNER)
    state = models.CharField(max_length=10, choices=RegistrationState, default=RegistrationState.TAKEN)
    token = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField(db_default=DatabaseNow())
    changed_at = models.DateTimeField(db_default=DatabaseNow())
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")  # null: by the person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="registration_once")]


class Attendance(models.Model):
    """Điểm danh: this person was, or was not, at this session. Who is not registered is a walk-in.

    ``at``: since when it says so, ``said_at``: when it was last said, both by our clock (actions correct the phone's).
    Of two marks the one said later stands (``marking.py``), in whatever order they arrive.
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="attendances")
    part = models.CharField(max_length=10, choices=Part, default=Part.LEARNER)
    present = models.BooleanField(default=True)
    walk_in = models.BooleanField(default=False)
    way = models.CharField(max_length=6, choices=MarkWay)
    at = models.DateTimeField()
    said_at = models.DateTimeField(db_default=DatabaseNow())
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")  # null: by the person

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="attendance_once")]


class Tally(models.Model):
    """Số đã đếm của một hoạt động: what its held sessions come to, kept so that thousands need no counting anew.

    The row is there only while nothing it is counted from changed since: the database takes it away with the change
    (migration 0006), ``tallies.py`` writes it. ``first``, ``last``: when the held sessions begin. ``most``: without a name
    at one session; ``times``: lượt, named or not. ``people``: learners by name, each once, as entered (merged or not).
    """

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="tally")
    first = models.DateTimeField()
    last = models.DateTimeField()
    most = models.PositiveIntegerField()
    times = models.PositiveBigIntegerField()
    people = ArrayField(models.BigIntegerField())


class Claim(models.Model):
    """Tự ghi tên, chờ xác nhận: a name typed at the door, by who agreed to its being kept, that means nobody or several.

    No person yet; gone as soon as an officer said who it is, or after ``DAYS``.
    """

    DAYS = 30

    session = models.ForeignKey(Session, models.CASCADE, related_name="claims", db_index=False)
    name = models.CharField(max_length=120)
    name_folded = models.CharField(max_length=160)
    birth_year = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "name_folded", "birth_year"], nulls_distinct=False, name="claim_once"
            )
        ]


class Mark(models.Model):
    """Thao tác điểm danh từ một máy: kept by the id the phone gave it, so that the same queue sent twice does nothing.

    ``outcome``: what was answered, and is answered again.
    """

    op = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, models.CASCADE, related_name="marks")
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    outcome = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=DatabaseNow())


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


class Certificate(models.Model):
    """Chứng nhận: what was learned, to be checked by anybody who holds its number or QR.

    ``name`` is the person's as printed. A wrong one is revoked, or superseded by another.
    """

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="certificates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=60, unique=True)
    token = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    hours = models.DecimalField(
        max_digits=6, decimal_places=1, null=True
    )  # null: some session's length is not known
    sessions = models.PositiveSmallIntegerField(default=0)  # attended
    position = models.CharField(max_length=120, default="")  # of the signer, as printed
    issued_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")  # its unit issues
    issued_at = models.DateTimeField(db_default=DatabaseNow())
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=300, blank=True)
    superseded_by = models.OneToOneField("self", models.PROTECT, null=True, related_name="supersedes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                condition=models.Q(revoked_at=None, superseded_by=None),
                name="certificate_one_valid",
            )
        ]


class CertificateSeries(models.Model):
    """Số chứng nhận của một đơn vị trong một năm: ``last`` is the number given last; whoever gives one holds the row."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="certificate_series")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="certificate_series_once")]


class Completion(models.Model):
    """Kết quả học ở nơi khác (e.g. binhdanhocvuso.gov.vn), entered with its evidence."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="completions")
    platform = models.CharField(max_length=120)
    title = models.CharField(max_length=250)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="completions", db_index=False)
    on = models.DateField()
    hours = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    reference = models.CharField(max_length=120, blank=True)  # the number of its certificate there
    link = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=200, default="")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "platform", "title", "on"], name="completion_once")
        ]


class Survey(models.Model):
    """Khảo sát nhu cầu học: asked of the people of ``unit`` and of the units under it, for one year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="surveys")
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    ends_on = models.DateField()
    token = models.CharField(max_length=32, unique=True)  # opens the answering page
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year", "name"], name="survey_once")]


class Need(models.Model):
    """Nhu cầu học: one person of a unit wants one topic; or, without a person, so many of the unit do."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="needs", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="needs")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="needs")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="needs")
    people = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "unit", "topic", "person"], name="need_once", nulls_distinct=False
            )
        ]


class Exemption(models.Model):
    """Không có nhu cầu trong năm: the unit is left out of a target that holds "nơi có nhu cầu"."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="exemptions")
    year = models.PositiveSmallIntegerField()
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="exemptions")
    reason = models.CharField(max_length=300)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "topic"], name="exemption_once", nulls_distinct=False
            )
        ]


class TargetMeasure(models.Model):
    """Cách tính một chỉ tiêu, as its issuer set it; without one the target's words decide (activities.targets).

    Families, kinds, topics and groups by their codes; no topic means any. ``where_needed``: units without need are left out
    ("nơi có nhu cầu").
    """

    target = models.OneToOneField(Target, models.CASCADE, related_name="measured")
    reached = models.CharField(max_length=7, choices=Reached)
    where_needed = models.BooleanField(default=False)
    families = ArrayField(models.CharField(max_length=10), default=list)
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    topics = ArrayField(models.CharField(max_length=40), default=list)
    groups = ArrayField(models.CharField(max_length=10), default=list)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())


class Reckoning(models.Model):
    """Số tính sẵn: what one question about a unit and all under it came to, where these are too many to count while a page
    is read (``reckoning.py``). ``answer`` is null until it is counted."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="reckonings", db_index=False)
    about = models.CharField(max_length=300)
    answer = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "about"], name="reckoning_once")]
