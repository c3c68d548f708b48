"""Weeks, months and days of the programme."""

from django.db import models


class Campaign(models.Model):
    """Tuần lễ, tháng, ngày phát động: e.g. Tuần lễ hưởng ứng học tập suốt đời năm 2023, 02–08/10/2023."""

    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    theme = models.CharField(max_length=300, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "year"], name="campaign_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="campaign_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name
