"""Báo cáo định kỳ: the next round of a regime opens by itself, with the same tree, its days and words a turn later."""

import logging
from datetime import date

from django.db import transaction

from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive
from hoctap.forms.models import FormVersion
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.tracing import where
from hoctap.notify.actions import Told, tell_all
from hoctap.obligations import periods, rules
from hoctap.obligations.actions import require_root
from hoctap.obligations.copying import TreeCopy, is_gone
from hoctap.obligations.enums import Frequency
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Seat, Unit

log = logging.getLogger("hoctap.obligations")


def open_due() -> int:
    """Open every next round whose day has come, the missed ones in order; how many.

    Each in a transaction of its own: run again or twice at once, it opens nothing twice. What fails is logged, and tried
    again the next time.
    """
    count = 0
    waiting = Round.objects.filter(next=None, directive__status=DirectiveStatus.ISSUED)
    for pk in waiting.exclude(frequency=Frequency.ONCE).order_by("pk").values_list("pk", flat=True):
        try:
            while (opened := open_next(pk)) is not None:
                pk, count = opened.pk, count + 1
        except Exception as error:
            log.error("the round after %s not opened: %s", pk, where(error))
    return count


@transaction.atomic
def open_next(pk: int) -> Round | None:
    """The round after this one, once its day has come; None before that, or when there is one already.

    One that was opened by hand meanwhile, from the same document with the same name, is taken for it.
    """
    directive = Round.objects.values_list("directive", flat=True).get(pk=pk)
    Directive.objects.select_for_update(no_key=True).get(pk=directive)  # not recalled meanwhile
    Round.objects.select_for_update(no_key=True).get(pk=pk)  # nor opened by another, nor its tree changed
    last = Round.objects.select_related("directive", "campaign", "form_version", "next").get(pk=pk)
    day, root = rules.next_opens_on(last), _root(last)
    if day is None or day > clock.today() or rules.has_next(last):
        return None
    if is_gone(root.unit):
        _stop(last, None, reason="root dissolved")
        return None
    name = _next_name(last)
    by_hand = Round.objects.filter(
        directive=last.directive_id, name=name, previous=None, opened_by__unit_id=root.unit_id
    )
    opened = by_hand.exclude(pk=pk).order_by("pk").first()
    if opened:
        opened.previous = last
        opened.save(update_fields=["previous"])
        journal.record("round.continue", opened, previous=pk)
        return opened
    opened = _opened(last, name, day)
    copy = TreeCopy(last, opened)
    copy.lay()
    tell_all([_told_root(last, opened, root.unit), *_told_left_out(opened, copy.left_out)])
    journal.record("round.open", opened, previous=pk, left_out=[unit.pk for unit, _ in copy.left_out])
    return opened


@transaction.atomic
def set_frequency(*, seat: Seat, opened: Round, frequency: Frequency) -> None:
    """How often the round recurs from now on; ONCE stops it. Decided on the newest round of the regime."""
    require_root(seat, opened)
    Round.objects.select_for_update(no_key=True).get(pk=opened.pk)
    last = Round.objects.select_related("next").get(pk=opened.pk)
    if rules.has_next(last):
        raise Refusal(
            f"Đợt sau đã mở: {last.next.name}. Vào đợt đó để đổi tần suất hoặc dừng lặp lại; đợt này giữ nguyên."
        )
    if last.frequency != frequency:
        _stop(last, seat) if frequency == Frequency.ONCE else _change(last, seat, frequency)


def _change(last: Round, seat: Seat | None, frequency: Frequency, **details) -> None:
    before = last.frequency
    Round.objects.filter(pk=last.pk).update(frequency=frequency)
    journal.record("round.frequency", last, seat=seat, before=before, after=str(frequency), **details)


def _stop(last: Round, seat: Seat | None, **details) -> None:
    _change(last, seat, Frequency.ONCE, **details)


def _root(opened: Round) -> Obligation:
    return Obligation.objects.select_related("unit").get(round=opened, parent=None)


def _near(opened: Round) -> date:
    """A day that lies in the round's period, or where none is stated at its deadline."""
    return opened.period_to or opened.period_from or opened.first_due_on or rules.opened_day(opened)


def _next_name(last: Round) -> str:
    near, frequency = _near(last), Frequency(last.frequency)
    later = periods.moved(near, periods.MONTHS[frequency])
    return periods.next_name(last.name, frequency, near, later)


def _opened(last: Round, name: str, day: date) -> Round:
    months = periods.MONTHS[Frequency(last.frequency)]
    campaign = last.campaign if last.campaign and last.campaign.ends_on >= day else None
    return Round.objects.create(
        previous=last,
        directive=last.directive,
        clause=last.clause,
        campaign=campaign,
        name=name,
        content=last.content,
        form_version=_newest(last.form_version),
        period_from=last.period_from and periods.moved(last.period_from, months),
        period_to=last.period_to and periods.moved_end(last.period_to, months),
        cut_off=last.cut_off and periods.moved_end(last.cut_off, months),
        frequency=last.frequency,
        channel=last.channel,
        opened_by=last.opened_by,
    )


def _newest(version: FormVersion | None) -> FormVersion | None:
    """The form as it stands now: a round keeps its version for life, the next one takes the newest."""
    return version and FormVersion.objects.filter(form=version.form_id).latest("number")


def _told_root(last: Round, opened: Round, unit: Unit) -> Told:
    """The unit that gathers the whole, which has not been told by anybody."""
    form = "" if opened.form_version_id == last.form_version_id else ", biểu mẫu theo bản mới nhất"
    text = (
        f"Đợt {Frequency(opened.frequency).label.lower()} đã tự mở: {opened.name}. Đơn vị và hạn theo đợt trước{form}. "
        "Xem lại, giao thêm hoặc gia hạn nếu cần."
    )
    return _told(opened, unit, "recurring", text)


def _told_left_out(opened: Round, left_out: list[tuple[Unit, Unit]]) -> list[Told]:
    """Each who gathered from a unit that is dissolved."""
    by_gatherer: dict[int, list[tuple[Unit, Unit]]] = {}
    for pair in left_out:
        by_gatherer.setdefault(pair[1].pk, []).append(pair)
    return [
        _told(
            opened,
            pairs[0][1],
            "left-out",
            f"Đợt này không còn {', '.join(gone.short_name for gone, _ in pairs)} (đã giải thể): {opened.name}. "
            "Giao cho đơn vị kế thừa nếu có.",
        )
        for pairs in by_gatherer.values()
    ]


def _told(opened: Round, unit: Unit, what: str, text: str) -> Told:
    return Told(unit, "round", text, f"/dot-bao-cao/{opened.pk}/", dedupe=f"{what}-{opened.pk}")
