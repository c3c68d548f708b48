"""What is counted over very many units: not while a page is read, but when somebody asked, and told with its time."""

from datetime import timedelta

import pytest
from django.test import Client

from hoctap.activities import jobs, reckoning
from hoctap.activities.actions.surveying import open_survey, state_needs
from hoctap.activities.models import Reckoning
from hoctap.activities.shares import shares
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions.headcounts import Heads, count_heads
from tests.activities.learning import held, person, topic
from tests.activities.test_shares import MAY, NOW, TRAINING, WORKERS, Question
from tests.pages import sign_in, words_of

SHARES = "/nhu-cau/ty-le/"


@pytest.fixture
def now(cast, monkeypatch):
    """Quận 3 with four units under it is wide here; and one worker in eight of Phường 1 learned."""
    monkeypatch.setattr(reckoning, "LIVE", 3)
    with clock.frozen(NOW):
        heads = [Heads(cast.p1, MAY, WORKERS, 8, 5)]
        count_heads(seat=cast.q3_officer, counts=heads)
        held(cast.p1, MAY, [person("An", cast.p1)], about="it")
        yield cast


def work() -> None:
    """As the worker does."""
    jobs.reckon()


def test_a_wide_unit_waits_to_be_asked_for_and_then_says_when_it_was_counted(now):
    office = sign_in(Client(), now.q3_officer)
    before = words_of(office.get(SHARES))
    assert "chưa ai cho tính" in before and "2023 Chưa tính" in before
    assert f"{now.p1.short_name} 0/1 +1 khai thiếu nhóm 8 5 1 12,5%" in before  # not wide itself
    done = words_of(office.post(SHARES + "tinh/", follow=True))
    assert "Đang tính" in done and "2023 Chưa tính" in done
    work()
    after = words_of(office.get(SHARES))
    assert "tính lúc 09:00, 20/11/2023" in after
    assert "2023 0/5 +1 khai thiếu nhóm 8 5 1 12,5%" in after and "Tính lại" in after
    assert "Tin học 1 12,5%" in after


def test_what_is_kept_is_what_would_be_counted_and_grows_old_until_the_night(now):
    question = Question(2023, TRAINING, (WORKERS,), now.q3.pk)
    reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[reckoning.about_trained(question)])
    assert reckoning.count_asked() == 1 and reckoning.count_asked() == 0

    def kept():
        return reckoning.trained(question, [now.q3.pk, now.p1.pk], [2023])

    assert kept().keys() == {now.q3.pk} and kept()[now.q3.pk][2023].share == shares([question])[0]
    held(now.p1, MAY, [person("Bình", now.p1)], about="it")
    assert kept()[now.q3.pk][2023].share.trained == 1
    reckoning.count_again()
    assert kept()[now.q3.pk][2023].share == shares([question])[0] and shares([question])[0].trained == 2


def test_what_was_kept_before_it_was_known_who_told_of_all_is_still_read(now):
    question = Question(2023, TRAINING, (WORKERS,), now.q3.pk)
    reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[reckoning.about_trained(question)])
    reckoning.count_asked()
    row = Reckoning.objects.get()
    del row.answer["share"]["complete"]
    row.save()
    assert reckoning.trained(question, [now.q3.pk], [2023])[now.q3.pk][2023].share.complete == 1


def test_what_nobody_asked_for_in_a_month_goes(now):
    about = reckoning.about_trained(Question(2023, TRAINING, (WORKERS,)))
    reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[about])
    with clock.frozen(NOW + timedelta(days=29)):
        reckoning.count_again()
    assert Reckoning.objects.get().answer["share"]["trained"] == 1
    with clock.frozen(NOW + timedelta(days=31)):
        reckoning.count_again()
    assert not Reckoning.objects.exists()


def test_what_has_just_been_counted_is_not_counted_again_and_strangers_ask_for_nothing(now):
    about = reckoning.about_trained(Question(2023, TRAINING, (WORKERS,)))
    for _ in range(2):
        reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[about])
        reckoning.count_asked()
    assert Reckoning.objects.get().asked_at == NOW
    with clock.frozen(NOW + timedelta(minutes=6)):
        reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[about])
        assert reckoning.count_asked() == 1
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        reckoning.ask(seat=now.p1_officer, unit=now.q3, abouts=[about])
    stranger = sign_in(Client(), now.stranger_officer)
    assert stranger.post(f"{SHARES}tinh/?don-vi={now.q3.code}").status_code == 404


def test_wide_units_right_below_are_counted_along(now, monkeypatch):
    about = reckoning.about_trained(Question(2023, TRAINING, (WORKERS,)))
    monkeypatch.setattr(reckoning, "LIVE", 0)
    reckoning.ask(seat=now.q3_officer, unit=now.q3, abouts=[about])
    assert {*Reckoning.objects.values_list("unit__code", flat=True)} == {now.q3.code, now.pgd.code}


def test_a_survey_of_many_units(now):
    survey = open_survey(seat=now.q3_officer, name="Nhu cầu 2024", year=2024, ends_on=NOW.date())
    state_needs(seat=now.p1_officer, survey=survey, unit=now.p1, people={topic("it"): 7})
    office, here = sign_in(Client(), now.q3_officer), f"/nhu-cau/{survey.pk}/"
    before = words_of(office.get(here))
    assert "chưa ai cho tính" in before and f"{now.p1.short_name} 1/1 7" in before
    assert office.get(f"/nhu-cau/{survey.pk}.xlsx").status_code == 200
    office.post(here + "tinh/")
    work()
    after = words_of(office.get(here))
    assert "Đơn vị đã trả lời 1/5" in after and "Tin học 7" in after and "20/11/2023" in after
