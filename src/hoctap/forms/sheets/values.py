"""One cell's value, as the reading library gives it, into a figure or a text."""

from __future__ import annotations

import datetime
import math

from hoctap.forms.figures import FigureError, format_figure, parse_figure, shorten, too_large
from hoctap.forms.sheets.stamp import clean_text
from hoctap.forms.spec import MAX_FIGURE
from hoctap.kernel.sheets import Value

NAME = "Ô này"
_RULE = "chỉ nhận số nguyên từ 0"


def figure_of(value: Value) -> int | None:
    """The figure in a cell, None when blank; FigureError for anything but a whole number 0…10¹³."""
    if type(value) is float:
        return _whole(value)
    if isinstance(value, str):
        return parse_figure(value, NAME)
    if isinstance(value, bool):
        raise FigureError(NAME, f"“{text_of(value)}”", _RULE)
    if isinstance(value, int):
        return _whole(value)
    raise FigureError(NAME, text_of(value), f"đang có định dạng ngày, giờ; {_RULE}", "đổi định dạng ô về Số")


def text_of(value: Value) -> str:
    """The value as one would read it in the cell (Vietnamese habits), cleaned."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _whole(value: float) -> int:
    if 0 <= value <= MAX_FIGURE and value == int(value):
        return int(value)
    found = _number_text(value)
    if not math.isfinite(value):
        raise FigureError(NAME, found, _RULE)
    if value < 0:
        raise FigureError(NAME, found, "không nhận số âm", _RULE)
    if value > MAX_FIGURE:
        raise too_large(NAME, shorten(found))
    below, thousand = int(value), value * 1000
    advice = f"nhập {below} hoặc {below + 1}"
    if 1 <= value < 1000 and math.isclose(thousand, round(thousand), rel_tol=1e-12) and round(thousand) % 10:
        # "1.234" typed where the dot is the decimal sign
        advice += f"; nếu là {format_figure(round(thousand))} thì ghi {round(thousand)}, không dấu"
    raise FigureError(NAME, found, "phải là số nguyên", advice)


def _number_text(value: float) -> str:
    if math.isfinite(value) and value == int(value):
        return format_figure(int(value))
    return f"{value:.12g}".replace(".", ",").replace("-", "−")
