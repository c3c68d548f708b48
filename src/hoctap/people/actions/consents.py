"""Đồng ý: given for one purpose, withdrawn; what was given stays on record."""

from datetime import date

from django.db import transaction

from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy
from hoctap.people import rules
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Consent, Person


@transaction.atomic
def give_consent(
    *,
    person: Person,
    purpose: Purpose,
    way: ConsentWay,
    given_on: date,
    given_by: str = "",
    by_guardian: bool = False,
    child_agreed: bool = False,
    seat=None,
) -> Consent:
    """Record it; standing already: that one. ``given_by``: blank for the person's, or the guardian's, own name.

    Refusal for a day to come, for a child without the guardian, and for publishing what a child of 7 did not agree to.
    """
    kept = Person.objects.select_for_update().get(pk=person.pk)
    rules.require_standing(kept)
    places = _problems(kept, purpose, given_on, by_guardian, child_agreed)
    if places:
        raise Refusal(places[0][1], places)
    standing = kept.consents.filter(purpose=purpose, withdrawn_on=None).first()
    if standing:
        return standing
    consent = Consent.objects.create(
        person=kept,
        purpose=purpose,
        way=way,
        given_by=tidy(given_by) or (kept.guardian_name if by_guardian else kept.full_name),
        by_guardian=by_guardian,
        child_agreed=child_agreed,
        given_on=given_on,
        noted_by_id=seat.user_id if seat else None,
    )
    journal.record("consent.give", consent, seat=seat)
    return consent


@transaction.atomic
def withdraw_consent(*, consent: Consent, on: date | None = None, seat=None) -> None:
    """Rút lại, from ``on`` (today); withdrawn already: nothing."""
    kept = Consent.objects.select_for_update().get(pk=consent.pk)
    if kept.withdrawn_on:
        return
    on = on or clock.today()
    if not kept.given_on <= on <= clock.today():
        raise Refusal(
            f"Ngày rút lại phải từ ngày đồng ý ({kept.given_on:%d/%m/%Y}) đến hôm nay.",
            [("Ngày", "Xem lại ngày rút lại.")],
        )
    kept.withdrawn_on = on
    kept.save(update_fields=["withdrawn_on"])
    journal.record("consent.withdraw", kept, seat=seat)


def _problems(
    person: Person, purpose: Purpose, given_on: date, by_guardian: bool, child_agreed: bool
) -> list[tuple[str, str]]:
    if given_on > clock.today():
        return [("Ngày đồng ý", "Ngày đồng ý chưa tới. Ghi ngày người ấy đã đồng ý.")]
    if not rules.may_be_child(person.birth_year, given_on):
        return []
    if not by_guardian:
        why = (
            f"{person.full_name} sinh năm {person.birth_year}, có thể chưa đủ {rules.CHILD_UNDER} tuổi: phải có cha, mẹ "
            "hoặc người giám hộ đồng ý. Hỏi người giám hộ rồi đánh dấu “Người giám hộ đồng ý”."
        )
        return [("Người giám hộ đồng ý", why)]
    if not person.guardian_name:
        return [("Người giám hộ", "Chưa ghi tên người giám hộ. Sửa thông tin người này trước.")]
    if purpose == Purpose.PUBLISH and rules.is_asked_too(person.birth_year, given_on) and not child_agreed:
        why = f"Trẻ từ {rules.ASKED_FROM} tuổi: đăng tên, ảnh thì chính trẻ cũng phải đồng ý."
        return [("Trẻ đồng ý", why)]
    return []
