"""Accounts, and the persons who learn. Who acts from which seat, and who belongs to which unit, is orgs' to know."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from hoctap.kernel.clock import DatabaseNow
from hoctap.people.enums import ConsentWay, Purpose, RequestKind


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, username: str, full_name: str, password: str | None = None, email: str = ""
    ) -> "User":
        user = self.model(username=username, full_name=full_name, email=self.normalize_email(email))
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Người dùng: the minimum to sign in and be named on what one did. No ID numbers, ethnicity or religion."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    password_is_temporary = models.BooleanField(default=False)  # set by an administrator, for one sign-in
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    # Django's own permission tables are not used: reach and the role table (orgs) decide.
    is_staff = False
    is_superuser = False

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_is_temporary = False

    def has_perm(self, perm: str, obj=None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def __str__(self) -> str:
        return self.full_name


class Person(models.Model):
    """Người học: the minimum to count a person once and to hand over what he or she learned.

    Who has no account signs in by ``Card``. A child (under 16, Luật 91/2025/QH15, Điều 24) has a guardian.
    ``merged_into``: the same person entered twice; whatever names this row means that one. An erased person keeps the row,
    without a name, so that what was counted stays counted.
    """

    full_name = models.CharField(max_length=120)
    name_folded = models.CharField(max_length=200, db_collation="C")
    sort_key = models.CharField(max_length=400, db_collation="C")
    birth_year = models.PositiveSmallIntegerField(null=True)
    contact = models.CharField(max_length=120, blank=True)
    guardian_name = models.CharField(max_length=120, blank=True)
    guardian_contact = models.CharField(max_length=120, blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, related_name="person")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    erased_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        indexes = [
            GinIndex(fields=["name_folded"], name="person_words", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["name_folded"], name="person_named"),
            models.Index(fields=["sort_key", "id"], name="person_sorted"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Consent(models.Model):
    """Đồng ý xử lý dữ liệu: for one purpose, by the person or the guardian; proof kept, may be withdrawn.

    Luật 91/2025/QH15 and Nghị định 356/2025/NĐ-CP: explicit, specific, recorded; silence is not consent.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    way = models.CharField(max_length=8, choices=ConsentWay)
    given_by = models.CharField(max_length=120)
    by_guardian = models.BooleanField(default=False)
    child_agreed = models.BooleanField(default=False)  # asked too, from 7 years on
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=models.Q(withdrawn_on=None), name="consent_once"
            )
        ]


class Card(models.Model):
    """Thẻ học tập: a printed QR (``token``) and a PIN, for people without e-mail; the unit's officer gives a new PIN."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="cards")
    token = models.CharField(max_length=32, unique=True)
    pin = models.CharField(max_length=128)  # hashed as a password
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    issued_at = models.DateTimeField(db_default=DatabaseNow())
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="card_one_at_a_time"
            )
        ]


class DataRequest(models.Model):
    """Yêu cầu về dữ liệu cá nhân: answered and finished within the legal clocks (rules)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=8, choices=RequestKind)
    asked_on = models.DateField()
    answer_by = models.DateField()
    finish_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    noted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(db_default=DatabaseNow())


class Book(models.Model):
    """Sách đã đọc: entered by the reader alone, seen by nobody else unless ``shown`` to her unit. Counted nowhere."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="books")
    title = models.CharField(max_length=250)
    author = models.CharField(max_length=120, blank=True)
    read_on = models.DateField()
    note = models.CharField(max_length=400, blank=True)  # what she took from it
    shown = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=DatabaseNow())


class Merge(models.Model):
    """Gộp người ghi trùng: ``gone`` meant the same as ``kept``. ``done`` says row by row what was moved, so that it can be
    taken back (activities.actions.merging); emptied when the person is erased.
    """

    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Person, models.CASCADE, related_name="+")
    done = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())
    undone_at = models.DateTimeField(null=True)


class Apart(models.Model):
    """Không phải cùng một người: somebody looked at two who look alike. Whom a merged one means is asked on reading."""

    one = models.ForeignKey(Person, models.CASCADE, related_name="+")  # of the smaller id
    other = models.ForeignKey(Person, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=DatabaseNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="apart_once")]


class PersonSheet(models.Model):
    """Tệp danh sách người đang xem trước: forgotten once it is taken, and after a day (orgs.actions.importing_people)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    data = models.BinaryField()
    at = models.DateTimeField(db_default=DatabaseNow())
