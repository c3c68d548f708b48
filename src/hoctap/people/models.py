"""Accounts. A person acts from a seat (orgs); this room knows only who signs in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


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
