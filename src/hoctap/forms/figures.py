"""Whole figures as Vietnamese officers write them: reading and writing. Pure."""

from __future__ import annotations

import re

from hoctap.forms.spec import MAX_FIGURE

_PLAIN = re.compile(r"[0-9]+")
_DOTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_SPACES = re.compile(r"[1-9][0-9]{0,2}( [0-9]{3})+")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
_FRACTION = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)[.,]([0-9]+)")
# Full-width digits and signs (typed with an East Asian keyboard); every kind of space becomes a plain one.
_WIDE: dict[int, str | None] = {0xFF0C: ",", 0xFF0E: ".", 0xFF0D: "-", 0x2212: "-"}
_WIDE.update((0xFF10 + digit, str(digit)) for digit in range(10))
_WIDE.update(dict.fromkeys((0xA0, 0x2007, 0x2009, 0x202F, 0x3000), " "))
_WIDE.update(dict.fromkeys((0x200B, 0xFEFF, 0x2060)))


class FigureError(ValueError):
    """Not a figure. ``rule`` says what is wrong, ``advice`` what to write ("" when the rule says it all)."""

    def __init__(self, name: str, found: str, rule: str, advice: str = ""):
        self.found, self.rule, self.advice = found, rule, advice
        tail = f"; {advice}" if advice else ""
        super().__init__(f"{name} {rule}. Đang là {found}{tail}.")


def format_figure(value: int) -> str:
    """``1234567`` → ``"1.234.567"``; minus is −."""
    return f"{value:,}".replace(",", ".").replace("-", "−")


def parse_figure(text: str | None, name: str = "Số này") -> int | None:
    """Read one figure, 0…10¹³; blank is None ("không báo cáo"), which is not zero.

    ``name`` opens the message of the FigureError raised for anything else ("Số người", "Số lớp").
    """
    typed = "" if text is None else " ".join(text.translate(_WIDE).split())
    if not typed:
        return None
    if _PLAIN.fullmatch(typed) or _DOTS.fullmatch(typed) or _SPACES.fullmatch(typed):
        digits = typed.replace(".", "").replace(" ", "").lstrip("0") or "0"
        if len(digits) > 14 or int(digits) > MAX_FIGURE:
            raise too_large(name, shorten(typed))
        return int(digits)
    raise FigureError(name, *_explain(typed))


def too_large(name: str, found: str) -> FigureError:
    return FigureError(name, found, f"lớn hơn mức cao nhất {format_figure(MAX_FIGURE)}", "kiểm tra lại")


def shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _explain(typed: str) -> tuple[str, str, str]:
    """What was found, what is wrong with it, what to write instead."""
    if typed[0] == "-" and typed[1:2].isdigit():
        return shorten("−" + typed[1:]), "không nhận số âm", "chỉ nhận số nguyên từ 0"
    if _COMMAS.fullmatch(typed):
        whole = typed.replace(",", "")
        advice = f"viết {whole} hoặc {typed.replace(',', '.')}"
        return shorten(typed), "viết dấu phẩy nên hiểu được hai cách", shorten(advice)
    fraction = _FRACTION.fullmatch(typed)
    if fraction and len(typed) <= 20:
        below = int(fraction[1].replace(".", ""))
        choice = f"nhập {below} hoặc {below + 1}" if fraction[2].strip("0") else f"nhập {below}"
        return typed, "phải là số nguyên", choice
    if typed in ("-", "–", "—"):
        return f"“{typed}”", "chỉ nhận số nguyên từ 0", "không có số liệu thì để trống, bằng không thì ghi 0"
    return f"“{shorten(typed)}”", "chỉ nhận số nguyên từ 0", "viết bằng chữ số"
