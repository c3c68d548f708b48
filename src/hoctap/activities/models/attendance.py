"""Who signed up, who was there, and what that comes to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hoctap.activities.enums import MarkWay, Part, RegistrationState
from hoctap.activities.models.deeds import Activity, Session
from hoctap.kernel.clock import DatabaseNow
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person


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
