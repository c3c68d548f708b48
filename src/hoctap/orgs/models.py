"""Organisations, who stands under whom and since when, and who sits where."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from hoctap.kernel.clock import DatabaseNow
from hoctap.orgs.enums import AreaType, HeadcountGroup, Kind, Line, Role, Standing
from hoctap.people.models import Person


def _no_overlap(name: str, *fields: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[*[(f, RangeOperators.EQUAL) for f in fields], ("valid", RangeOperators.OVERLAPS)],
    )


class Unit(models.Model):
    """Đơn vị: any organisation. ``name`` is today's; a document keeps the name of its day (UnitName)."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    area_type = models.CharField(max_length=12, choices=AreaType, blank=True, default="")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    name_folded = models.CharField(max_length=320, db_collation="C")
    sort_key = models.CharField(max_length=600, db_collation="C")
    place = models.CharField(max_length=80, blank=True)  # địa danh printed before the date
    email = models.EmailField(blank=True)
    dissolved_on = models.DateField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["sort_key", "id"], name="unit_sorted", include=["name_folded", "dissolved_on"]
            ),
            GinIndex(fields=["name_folded"], name="unit_words", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """Tên đơn vị theo thời gian."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    valid = DateRangeField()

    class Meta:
        constraints = [_no_overlap("unit_name_once_a_day", "unit")]


class Subordination(models.Model):
    """Trực thuộc: unit under parent in one line, for a range of dates; a root has no parent.

    ``path`` holds the units from the root down to this one, each as base 36 and a dot ("1.2s."),
    so that a subtree is a prefix.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="subordinations")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="children")
    line = models.CharField(max_length=10, choices=Line)
    valid = DateRangeField()
    path = models.CharField(max_length=200, db_collation="C")

    class Meta:
        constraints = [_no_overlap("subordination_once_a_day", "unit", "line")]
        indexes = [models.Index(fields=["line", "path"], name="subordination_path")]


class Seat(models.Model):
    """Vị trí: person × unit × role × dates. A user always acts from one seat."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="seats")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="seats")
    role = models.CharField(max_length=10, choices=Role)
    valid = DateRangeField()
    created_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [_no_overlap("seat_once_a_day", "user", "unit", "role")]


class Membership(models.Model):
    """Thuộc đơn vị: person × unit × standing × dates."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships")
    standing = models.CharField(max_length=10, choices=Standing)
    valid = DateRangeField()

    class Meta:
        constraints = [_no_overlap("membership_once_a_day", "person", "unit", "standing")]
        # The few that ended: who left a unit, asked over a city.
        indexes = [
            models.Index(
                fields=["unit", "person"], condition=models.Q(valid__upper_inf=False), name="membership_ended"
            )
        ]


class Headcount(models.Model):
    """Số người của đơn vị on a day, by group and, within it, by trade: the denominator of "tỷ lệ được đào tạo".

    What holds on a day is the last one on or before it. ``women``: null where nobody counted them apart. An empty
    ``trade`` is the whole group.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="headcounts")
    on = models.DateField()
    group = models.CharField(max_length=10, choices=HeadcountGroup)
    trade = models.CharField(max_length=80, blank=True)
    total = models.PositiveIntegerField()
    women = models.PositiveIntegerField(null=True)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "on", "group", "trade"], name="headcount_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(women=None) | models.Q(women__lte=models.F("total")),
                name="headcount_women_within",
            ),
        ]
