"""Days and moments as Vietnamese officers write them, whatever language the browser speaks; choices in the reader's.

A browser's own date field follows the browser's language: most are sold speaking English and would read and show
10/12/2023 as 12 October. Plain text is read day first everywhere.
"""

import re

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d%m%Y", "%Y-%m-%d"]
LAST_MINUTE = "23:59"
_DAY_ALONE = re.compile(r"[\d/.-]+$")
_ISO = re.compile(r"\d{4}-\d\d-\d\dT")
_FILLER = re.compile(r"ngày|lúc|hết|,")
_HOUR = re.compile(r"\b(\d{1,2})\s*(?:giờ|h|:)\s*(\d{2}(?![\d/.-]))?\s*(?:phút)?")


def whole(text: str) -> int | None:
    """A whole number from an address or a form; None for anything else, or for more digits than any id has."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def choices(kind: type[TextChoices]) -> list[tuple[str, str]]:
    """The choices of a field, named in the reader's language."""
    return [(value, _(label)) for value, label in kind.choices]


def possible_year(day) -> None:
    """For a day or a moment: years outside are slips of the keyboard, and some of them no clock can reckon with."""
    if not 1900 <= day.year < 2200:
        raise forms.ValidationError(_("Năm %(year)s chưa đúng. Xem lại ngày.") % {"year": day.year})


class DayField(forms.DateField):
    """Một ngày: ``13/10/2023``; also ``13-10-2023``, ``13.10.2023``, ``13102023``."""

    default_validators = (possible_year,)
    default_error_messages = {"invalid": _("Ngày chưa đúng. Ghi ngày/tháng/năm, ví dụ 13/10/2023.")}

    def __init__(self, **options):
        options.setdefault("help_text", _("Ví dụ 13/10/2023"))
        super().__init__(
            input_formats=DAYS,
            widget=forms.DateInput({"autocomplete": "off"}, format="%d/%m/%Y"),
            **options,
        )

    def to_python(self, value):
        return super().to_python(value.strip() if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """Ngày và giờ Việt Nam: ``13/10/2023 14:00``, ``14 giờ 00 ngày 13/10/2023``.

    ``day_alone``: a day without an hour means its last minute, as "hết ngày 13/10/2023" does.
    """

    default_validators = (possible_year,)
    default_error_messages = {"invalid": _("Ngày giờ chưa đúng. Ghi như 13/10/2023 14:00.")}

    def __init__(self, *, day_alone: bool = False, **options):
        self.day_alone = day_alone
        options.setdefault(
            "help_text",
            _("Ví dụ 13/10/2023 hoặc 13/10/2023 14:00") if day_alone else _("Ví dụ 13/10/2023 14:00"),
        )
        super().__init__(
            input_formats=[f"{day}{gap}%H:%M" for day in DAYS for gap in (" ", "T")],
            widget=forms.DateTimeInput({"autocomplete": "off"}, format="%d/%m/%Y %H:%M"),
            **options,
        )

    def to_python(self, value):
        return super().to_python(self._plain(value) if isinstance(value, str) else value)

    def _plain(self, text: str) -> str:
        """``14 giờ ngày 13/10/2023`` → ``13/10/2023 14:00``."""
        if _ISO.match(text):
            return text
        text = " ".join(_FILLER.sub(" ", text.lower()).split())
        if _DAY_ALONE.match(text):
            return f"{text} {LAST_MINUTE}" if self.day_alone else text
        hour = _HOUR.search(text)
        if hour is None:
            return text
        day = (text[: hour.start()] + text[hour.end() :]).strip()
        return f"{day} {hour[1]}:{hour[2] or '00'}"
