"""Every address of Hoctap, from the URL table itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

# allauth guards its own views, and these answer whoever asks: sign-in, its ways back, language.
OPEN = {
    "account_login", "mfa_authenticate", "mfa_login_webauthn", "account_inactive", "resume", "session_state",
    "account_logout", "set_language", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key_done", "account_reset_password_from_key", "mfa_index",
    "account_change_password", "account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "service_worker", "check-in-code", "check-in", "register", "give-up", "calendar",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    view: Callable

    @property
    def is_open(self) -> bool:
        return self.name in OPEN


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield Route(pattern.name, tuple(pattern.pattern.regex.groupindex), pattern.callback)
        else:
            yield from _walk(pattern.url_patterns)


def closed(method: str | None = None, *, about_something: bool | None = None) -> list[Route]:
    """Routes that need a seat; ``about_something``: with (or without) the id of a thing in the address."""
    return [
        route
        for route in routes()
        if not route.is_open
        and (method is None or method in getattr(route.view, "methods", ()))
        and (about_something is None or bool(route.parameters) == about_something)
    ]
