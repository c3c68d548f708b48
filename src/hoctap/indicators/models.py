"""The catalogue of indicators; form cells bind to them by code, trends across forms join on them."""

from django.db import models

from hoctap.indicators.enums import Addition


class Indicator(models.Model):
    """Chỉ tiêu: code, name, unit of measure, how it adds up."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    unit_of_measure = models.CharField(max_length=40)
    addition = models.CharField(max_length=12, choices=Addition)

    def __str__(self) -> str:
        return self.name
