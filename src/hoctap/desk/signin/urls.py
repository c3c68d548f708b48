"""The addresses of allauth that Hoctap opens; every other route of allauth does not exist here."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from hoctap.desk.access import open_to_all
from hoctap.desk.signin.views import resume, session_state


def _guarded(view):
    """allauth guards its own views: signed in, in the middle of signing in, or confirmed again."""
    return open_to_all(methods=("GET", "POST"))(never_cache(view))


def _open(route: str, view, name: str):
    return path(route, _guarded(view), name=name)


urlpatterns = [
    _open("dang-nhap/", account.login, "account_login"),
    _open("dang-nhap/xac-thuc/", mfa.authenticate, "mfa_authenticate"),
    _open("dang-nhap/van-tay/", passkeys.login_webauthn, "mfa_login_webauthn"),
    _open("dang-nhap/tam-ngung/", account.account_inactive, "account_inactive"),
    path("dang-nhap/tiep-tuc/", resume, name="resume"),
    path("dang-nhap/phien/", session_state, name="session_state"),
    _open("dang-xuat/", account.logout, "account_logout"),
    _open("ngon-ngu/", set_language, "set_language"),
    _open("quen-mat-khau/", account.password_reset, "account_reset_password"),
    _open("quen-mat-khau/da-gui/", account.password_reset_done, "account_reset_password_done"),
    _open(
        "quen-mat-khau/xong/", account.password_reset_from_key_done, "account_reset_password_from_key_done"
    ),
    re_path(
        r"^quen-mat-khau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _guarded(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _open("tai-khoan/", mfa.index, "mfa_index"),
    _open("tai-khoan/mat-khau/", account.password_change, "account_change_password"),
    _open("tai-khoan/xac-nhan/", account.reauthenticate, "account_reauthenticate"),
    _open("tai-khoan/xac-nhan/ma/", mfa.reauthenticate, "mfa_reauthenticate"),
    _open("tai-khoan/xac-nhan/van-tay/", passkeys.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _open("tai-khoan/ung-dung-ma/bat/", totp.activate_totp, "mfa_activate_totp"),
    _open("tai-khoan/ung-dung-ma/tat/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _open("tai-khoan/ma-du-phong/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _open("tai-khoan/ma-du-phong/tao/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _open("tai-khoan/ma-du-phong/tai/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    _open("tai-khoan/van-tay/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _open("tai-khoan/van-tay/them/", passkeys.add_webauthn, "mfa_add_webauthn"),
    _open("tai-khoan/van-tay/<int:pk>/ten/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    _open("tai-khoan/van-tay/<int:pk>/bo/", passkeys.remove_webauthn, "mfa_remove_webauthn"),
]
