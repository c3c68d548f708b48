"""Weeks, months and days of the programme."""

from django.db import models

from hoctap.orgs.models import Unit


class Campaign(models.Model):
    """Tuần lễ, tháng, ngày phát động: e.g. Tuần lễ hưởng ứng học tập suốt đời năm 2023, 02–08/10/2023.

    ``unit``: who carries it out, with its own days, theme and slogans; null for one that belongs to nobody in particular.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="campaigns", db_index=False)
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "year"], name="campaign_once_a_year", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="campaign_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Slogan(models.Model):
    """Khẩu hiệu của đợt phát động, its author and where it is to hang, as the document says."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="slogans")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=600)
    author = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "order"], name="slogan_order_once")]


class Event(models.Model):
    """Sự kiện của đợt phát động: lễ khai mạc, hội nghị … on a day the document names."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="events")
    name = models.CharField(max_length=300)
    on = models.DateField()
    place = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "name", "on"], name="event_once_a_day")]
