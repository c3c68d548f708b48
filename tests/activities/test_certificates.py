"""Certificates: who gets one, numbers without gaps, and the three states."""

import pytest
from django.db import transaction

from hoctap.activities.actions import cancel_activity
from hoctap.activities.actions.certifying import (
    candidates,
    issue_certificates,
    replace_certificate,
    revoke_certificate,
)
from hoctap.activities.enums import CertificateState, Part
from hoctap.activities.models import Certificate
from hoctap.activities.rules import certificate_state
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Letter
from hoctap.people.actions import give_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Consent, Person, User
from tests.learning import DAY, attend, held_class, learner


@pytest.fixture
def activity(cast):
    """Three sessions: Hoa at all, Bình at two, Cúc speaks."""
    made = held_class(cast.pgd_officer, 3)
    for name, count in (("Trần Văn Bình", 2), ("Nguyễn Thị Hoa", 3)):
        attend(made, learner(cast.p1, name), count)
    attend(made, learner(cast.p1, "Lê Thị Cúc"), part=Part.SPEAKER)
    return made


def issue(seat, activity, share=80, people=None):
    return issue_certificates(
        seat=seat, activity=activity, share=share, position="Trưởng phòng", people=people
    )


def test_who_was_there_often_enough_as_a_learner_gets_one(cast, activity):
    assert [one.name for one in issue(cast.pgd_leader, activity, 67)] == ["Nguyễn Thị Hoa"]
    (other,) = issue(cast.pgd_leader, activity, 66)
    assert (other.name, other.sessions, str(other.hours)) == ("Trần Văn Bình", 2, "4.0")
    assert issue(cast.pgd_leader, activity, 66) == []
    assert Act.objects.filter(verb="certificate.issue").count() == 2


def test_none_for_a_cancelled_activity(cast, activity):
    cancel_activity(seat=cast.pgd_officer, activity=activity, reason="Ghi nhầm")
    with pytest.raises(Refusal, match="đã hủy nên không cấp"):
        issue(cast.pgd_leader, activity)
    assert not Certificate.objects.exists()


def test_numbers_go_on_without_gaps_by_unit_and_year(cast, activity):
    year = issue(cast.pgd_leader, activity, 67)[0].issued_at.year
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue(cast.pgd_leader, activity, 66)
        raise ZeroDivisionError
    issue(cast.pgd_leader, activity, 66)
    another = held_class(cast.p1_officer, 1)
    attend(another, learner(cast.p1, "Phạm Thị Dung"))
    issue(cast.p1_leader, another)
    assert sorted(Certificate.objects.values_list("number", flat=True)) == [
        f"01/{year}/CN-HCM-Q3-P1", f"01/{year}/CN-HCM-Q3-PGD", f"02/{year}/CN-HCM-Q3-PGD",
    ]  # fmt: skip


@pytest.mark.parametrize("seat", ["pgd_officer", "p2_leader", "stranger_leader"])
def test_only_a_leader_of_the_host_or_above_issues(cast, activity, seat):
    with pytest.raises(Refusal):
        issue(getattr(cast, seat), activity)
    assert not Certificate.objects.exists()


def test_the_unit_of_the_leader_who_signs_issues(cast, activity):
    (one,) = issue(cast.q3_leader, activity)
    assert "/CN-HCM-Q3" in one.number and one.issued_by.unit == cast.q3


@pytest.mark.parametrize(("share", "position"), [(0, "Trưởng phòng"), (101, "Trưởng phòng"), (80, " ")])
def test_an_impossible_share_or_no_position_is_refused(cast, activity, share, position):
    with pytest.raises(Refusal) as refused:
        issue_certificates(seat=cast.pgd_leader, activity=activity, share=share, position=position)
    assert refused.value.places


def test_one_taken_back_is_given_again_only_by_name(cast, activity):
    (one,) = issue(cast.pgd_leader, activity)
    revoked = revoke_certificate(seat=cast.pgd_leader, certificate=one, reason="Điểm danh nhầm")
    assert certificate_state(revoked) == CertificateState.REVOKED
    assert issue(cast.pgd_leader, activity) == []
    (again,) = issue(cast.pgd_leader, activity, people=[one.person_id])
    assert certificate_state(again) == CertificateState.VALID
    with pytest.raises(Refusal):
        revoke_certificate(seat=cast.pgd_leader, certificate=one, reason="Lần nữa")


def test_a_wrong_name_is_replaced_under_a_new_number(cast, activity):
    (old,) = issue(cast.pgd_leader, activity)
    new = replace_certificate(seat=cast.pgd_leader, certificate=old, name="Nguyễn Thị Hòa")
    old.refresh_from_db()
    assert (certificate_state(old), certificate_state(new)) == (
        CertificateState.SUPERSEDED,
        CertificateState.VALID,
    )
    assert old.superseded_by == new and new.number.startswith("02/") and new.hours == old.hours
    assert new.token != old.token
    for act in (
        lambda: replace_certificate(seat=cast.pgd_leader, certificate=old, name="Nguyễn Thị Hoà"),
        lambda: revoke_certificate(seat=cast.pgd_leader, certificate=old, reason="Sai"),
        lambda: replace_certificate(seat=cast.pgd_leader, certificate=new, name="Nguyễn Thị Hòa"),
        lambda: revoke_certificate(seat=cast.pgd_leader, certificate=new, reason=" "),
        lambda: revoke_certificate(seat=cast.p1_leader, certificate=new, reason="Ngoài phạm vi"),
    ):
        with pytest.raises(Refusal):
            act()


def test_who_took_back_the_consent_is_not_named(cast, activity):
    person = candidates(activity)[0].person
    consent = Consent.objects.create(
        person=person, purpose=Purpose.RECORD, way=ConsentWay.PAPER, given_by=person.full_name, given_on=DAY
    )
    assert candidates(activity)[0].may_have
    consent.withdrawn_on = DAY
    consent.save()
    assert [one.withdrawn for one in candidates(activity)] == [True, False]
    assert person.full_name not in [one.name for one in issue(cast.pgd_leader, activity, 1)]


def test_an_unknown_length_leaves_the_hours_out(cast):
    activity = held_class(cast.pgd_officer, 2, hours=None)
    attend(activity, learner(cast.p1, "Nguyễn Thị Hoa"))
    (one,) = issue(cast.pgd_leader, activity)
    assert (one.hours, one.sessions) == (None, 2)


# ---- who is told ----


def _reachable(name: str, contact: str = "hoa@example.vn", *, agrees: bool = True) -> Person:
    person = Person.objects.get(full_name=name)
    Person.objects.filter(pk=person.pk).update(contact=contact)
    if agrees:
        give_consent(person=person, purpose=Purpose.CONTACT, way=ConsentWay.PAPER, given_on=DAY)
    return person


def test_who_agreed_to_be_written_to_is_told_once_with_the_address_to_check_it(cast, activity, settings):
    settings.SITE_URL = "https://hoctap.example.vn"
    _reachable("Nguyễn Thị Hoa")
    _reachable("Trần Văn Bình", "binh@example.vn", agrees=False)
    made = issue(cast.pgd_leader, activity, 50)
    issue(cast.pgd_leader, activity, 50)
    assert len(made) == 2
    letter = Letter.objects.get()
    hers = next(one for one in made if one.name == "Nguyễn Thị Hoa")
    assert (letter.to, letter.subject) == ("hoa@example.vn", "Chứng nhận: Lớp kỹ năng số")
    assert hers.number in letter.body
    assert f"https://hoctap.example.vn/chung-nhan/{hers.token}/" in letter.body


def test_an_account_is_written_to_at_its_own_address(cast, activity):
    person = Person.objects.get(full_name="Nguyễn Thị Hoa")
    user = User.objects.create_user("hoa", "Nguyễn Thị Hoa", email="hoa@co-quan.vn")
    Person.objects.filter(pk=person.pk).update(user=user)
    issue(cast.pgd_leader, activity)
    assert Letter.objects.get().to == "hoa@co-quan.vn"


def test_taking_back_and_replacing_are_told_without_the_reason(cast, activity):
    _reachable("Nguyễn Thị Hoa")
    (one,) = issue(cast.pgd_leader, activity)
    new = replace_certificate(seat=cast.pgd_leader, certificate=one, name="Nguyễn Thị Hòa")
    revoke_certificate(seat=cast.pgd_leader, certificate=new, reason="Điểm danh nhầm")
    _issued, replaced, revoked = Letter.objects.order_by("pk")
    assert new.number in replaced.body and one.number in replaced.body and new.token in replaced.body
    assert revoked.subject.startswith("Thu hồi chứng nhận") and "Điểm danh nhầm" not in revoked.body


def test_what_was_not_issued_is_told_to_nobody(cast, activity):
    _reachable("Nguyễn Thị Hoa")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue(cast.pgd_leader, activity)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
