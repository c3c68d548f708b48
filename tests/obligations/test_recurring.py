"""Recurring rounds: the next one opens once, in time, with the tree that is still there."""

import threading
from datetime import date, datetime

import pytest
from django.db import connection

from hoctap.directives.actions import recall
from hoctap.forms.actions import publish_version
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from hoctap.obligations.actions import Due, RoundPlan, close_round, open_round
from hoctap.obligations.enums import DueRule, Frequency, Relation
from hoctap.obligations.models import Obligation, Round
from hoctap.obligations.recurring import open_due, set_frequency
from hoctap.orgs.actions import dissolve_unit
from hoctap.reports.actions import cascade
from tests.rounds import first_form, make_story
from tests.waiting import PATIENCE

VN = clock.VIETNAM


def on(day: int, month: int, year: int, hour: int = 8):
    return clock.frozen(datetime(year, month, day, hour, tzinfo=VN))


def owed(opened: Round, unit) -> Obligation:
    return Obligation.objects.select_related("parent__unit").get(round=opened, unit=unit)


@pytest.fixture
def monthly(story):
    """A month's figures from the two wards and, under one of them, its school; by "ngày 31" of each month."""
    cast = story.cast
    plan = RoundPlan(
        directive=story.round.directive,
        name="Số liệu tháng 01 năm 2024",
        form_version=story.version,
        period_from=date(2024, 1, 1),
        period_to=date(2024, 1, 31),
        frequency=Frequency.MONTHLY,
        recipients=[cast.q3, cast.sgd],
    )
    with on(2, 1, 2024):
        opened = open_round(seat=cast.pgd_officer, plan=plan, due=Due(DueRule.BY, date(2024, 2, 5)))
        root = owed(opened, cast.pgd)
        due = Due(DueRule.BY, date(2024, 1, 31))
        cascade(
            seat=cast.pgd_officer, obligation=root, units=[cast.p1, cast.p2], due=due, recipients=[cast.q3]
        )
        ward, school_due = owed(opened, cast.p1), Due(DueRule.BEFORE, date(2024, 1, 30))
        cascade(seat=cast.p1_officer, obligation=ward, units=[cast.thcs], due=school_due)
    opened.refresh_from_db()
    return opened


def test_nothing_opens_before_the_period_is_over(story, monthly):
    with on(31, 1, 2024, 23):
        assert open_due() == 0
    with on(1, 2, 2024, 0):
        assert open_due() == 1
    assert monthly.next.opened_at == datetime(2024, 2, 1, tzinfo=VN)


def test_the_worker_looks_each_hour(story, monthly, settings):
    from procrastinate.contrib.django import app

    from hoctap.obligations import jobs

    assert "hoctap.obligations.jobs" in settings.PROCRASTINATE_IMPORT_PATHS
    every = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert every["hoctap.obligations.jobs.open_recurring"] == "5 * * * *"
    with on(1, 2, 2024):
        jobs.open_recurring(0)
    assert monthly.next.name == "Số liệu tháng 02 năm 2024"


def test_what_happens_once_stays_alone(story):
    with on(1, 1, 2030):
        assert open_due() == 0


def test_months_that_were_missed_are_made_up_in_order(story, monthly):
    """The worker stood still until May; the 31st is the last day of a short month, and the 31st again after it."""
    cast = story.cast
    with on(20, 5, 2024):
        assert open_due() == 4
        assert open_due() == 0
    chain = list(Round.objects.exclude(previous=None).order_by("pk"))
    assert [r.previous for r in chain] == [monthly, *chain[:3]]
    assert [r.name for r in chain] == [f"Số liệu tháng 0{n} năm 2024" for n in (2, 3, 4, 5)]
    assert [(r.period_from.day, r.period_to) for r in chain[:2]] == [
        (1, date(2024, 2, 29)),
        (1, date(2024, 3, 31)),
    ]
    wards = [owed(r, cast.p1) for r in chain]
    assert [o.due_text for o in wards] == [
        f"chậm nhất ngày {day}/2024" for day in ("29/02", "31/03", "30/04", "31/05")
    ]
    assert [(r.first_due_on, owed(r, cast.thcs).due_on) for r in chain[:2]] == [
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 3, 30), date(2024, 3, 30)),
    ]
    assert wards[0].due_at == datetime(2024, 3, 1, tzinfo=VN)


def test_the_tree_comes_along(story, monthly):
    cast = story.cast
    with on(1, 2, 2024):
        open_due()
    again = monthly.next
    root, p1, school = (owed(again, unit) for unit in (cast.pgd, cast.p1, cast.thcs))
    assert (p1.parent, school.parent) == (root, p1)
    assert school.path.startswith(p1.path) and p1.path.startswith(root.path)
    assert (root.below, p1.below, school.below) == (3, 1, 0)
    assert (p1.relation, school.relation) == (Relation.COORDINATOR, Relation.COORDINATOR)
    assert [r.unit for r in root.recipients.order_by("order")] == [cast.q3, cast.sgd]
    assert [r.unit for r in p1.recipients.all()] == [cast.q3]
    assert [r.unit for r in school.recipients.all()] == [cast.p1]
    for unit in (cast.p1, cast.p2, cast.thcs):
        assert (
            Notice.objects.filter(unit=unit, kind="obligation", text__contains="tháng 02 năm 2024").count()
            == 1
        )
    assert "đã tự mở" in Notice.objects.get(unit=cast.pgd, kind="round").text


def test_who_is_dissolved_is_left_out_and_said(story, monthly):
    """Its own subordinate in the round reports to who gathered from it."""
    cast = story.cast
    with on(20, 1, 2024):
        dissolve_unit(seat=None, unit=cast.p1, on=date(2024, 1, 31))
    with on(1, 2, 2024):
        assert open_due() == 1
    again = monthly.next
    assert not Obligation.objects.filter(round=again, unit=cast.p1).exists()
    root, school = owed(again, cast.pgd), owed(again, cast.thcs)
    assert (school.parent, root.below) == (root, 2)
    assert school.relation == Relation.SUPERIOR  # the Phòng stands above it, as the ward did not
    assert [r.unit for r in school.recipients.all()] == [cast.pgd]
    said = Notice.objects.get(unit=cast.pgd, dedupe_key=f"left-out-{again.pk}").text
    assert "UBND Phường 1" in said and "kế thừa" in said
    assert Act.objects.get(verb="round.open", object_id=again.pk).details["left_out"] == [cast.p1.pk]


def test_a_dissolved_root_ends_it(story, monthly):
    Round.objects.exclude(pk=monthly.pk).update(frequency=Frequency.ONCE)
    story.cast.pgd.dissolved_on = date(2024, 1, 15)
    story.cast.pgd.save()
    with on(1, 2, 2024):
        assert open_due() == 0
    monthly.refresh_from_db()
    assert monthly.frequency == Frequency.ONCE


def test_a_recalled_document_asks_no_more(story, monthly):
    with on(20, 1, 2024):
        recall(seat=story.cast.q3_leader, directive=monthly.directive, reason="hết hiệu lực")
    with on(1, 6, 2024):
        assert open_due() == 0


def test_closing_a_round_does_not_end_the_duty(story, monthly):
    with on(31, 1, 2024, 23):
        close_round(seat=story.cast.pgd_officer, opened=monthly)
    with on(1, 2, 2024):
        assert open_due() == 1
    assert monthly.next.closed_at is None


def test_it_is_stopped_and_changed_on_the_newest_round(story, monthly):
    pgd = story.cast.pgd_officer
    with pytest.raises(Refusal, match="đơn vị tổng hợp"):
        set_frequency(seat=story.cast.p1_officer, opened=monthly, frequency=Frequency.ONCE)
    with on(1, 2, 2024):
        open_due()
        with pytest.raises(Refusal, match="Đợt sau đã mở: Số liệu tháng 02"):
            set_frequency(seat=pgd, opened=monthly, frequency=Frequency.ONCE)
        set_frequency(seat=pgd, opened=monthly.next, frequency=Frequency.QUARTERLY)
    act = Act.objects.get(verb="round.frequency")
    assert (act.object_id, act.details) == (monthly.next.pk, {"before": "monthly", "after": "quarterly"})
    with on(29, 2, 2024):
        set_frequency(seat=pgd, opened=monthly.next, frequency=Frequency.ONCE)
    with on(1, 1, 2025):
        assert open_due() == 0


def test_one_opened_by_hand_is_taken_for_it(story, monthly):
    plan = RoundPlan(
        directive=monthly.directive,
        name="Số liệu tháng 02 năm 2024",
        frequency=Frequency.MONTHLY,
        period_to=date(2024, 2, 29),
    )
    with on(25, 1, 2024):
        by_hand = open_round(seat=story.cast.pgd_officer, plan=plan, due=Due(DueRule.BY, date(2024, 2, 29)))
    with on(1, 2, 2024):
        open_due()
    by_hand.refresh_from_db()
    assert by_hand.previous == monthly
    assert Round.objects.filter(name=plan.name).count() == 1


def test_the_next_round_takes_the_newest_version_of_its_form(story, monthly):
    newer = first_form() | {"version": 2}
    newer["lines"][0]["label"] += " (sửa)"
    version = publish_version(seat=story.cast.pgd_officer, definition=newer)
    with on(1, 2, 2024):
        open_due()
    assert version.number > story.version.number and version.form_id == story.version.form_id
    assert (monthly.form_version, monthly.next.form_version) == (story.version, version)
    assert "biểu mẫu theo bản mới nhất" in Notice.objects.get(unit=story.cast.pgd, kind="round").text


def test_one_that_fails_does_not_hold_up_the_others(story, monthly, monkeypatch):
    from hoctap.obligations import recurring

    plan = RoundPlan(directive=monthly.directive, name="Năm 2023", frequency=Frequency.YEARLY)
    with on(2, 12, 2023):
        other = open_round(seat=story.cast.pgd_officer, plan=plan, due=Due(DueRule.BY, date(2023, 12, 31)))
    whole = recurring.open_next
    monkeypatch.setattr(recurring, "open_next", lambda pk: 1 / 0 if pk == monthly.pk else whole(pk))
    with on(1, 2, 2024):
        assert open_due() == 1
    assert other.next.name == "Năm 2024"


@pytest.mark.django_db(transaction=True)
def test_two_workers_open_one(cast, transactional_db):
    story = make_story(cast, with_form=False)
    Round.objects.filter(pk=story.round.pk).update(frequency=Frequency.YEARLY)
    opened, barrier = [], threading.Barrier(2)

    def work():
        try:
            with on(1, 12, 2024):
                barrier.wait(PATIENCE)
                opened.append(open_due())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(opened) == [0, 1]
    assert Round.objects.count() == 2
    assert Obligation.objects.filter(round__previous=story.round).count() == 3
