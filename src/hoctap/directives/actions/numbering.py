"""Số văn bản: given at issue, one after the other per unit, kind and year, without gaps or doubles.

Whoever gives or enters a number holds the row of its series first, in the transaction that writes the document: two acts
at once take turns, and one that is rolled back gives its number back.
"""

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from hoctap.directives import numbers, queries, rules
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive, NumberSeries
from hoctap.kernel.errors import Conflict, Refusal

_INTEGER = 9  # digits that fit the column


class NumberGap(Conflict):
    """A number typed by hand leaves numbers out: look at the register, or confirm."""


def give(directive: Directive, *, confirmed: bool = False) -> None:
    """The next number, or the one typed by hand once it is checked, on a dated document that is being issued."""
    if not rules.is_outgoing(directive):
        if not directive.number:
            raise Refusal(
                "Văn bản của cơ quan khác mang số của cơ quan ấy. Ghi số như in trên văn bản rồi ban hành."
            )
        return
    series = hold(directive)
    if directive.number:
        _check(series, directive, confirmed)
        note(series, directive)
        return
    notation = directive.notation or series.notation
    if not notation:
        raise Refusal(
            "Dự thảo chưa có ký hiệu (ví dụ /KH-UBND). Sửa dự thảo, ghi ký hiệu rồi ban hành; số do hệ thống cấp."
        )
    write(directive, str(numbers.Number(f"{series.last + 1:02d}", notation, numbers.Style.STATE, "")))
    note(series, directive)


def write(directive: Directive, text: str) -> None:
    """Put a printed number in the document's row; not saved yet."""
    directive.number_text = numbers.printed(text)
    number = numbers.parse(directive.number_text)
    directive.number, directive.notation, directive.number_key = number.number, number.notation, number.key


def counts(directive: Directive) -> bool:
    """Whether the document takes a number of its unit's own series."""
    numbered = bool(directive.issued_on) and directive.status != DirectiveStatus.DRAFT
    return numbered and rules.is_outgoing(directive)


def hold(directive: Directive) -> NumberSeries:
    """The series of the document's unit, kind and year, locked until the transaction ends; a new one goes on from the
    register."""
    year = directive.issued_on.year  # type: ignore[union-attr]
    unit, kind = directive.registered_by_id, directive.kind
    NumberSeries.objects.get_or_create(unit_id=unit, kind=kind, year=year)
    series = NumberSeries.objects.select_for_update().get(unit=unit, kind=kind, year=year)
    series.last = series.last or _highest(directive)
    series.notation = series.notation or queries.remembered_notation(unit, kind, year)
    return series


def note(series: NumberSeries, directive: Directive) -> list[str]:
    """Move a held series on to the document's number; what is odd about it, in words."""
    last, number = series.last, _whole(directive.number)
    series.last = max(last, number or 0)
    series.notation = directive.notation or series.notation
    series.save()
    return [_gap(directive, last)] if number and last and number > last + 1 else []


def _check(series: NumberSeries, directive: Directive, confirmed: bool) -> None:
    key = directive.number_key.partition("/")[0]
    doubles = _register(directive).filter(number_key__startswith=f"{key}/")
    if key and (other := doubles.first()):
        raise Refusal(
            f"Số {directive.number} đã dùng trong năm {series.year}: {other}, “{other.subject[:120]}”. Xóa số trong dự thảo "
            f"để hệ thống cấp số kế tiếp ({series.last + 1:02d}), hoặc ghi số khác."
        )
    number = _whole(directive.number)
    if number and series.last and number > series.last + 1 and not confirmed:
        raise NumberGap(
            f"{_gap(directive, series.last)} Nếu các số ấy đã dùng trên sổ giấy thì xác nhận để ban hành; nếu không, xóa số "
            f"trong dự thảo để hệ thống cấp số {series.last + 1:02d}."
        )


def _gap(directive: Directive, last: int) -> str:
    missed = f"{last + 1:02d}" if _whole(directive.number) == last + 2 else f"{last + 1:02d} trở đi"
    return f"Số {directive.number} cách số gần nhất trong sổ ({last:02d}): bỏ trống số {missed}."


def _whole(number: str) -> int | None:
    return int(number) if number.isdecimal() and len(number) <= _INTEGER else None


def _register(directive: Directive):
    """What the unit issued itself of this kind and year, this document left out."""
    unit, kind = directive.registered_by_id, directive.kind
    year = directive.issued_on.year  # type: ignore[union-attr]
    found = Directive.objects.filter(registered_by=unit, issuer=unit, kind=kind, issued_on__year=year)
    return found.exclude(status=DirectiveStatus.DRAFT).exclude(pk=directive.pk)


def _highest(directive: Directive) -> int:
    plain = _register(directive).filter(number__regex=rf"^\d{{1,{_INTEGER}}}$")
    return plain.aggregate(highest=Max(Cast("number", IntegerField())))["highest"] or 0
