"""Telling a unit, and what its seats have read."""

from datetime import date

import pytest
from django.db import transaction

from hoctap.kernel import clock
from hoctap.notify.actions import mark_read, tell
from hoctap.notify.models import Letter, Notice
from hoctap.notify.queries import MOST, notices, unread_count
from hoctap.orgs.actions import grant_seat, revoke_seat
from hoctap.orgs.enums import Role
from tests.cast import Cast


def test_one_notice_and_a_letter_to_the_unit_and_each_who_sits_there(cast: Cast, settings):
    settings.SITE_URL = "https://hoctap.quan3.vn"
    tell(unit=cast.p1, kind="reminder", text="Nhắc gửi báo cáo\ntuần lễ học tập", url="/bao-cao/7/")

    notice = Notice.objects.get()
    assert (notice.unit, notice.kind, notice.url) == (cast.p1, "reminder", "/bao-cao/7/")
    assert notice.text == "Nhắc gửi báo cáo tuần lễ học tập"
    letters = {letter.to: letter for letter in Letter.objects.all()}
    assert set(letters) == {"hcm-q3-p1@example.vn", "p1-officer@example.vn", "p1-leader@example.vn"}
    letter = letters["p1-officer@example.vn"]
    assert letter.subject == "[Hoctap] Nhắc gửi báo cáo tuần lễ học tập"
    assert "Kính gửi Ủy ban nhân dân Phường 1" in letter.body
    assert "https://hoctap.quan3.vn/bao-cao/7/" in letter.body


def test_an_address_gets_one_letter_and_former_or_blocked_people_none(cast: Cast):
    officer, leader = cast.p1_officer, cast.p1_leader
    grant_seat(seat=None, user=officer.user, unit=cast.p1, role=Role.VIEWER, since=date(2020, 1, 1))
    revoke_seat(seat=None, granted=leader, on=clock.today())
    cast.p1.email = "P1-OFFICER@example.vn"
    cast.p1.save()
    tell(unit=cast.p1, kind="reminder", text="Nhắc")
    assert [letter.to.lower() for letter in Letter.objects.all()] == ["p1-officer@example.vn"]


def test_one_cause_tells_one_unit_once(cast: Cast):
    for unit in (cast.p1, cast.p2, cast.p1):
        tell(unit=unit, kind="obligation", text="Cần gửi", dedupe="round-1")
    assert list(Notice.objects.values_list("unit__code", flat=True)) == ["HCM-Q3-P1", "HCM-Q3-P2"]
    assert Letter.objects.count() == 6
    for _ in range(2):
        tell(unit=cast.p1, kind="withdrawn", text="Thu hồi", email=False)
    assert (Notice.objects.count(), Letter.objects.count()) == (4, 6)


def test_telling_is_part_of_the_callers_transaction(cast: Cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(unit=cast.p1, kind="obligation", text="Cần gửi", dedupe="x")
        raise ZeroDivisionError
    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


def test_a_long_text_is_cut_not_refused(cast: Cast):
    tell(unit=cast.p1, kind="returned", text="Đề nghị sửa: " + "lý do " * 200)
    assert len(Notice.objects.get().text) <= 400
    assert len(Letter.objects.first().subject) <= 160
    assert Letter.objects.first().body.count("lý do") == 200


def test_each_seat_remembers_how_far_it_has_read(cast: Cast):
    for n in range(3):
        tell(unit=cast.p1, kind="reminder", text=f"Tin {n}", email=False)
    tell(unit=cast.p2, kind="reminder", text="Tin của đơn vị khác", email=False)
    first, second, third = Notice.objects.filter(unit=cast.p1).order_by("pk")

    mark_read(seat=cast.p1_officer, up_to=second.pk)
    mark_read(seat=cast.p1_officer, up_to=first.pk)
    assert [(n.text, n.is_unread) for n in notices(cast.p1_officer)] == [
        ("Tin 2", True),
        ("Tin 1", False),
        ("Tin 0", False),
    ]
    assert unread_count(cast.p1_officer) == 1
    assert unread_count(cast.p1_leader) == 3
    assert [n.pk for n in notices(cast.p1_officer, before=third.pk, limit=1)] == [second.pk]


def test_what_is_told_later_is_unread_whatever_was_claimed(cast: Cast):
    mark_read(seat=cast.p1_officer, up_to=5)
    tell(unit=cast.p1, kind="reminder", text="Tin", email=False)
    mark_read(seat=cast.p1_officer, up_to=10**15)
    tell(unit=cast.p1, kind="reminder", text="Tin mới", email=False)
    assert unread_count(cast.p1_officer) == 1


def test_counting_and_listing_take_one_query_each(cast: Cast, django_assert_num_queries):
    Notice.objects.bulk_create(Notice(unit=cast.p1, kind="reminder", text=str(n)) for n in range(MOST + 20))
    with django_assert_num_queries(1):
        assert unread_count(cast.p1_officer) == MOST
    with django_assert_num_queries(1):
        assert len(list(notices(cast.p1_officer))) == 30
