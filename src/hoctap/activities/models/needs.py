"""What people want to learn, who is exempt from it, and the targets that are measured by deeds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hoctap.activities.enums import Reached
from hoctap.activities.models.deeds import Topic
from hoctap.kernel.clock import DatabaseNow
from hoctap.obligations.models import Target
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person


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
