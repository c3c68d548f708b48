"""Figures, dates and glue the way Vietnamese officers write them, in either language of the screens.

Null and zero are never confused: a null is ``–`` (not reported), zero is ``0``.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from markupsafe import Markup

from hoctap.kernel.clock import VIETNAM

BLANK = "–"
MINUS = "−"
NBSP = "\u00a0"

# Words that belong together, kept on one line in headings.
_COMPOUNDS = (
    "học tập|tự học|suốt đời|Tuần lễ|tuần lễ|báo cáo|văn bản|đơn vị|kế hoạch|Kế hoạch|Ủy ban|nhân dân|giáo dục|Giáo dục"
    "|tổng hợp|hoạt động|số liệu"
)
_GLUED = re.compile(rf"\b(?:{_COMPOUNDS})\b")
_NUMBERED = re.compile(
    r"\b(Quận|Phường|Phòng|dòng|Dòng|mục|Mục|khoản|Điều|điểm|số|ngày|tháng|năm|quý|bản|lúc) (?=[\dIVX])"
)


def vn_int(value: int | str | None) -> str:
    """``1234567`` → ``1.234.567``, ``-2`` → ``−2``, ``None`` or ``""`` → ``–``. Sums above 2⁵³ may come as text."""
    if value is None or value == "":
        return BLANK
    number = int(value)
    return f"{MINUS if number < 0 else ''}{abs(number):,}".replace(",", ".")


def vn_decimal(value: float | Decimal | None, places: int = 1) -> str:
    """``1111.5`` → ``1.111,5``; always ``places`` digits after the comma."""
    if value is None:
        return BLANK
    text = f"{abs(value):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS if value < 0 else ''}{text}"


def vn_percent(part: int | None, whole: int | None, places: int = 1) -> str:
    """Share of ``part`` in ``whole``: ``(14, 26)`` → ``53,8%``; ``–`` when there is no whole."""
    if part is None or not whole:
        return BLANK
    return f"{vn_decimal(Decimal(part) * 100 / Decimal(whole), places)}%"


def vn_signed(value: int | None) -> str:
    """A difference: ``+21``, ``−2``, ``0``."""
    return f"+{vn_int(value)}" if value and value > 0 else vn_int(value)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone")
    return moment.astimezone(VIETNAM)


def vn_date(value: date | datetime | None) -> str:
    """``02/10/2023``; a moment is taken in Asia/Ho_Chi_Minh."""
    if value is None:
        return BLANK
    day = _local(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def vn_iso(text: str) -> str:
    """A day kept as text: ``2023-10-13`` → ``13/10/2023``."""
    return vn_date(date.fromisoformat(text))


def vn_number(value: int | float) -> str:
    """As few digits as say it: ``85.5`` → ``85,5``, ``100`` → ``100``."""
    return vn_int(int(value)) if value == int(value) else f"{value:g}".replace(".", ",")


def vn_day(value: date | datetime | None) -> str:
    """Day and month, where the year is plain from the page: ``12/10``."""
    return vn_date(value)[:5]


def vn_time(moment: datetime | None) -> str:
    return BLANK if moment is None else f"{_local(moment):%H:%M}"


def vn_datetime(moment: datetime | None) -> str:
    """``09:41, 13/10/2023``."""
    return BLANK if moment is None else f"{_local(moment):%H:%M, %d/%m/%Y}"


def vn_short(moment: datetime | None) -> str:
    """For table columns: ``13/10, 09:02``."""
    return BLANK if moment is None else f"{_local(moment):%d/%m, %H:%M}"


def vn_weekday(value: date | datetime) -> str:
    """``Thứ Sáu, 13/10/2023``."""
    day = _local(value) if isinstance(value, datetime) else value
    names = (
        _("Thứ Hai"),
        _("Thứ Ba"),
        _("Thứ Tư"),
        _("Thứ Năm"),
        _("Thứ Sáu"),
        _("Thứ Bảy"),
        _("Chủ nhật"),
    )
    return f"{names[day.weekday()]}, {vn_date(day)}"


def iso(value: date | datetime) -> str:
    """For ``datetime=`` attributes."""
    return _local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def glue(text: str) -> str:
    """No-break spaces inside compounds and between a word and its number (``Quận 3``, ``dòng 1.7``); markup stays it."""
    glued = _GLUED.sub(lambda m: m[0].replace(" ", NBSP), str(text))
    glued = _NUMBERED.sub(lambda m: m[1] + NBSP, glued)
    return Markup(glued) if isinstance(text, Markup) else glued


FILTERS = {
    f.__name__: f
    for f in (
        vn_int, vn_number, vn_decimal, vn_percent, vn_signed, vn_date, vn_iso, vn_day,
        vn_time, vn_datetime, vn_short, vn_weekday, iso, glue,
    )
}  # fmt: skip
