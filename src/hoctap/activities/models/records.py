"""What people took from it: certificates, and what they completed elsewhere."""

from django.db import models

from hoctap.activities.models.deeds import Activity, Topic
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.models import StoredFile
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person


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
