"""What the frame around every screen needs. Asked for only when the frame is drawn: at most two queries."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hoctap.orgs import roles

_REPORTS = ("/bao-cao/", "/tong-hop/", "/nhan-tep/", "/xuat-so-lieu/")
# Address name, words in the bar, words under the thumb, icon; and where pages stand that belong to it besides.
_NAV = (
    ("desk", gettext_noop("Bàn làm việc"), gettext_noop("Bàn làm việc"), "home", ()),
    ("directives", gettext_noop("Văn bản"), gettext_noop("Văn bản"), "doc", ()),
    ("rounds", gettext_noop("Đợt báo cáo"), gettext_noop("Báo cáo"), "board", _REPORTS),
    (
        "activities",
        gettext_noop("Hoạt động"),
        gettext_noop("Hoạt động"),
        "grad",
        ("/ghi-nhanh/", "/nhu-cau/"),
    ),
    ("units", gettext_noop("Đơn vị"), gettext_noop("Đơn vị"), "tree", ("/nguoi/", "/ket-qua-hoc/")),
)


@dataclass(frozen=True)
class NavItem:
    url: str
    words: str
    short: str
    icon: str
    current: bool


class Shell:
    """The frame: who sits here, where one can go, what is new."""

    def __init__(self, request: HttpRequest):
        self._request = request

    @cached_property
    def seat(self):
        """The acting seat, or None (not signed in, or no seat given yet)."""
        seat = getattr(self._request, "seat", None)
        return seat if seat else None

    @cached_property
    def initial(self) -> str:
        """The letter in the round mark: Vietnamese people are called by the last word of their name."""
        return self._request.user.full_name.split()[-1][:1].upper()

    @cached_property
    def nav(self) -> list[NavItem]:
        here = self._request.path
        items = []
        for name, words, short, icon, besides in _NAV:
            address = reverse(name)
            current = here == address if address == "/" else here.startswith((address, *besides))
            items.append(NavItem(address, _(words), _(short), icon, current))
        return items

    @cached_property
    def thumbs(self) -> list[NavItem]:
        """The tabs under the thumb: for who may record, "Ghi nhanh" in the middle stands for activities."""
        tabs = list(self.nav)
        if self.seat and roles.may(self.seat.role, roles.RECORD_ACTIVITY):
            address = reverse("capture")
            here = self._request.path.startswith((address, reverse("activities")))
            listed = next(n for n, item in enumerate(tabs) if item.url == reverse("activities"))
            tabs.pop(listed)
            tabs.insert(2, NavItem(address, _("Ghi nhanh"), _("Ghi nhanh"), "plus", here))
        return tabs

    @cached_property
    def unread(self) -> int:
        from hoctap.notify.queries import unread_count

        return unread_count(self.seat) if self.seat else 0

    @property
    def demo_world(self) -> bool:
        """The whole house is invented: known without the database, for the pages before and beside the screens."""
        return settings.DEMO

    @cached_property
    def demo(self) -> bool:
        return self.demo_world or bool(self.seat and self.seat.unit.is_demo)

    @property
    def languages(self) -> list[tuple[str, str]]:
        return settings.LANGUAGES

    @property
    def messages(self):
        return get_messages(self._request)


def shell(request: HttpRequest) -> dict:
    """The frame; and the token of forms, masked once a page: a list with a button in each row has as many forms."""
    return {"shell": Shell(request), "csrf_input": SimpleLazyObject(lambda: csrf_input(request))}
