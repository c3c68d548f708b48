"""Rounds and the tree of obligations in them."""

from django.db import models

from hoctap.campaigns.models import Campaign
from hoctap.directives.models import Clause, Directive
from hoctap.forms.models import FormVersion
from hoctap.kernel.clock import DatabaseNow
from hoctap.obligations.enums import DueRule, Force, Frequency, Relation, TaskRole
from hoctap.orgs.models import Seat, Unit


class Round(models.Model):
    """Đợt báo cáo: one occurrence of a reporting regime (the ten statements of Nghị định 09/2019).

    ``form_version`` is null when only a written report is asked for; it never changes for the round's life.
    A round with a frequency is followed by the next one of the same regime (obligations.recurring), which names it as its
    ``previous``; ``first_due_on`` is the earliest day that is stated in it.
    """

    directive = models.ForeignKey(Directive, models.PROTECT, related_name="rounds")
    clause = models.CharField(max_length=120, blank=True)  # "mục IV"
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, related_name="rounds")
    name = models.CharField(max_length=250)
    content = models.TextField(blank=True)  # nội dung, đề cương
    form_version = models.ForeignKey(FormVersion, models.PROTECT, null=True, related_name="rounds")
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    cut_off = models.DateField(null=True)  # thời gian chốt số liệu
    frequency = models.CharField(max_length=10, choices=Frequency, default=Frequency.ONCE)
    previous = models.OneToOneField("self", models.PROTECT, null=True, related_name="next")
    first_due_on = models.DateField(null=True, editable=False)
    channel = models.CharField(max_length=250, blank=True)  # "qua bộ phận Tuyên giáo, mail …"
    opened_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=DatabaseNow())
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Obligation(models.Model):
    """Nghĩa vụ báo cáo: unit owes a report to the consolidator above it in the round's tree, by a moment.

    ``parent`` is the consolidator (``via`` if named, else ``to``); the root's report goes to ``recipients``.
    ``path`` holds obligation ids from the root down, base 36 and a dot each. ``due_at`` is the first moment
    that is late (exclusive); ``due_text`` is what the document says. Where it names no day (32/CDYT: "theo quy định")
    both are null and nothing is late, until an extension sets one. ``due_day`` is the day of the month that is meant, in a
    recurring round, where this month has no such day. Expectations are append-only.

    So that a nation is counted without reading it: ``below`` is how many stand under it in the tree; ``is_late`` (what
    stands came late) and ``overdue_at`` (from when it is overdue; null while something stands or nothing is awaited) are
    kept by the database from the report (reports, migration 0003), and counted by roll-up. No index holds them: sending
    writes them, and then no index anew.
    """

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="obligations", db_index=False
    )  # first in those below
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="obligations")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, db_collation="C")
    relation = models.CharField(max_length=12, choices=Relation, default=Relation.SUPERIOR)
    force = models.CharField(max_length=10, choices=Force, default=Force.ASSIGN)
    due_text = models.CharField(max_length=120)
    due_rule = models.CharField(max_length=8, choices=DueRule)
    due_on = models.DateField(null=True)
    due_day = models.PositiveSmallIntegerField(null=True, editable=False)
    due_at = models.DateTimeField(null=True)  # with extensions and "new deadline" on return
    below = models.PositiveIntegerField(db_default=0, editable=False)
    is_late = models.BooleanField(db_default=False, editable=False)
    overdue_at = models.DateTimeField(null=True, editable=False)
    added_at = models.DateTimeField(db_default=DatabaseNow())
    added_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    added_reason = models.CharField(max_length=250, blank=True)
    first_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="obligation_once_a_round")]
        indexes = [
            models.Index(fields=["round", "path"], name="obligation_path"),
            models.Index(fields=["unit", "due_at"], name="obligation_unit_due"),
        ]


class Follower(models.Model):
    """Được theo dõi, giám sát một đợt: a clause lets a body outside the line read this one round, and do nothing in it.

    ``clause`` is where the document says so ("mục III.1.1"), ``text`` its words ("tham gia giám sát …").
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="followers", db_index=False)  # first below
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="followed")
    clause = models.CharField(max_length=120)
    text = models.CharField(max_length=400, blank=True)
    added_by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=DatabaseNow())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit"], condition=models.Q(ended_at=None), name="follower_once_a_round"
            )
        ]


class Recipient(models.Model):
    """Nơi nhận báo cáo: every unit a report is addressed to; each sees and acknowledges separately."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="received_obligations")
    order = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "unit"], name="recipient_once")]


class Extension(models.Model):
    """Gia hạn: for one unit, with a reason; the last one counts."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField()
    reason = models.CharField(max_length=400)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())


class Reminder(models.Model):
    """Lời nhắc đã gửi; the unique key keeps a job from reminding twice for one occasion."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="reminders")
    occasion = models.CharField(max_length=40)  # "before-2", "after-1", "manual-<notice>"
    seat = models.ForeignKey(Seat, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "occasion"], name="reminded_once")]


class Task(models.Model):
    """Nhiệm vụ: a clause is this unit's to carry out, in this role, with this force; no figure is owed for it."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="tasks")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=10, choices=TaskRole, default=TaskRole.CARRY_OUT)
    force = models.CharField(max_length=10, choices=Force, default=Force.ASSIGN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clause", "unit"], name="task_once_a_clause")]


class PlannedActivity(models.Model):
    """Hoạt động dự kiến: what a unit means to do for a task, and when."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="planned")
    what = models.CharField(max_length=300)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())


class Target(models.Model):
    """Chỉ tiêu: what a document wants reached: a percentage, or a number of ``measure``, of ``subject``, by a year."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="targets")
    order = models.PositiveSmallIntegerField()
    percent = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    number = models.BigIntegerField(null=True)
    measure = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    by = models.PositiveSmallIntegerField(null=True)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["directive", "order"], name="target_order_once")]
