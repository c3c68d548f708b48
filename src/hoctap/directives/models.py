"""The documents register: what was issued, what it cites, whom it reached."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

from hoctap.directives.enums import Authority, DirectiveStatus, DocumentKind
from hoctap.directives.numbers import parse
from hoctap.forms.models import FormVersion
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.models import StoredFile
from hoctap.orgs.models import Seat, Unit

_JOINTS = "-–—/_.,:;'’+<>&@="  # what joins words in print ("2021-2030", "HIV/AIDS"): apart in the index, as in a query


def _words(field: str, config: str, weight: str) -> SearchVector:
    text = models.Func(
        models.F(field),
        models.Value(_JOINTS),
        models.Value(" " * len(_JOINTS)),
        function="translate",
        output_field=models.TextField(),
    )
    return SearchVector(text, config=config, weight=weight)


class Directive(models.Model):
    """Văn bản. The issuer is a unit here or an outside body named in words; the number may be blank or absent.

    ``listed_on`` places it in the register: its own date, else the day it was registered. Its text is apart
    (DirectiveText), so that whatever joins a document stays light.
    """

    registered_by = models.ForeignKey(Unit, models.PROTECT, related_name="registered_directives")
    issuer = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="issued_directives")
    issuer_name = models.CharField(max_length=200)  # as printed; the unit's name on the day of issue
    number = models.CharField(max_length=20, blank=True)  # "333"; blank when not yet given or absent
    notation = models.CharField(max_length=60, blank=True)  # "KH-UBND"; "CV/BTGQU" for party style
    number_text = models.CharField(max_length=90, blank=True)  # as printed: "333 /KH-UBND", "305-CV/BTGQU"
    number_key = models.CharField(max_length=90, blank=True, db_collation="C")  # folded: "333/kh-ubnd"
    kind = models.CharField(max_length=5, choices=DocumentKind)
    issued_on = models.DateField(null=True)
    place = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=500)
    authority = models.CharField(max_length=5, choices=Authority, blank=True)
    signer_position = models.CharField(max_length=120, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    recipients_text = models.TextField(blank=True)  # Nơi nhận, one a line, as printed
    status = models.CharField(max_length=10, choices=DirectiveStatus, default=DirectiveStatus.ISSUED)
    status_note = models.CharField(max_length=500, blank=True)  # why it was recalled
    status_at = models.DateTimeField(null=True)
    superseded_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="supersedes")
    created_at = models.DateTimeField(db_default=DatabaseNow())
    listed_on = models.DateField()
    version = models.PositiveIntegerField(default=1)  # one more with every change
    token = models.UUIDField(null=True, unique=True)  # of the form sent: a second click finds the first entry
    implements = models.ForeignKey(  # the document from above that this one carries out
        "self", models.SET_NULL, null=True, related_name="implemented_by"
    )

    class Meta:
        indexes = [
            models.Index(fields=["number_key"], name="directive_number"),
            models.Index(fields=["-listed_on", "-id"], name="directive_newest"),
            models.Index(fields=["registered_by", "-listed_on", "-id"], name="directive_register"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number_label}".strip()

    @property
    def number_label(self) -> str:
        """The number in its style's proper order ("333/KH-UBND"), empty when there is none."""
        return str(parse(self.number_text))


class DirectiveText(models.Model):
    """Toàn văn, and what search reads: copies of the heading and the issuer's name beside it.

    ``search`` is accent-blind, ``search_exact`` keeps the accents and only ranks.
    """

    directive = models.OneToOneField(Directive, models.CASCADE, primary_key=True, related_name="text")
    heading = models.CharField(max_length=600)  # subject and number
    issuer_name = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    search = models.GeneratedField(
        expression=_words("heading", "vi", "A")
        + _words("issuer_name", "vi", "B")
        + _words("body", "vi", "C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_exact = models.GeneratedField(
        expression=_words("heading", "simple", "A") + _words("body", "simple", "C"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        indexes = [GinIndex(fields=["search"], name="directive_search")]


class Composed(models.Model):
    """Bản soạn: the clauses a document's text was written from, so that its draft can be composed on."""

    directive = models.OneToOneField(Directive, models.CASCADE, primary_key=True, related_name="composed")
    content = models.JSONField()  # composing.as_json
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, related_name="+")


class NumberSeries(models.Model):
    """Số văn bản theo đơn vị, tên loại và năm: the last number given, from 01 on 1 January (Nghị định 30/2020).

    Its row is locked while a number is given; ``notation`` is the one written last.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="number_series", db_index=False)
    kind = models.CharField(max_length=5, choices=DocumentKind)
    year = models.PositiveSmallIntegerField()
    notation = models.CharField(max_length=60, blank=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="one_number_series")]


class Citation(models.Model):
    """Căn cứ, viện dẫn: a link to a known document, or words still waiting for one.

    ``number_key``, ``issued_on`` and ``issuer_name`` are what the words say; the link is made from them.
    """

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="citations")
    text = models.CharField(max_length=500)  # as written in the citing document
    number_key = models.CharField(max_length=90, blank=True, db_collation="C")
    issued_on = models.DateField(null=True)
    issuer_name = models.CharField(max_length=200, blank=True)
    target = models.ForeignKey(Directive, models.SET_NULL, null=True, related_name="cited_by")
    is_basis = models.BooleanField(default=False)  # căn cứ at the head, not a mention in the text

    class Meta:
        indexes = [models.Index(fields=["number_key"], name="citation_number")]


class Attachment(models.Model):
    """Tệp kèm theo văn bản."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)


class Delivery(models.Model):
    """Gửi → xem → xác nhận đã nhận: one row per receiving unit. A draft's rows wait for its issue."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="deliveries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="deliveries", db_index=False)
    sent_by = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(db_default=DatabaseNow())
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directive", "unit"], name="delivered_once")]
        indexes = [
            models.Index(fields=["unit", "directive"], name="delivery_of_unit"),
            models.Index(
                fields=["directive", "seen_at"],
                condition=models.Q(acknowledged_at__isnull=True),
                name="delivery_awaited",
            ),
        ]


class DeliveryCount(models.Model):
    """Số nơi nhận, đã xem, đã nhận: kept by the database from the deliveries (migration 0005); the sum of a document's
    rows is exact.

    In several slots, one a database process: a nation that sees a document in one hour does not queue at one row. A slot
    alone may be below zero.
    """

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="counts", db_index=False)
    slot = models.SmallIntegerField()
    units = models.IntegerField()
    seen = models.IntegerField()
    acknowledged = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directive", "slot"], name="delivery_count_once")]


class Clause(models.Model):
    """Điều khoản: one piece of work as the document words it, in the document's order. ``ref``: "III.2", "Điều 3"."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="clauses")
    order = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="clause_order_once")]


class Reading(models.Model):
    """Bản đọc văn bản: the text somebody brought and what was understood of it, each item to be taken, changed or left out.

    ``items``: as ``directives.understood`` makes them, with places in ``text``. ``summary``: what laying out the programme
    will make, as it was tried; ``laid_out_at`` until it is undone, ``issued_at`` once it was carried out for good.
    ``entered``: laying out put the document in the register, so undoing takes it out again.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="readings")
    made_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=DatabaseNow())
    name = models.CharField(max_length=200)  # of the file; of a pasted text its first words
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    directive = models.OneToOneField(Directive, models.PROTECT, null=True, related_name="reading")
    entered = models.BooleanField(default=False)
    text = models.TextField(blank=True)  # empty while a job reads a scan
    refused = models.TextField(blank=True)  # why the job could not
    notes = models.JSONField(default=list)
    items = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    laid_out_at = models.DateTimeField(null=True)
    laid_out_by = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    summary = models.JSONField(default=dict)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "-id"], name="reading_of_unit")]

    @property
    def is_settled(self) -> bool:
        """Laid out or issued: its items stay as they are."""
        return self.laid_out_at is not None
