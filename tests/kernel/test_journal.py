"""Acts are written with who, from where and in which request; gone when the change is gone."""

import pytest
from django.db import transaction

from hoctap.kernel import journal
from hoctap.kernel.models import Act
from tests.cast import Cast


def test_an_act_names_the_seat_its_user_and_unit(cast: Cast):
    token = journal.request_id.set("abc123")
    try:
        journal.record("unit.look", cast.thcs, seat=cast.pgd_officer, on="2023-10-02")
    finally:
        journal.request_id.reset(token)
    act = Act.objects.latest("pk")
    assert (act.verb, act.object_type, act.object_id) == ("unit.look", "orgs.unit", cast.thcs.pk)
    assert (act.seat_id, act.user_id, act.unit_id) == (
        cast.pgd_officer.pk,
        cast.pgd_officer.user_id,
        cast.pgd.pk,
    )
    assert (act.details, act.request_id) == ({"on": "2023-10-02"}, "abc123")


def test_the_system_acts_from_no_seat(db):
    journal.record("outbox.drain")
    act = Act.objects.get()
    assert (act.seat_id, act.user_id, act.unit_id, act.object_type, act.object_id) == (
        None,
        None,
        None,
        "",
        None,
    )


def test_an_act_outlives_what_it_was_done_to(cast: Cast):
    journal.record("unit.look", cast.p1, seat=cast.p1_officer)
    seat, unit = cast.p1_officer.pk, cast.p1.pk
    cast.p1_officer.user.delete()
    act = Act.objects.latest("pk")
    assert (act.seat_id, act.object_id) == (seat, unit)


def test_what_did_not_happen_is_not_in_the_journal(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        journal.record("unit.look")
        raise ZeroDivisionError
    assert not Act.objects.exists()
