"""Report forms as data: a version is one JSON definition, never changed once published."""

from django.db import models

from hoctap.kernel.clock import DatabaseNow


class Form(models.Model):
    """Biểu mẫu."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """Bản của biểu mẫu: ``definition`` is canonical JSON (forms.spec), ``digest`` its SHA-256."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    definition = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_number")]
