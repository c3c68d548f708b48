"""Where allauth asks the house: no open sign-up, the words of a failed sign-in, letters through the outbox."""

from datetime import UTC, datetime

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk import throttle
from hoctap.desk.formats import vn_time

FAILURES = (30, throttle.MINUTE)  # of one address, whatever the names


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("mfa_index")

    def pre_authenticate(self, request, **credentials) -> None:
        self._tried = self._get_login_attempts_cache_key(request, **credentials)
        if not throttle.has_room(request, "sign-in", FAILURES):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request, **credentials) -> None:
        throttle.count(request, "sign-in", FAILURES)

    def validation_error(self, code, *args) -> ValidationError:
        if code in ("username_password_mismatch", "email_password_mismatch"):
            return ValidationError(self._wrong_password(), code=code)
        if code == "too_many_login_attempts":
            return ValidationError(self._locked(), code=code)
        return super().validation_error(code, *args)

    def _failures(self) -> tuple[ratelimit.Rate | None, list[float]]:
        """The limit per name, and the moments (newest first) at which this name failed within it."""
        if not hasattr(self, "_tried"):
            return None, []
        where = {"app": "allauth.account", "action": "login_failed"}
        rate = next((r for r in ratelimit.get_rates(**where) if r.per == "key"), None)
        if rate is None:
            return None, []
        key = ratelimit.get_cache_key(self.request, **where, rate=rate, key=self._tried)
        return rate, cache.get(key, [])

    def _wrong_password(self) -> str:
        rate, failures = self._failures()
        if rate is None:
            return _("Tên đăng nhập hoặc mật khẩu chưa đúng.")
        left = rate.amount - len(failures)
        if left <= 0:
            return _("Tên đăng nhập hoặc mật khẩu chưa đúng.") + " " + self._locked()
        return _(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Còn %(num)d lần thử trước khi tạm khóa %(minutes)d phút."
        ) % {"num": left, "minutes": rate.duration // 60}

    def _locked(self) -> str:
        rate, failures = self._failures()
        if rate is None or len(failures) < rate.amount:
            return _("Có quá nhiều lần thử từ mạng này. Chờ một phút rồi thử lại.")
        until = datetime.fromtimestamp(failures[-1] + rate.duration, UTC)
        return _("Sai nhiều lần nên tạm khóa. Thử lại sau %(time)s, hoặc đặt lại mật khẩu.") % {
            "time": vn_time(until)
        }


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return "Hoctap"

    def build_totp_svg(self, url: str) -> str:
        """Only the drawing: it is put inline, because the content policy takes no ``data:`` images."""
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]
