"""Numbers given at issue: per unit, kind and year, one after the other; typed numbers checked; many issuing at once."""

import threading
from datetime import date, datetime

import pytest
from django.db import connection, transaction

from hoctap.directives.actions import NumberGap, issue
from hoctap.directives.enums import DirectiveStatus, DocumentKind
from hoctap.directives.models import Directive, DirectiveText, NumberSeries
from hoctap.directives.queries import remembered_notation
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from tests.directives.making import entry, plan
from tests.rollup.folders import in_threads, somebody_waits
from tests.waiting import PATIENCE, eventually

OCT_5 = datetime(2023, 10, 5, 9, 0, tzinfo=clock.VIETNAM)


def draft(cast, **other) -> Directive:
    return plan(cast, **{"draft": True, "number_text": "/KH-UBND"} | other)


def issued(cast, **other) -> Directive:
    return issue(seat=cast.q3_leader, directive=draft(cast, **other))


class TestGiving:
    def test_numbers_begin_at_01_each_year_for_each_kind_and_unit(self, cast):
        first, second = issued(cast), issued(cast)
        assert [made.number_text for made in (first, second)] == ["01/KH-UBND", "02/KH-UBND"]
        assert second.number_key == "2/kh-ubnd"
        assert issued(cast, issued_on=date(2024, 1, 2)).number_text == "01/KH-UBND"
        letter = issued(cast, kind=DocumentKind.CV, number_text="/UBND-VX")
        assert letter.number_text == "01/UBND-VX"
        other = entry(
            cast.pgd_leader,
            kind=DocumentKind.KH,
            number_text="/KH-PGDĐT",
            draft=True,
            signer_name="Phạm Đăng Khoa",
        )
        assert issue(seat=cast.pgd_leader, directive=other).number == "01"

    def test_the_day_of_issue_stands_in_for_a_blank_date(self, cast):
        with clock.frozen(OCT_5):
            made = issued(cast, issued_on=None)
        assert (made.issued_on, made.listed_on, made.number) == (date(2023, 10, 5), date(2023, 10, 5), "01")
        assert DirectiveText.objects.get(directive=made).heading.endswith("01/KH-UBND")

    def test_the_notation_of_last_time_is_remembered(self, cast):
        issued(cast, number_text="/KH-UBND-VX")
        assert issued(cast, number_text="").number_text == "02/KH-UBND-VX"
        assert remembered_notation(cast.q3.pk, "KH", 2024) == "KH-UBND-VX"
        issued(cast, kind=DocumentKind.NQ, number_text="/2023/NQ-HĐND")
        assert (
            issued(cast, kind=DocumentKind.NQ, number_text="", issued_on=date(2024, 3, 1)).number_text
            == "01/2024/NQ-HĐND"
        )
        party = issued(cast, kind=DocumentKind.CT, number_text="-CT/QU")
        assert party.number_text == "01-CT/QU"
        with pytest.raises(Refusal, match="chưa có ký hiệu"):
            issued(cast, kind=DocumentKind.QD, number_text="")

    def test_another_bodys_document_bears_that_bodys_number(self, cast):
        theirs = draft(cast, issuer=None, issuer_name="Báo Giáo dục", number_text="")
        with pytest.raises(Refusal, match="mang số của cơ quan ấy"):
            issue(seat=cast.q3_leader, directive=theirs)
        assert not NumberSeries.objects.exists()

    def test_a_series_goes_on_from_what_the_register_holds(self, cast):
        plan(cast, number_text="41/KH-UBND")
        plan(cast, number_text="350/KH-UBND", draft=True)  # a draft has taken no number
        plan(cast, number_text="77/KH-UBND", issuer=cast.p1)  # somebody else's
        assert issued(cast).number == "42"


class TestTypedByHand:
    def test_the_next_number_moves_the_series_on(self, cast):
        issued(cast)
        assert issued(cast, number_text="02/KH-UBND").number == "02"
        assert issued(cast).number == "03"

    def test_a_used_number_is_refused_with_what_bears_it(self, cast):
        issued(cast)
        with pytest.raises(Refusal, match="Số 1 đã dùng trong năm 2023: Kế hoạch 01/KH-UBND"):
            issued(cast, number_text="1/KH-UBND-VX")

    def test_a_gap_is_asked_about(self, cast):
        issued(cast)
        ahead = draft(cast, number_text="7/KH-UBND")
        with pytest.raises(NumberGap, match=r"cách số gần nhất trong sổ \(01\): bỏ trống số 02 trở đi"):
            issue(seat=cast.q3_leader, directive=ahead)
        assert Directive.objects.get(pk=ahead.pk).status == DirectiveStatus.DRAFT
        assert issued(cast).number == "02"
        issue(seat=cast.q3_leader, directive=ahead, confirm_gap=True)
        assert issued(cast).number == "08"

    def test_a_number_left_out_may_be_filled_later(self, cast):
        plan(cast, number_text="5/KH-UBND")
        assert issued(cast, number_text="03/KH-UBND").number == "03"
        assert issued(cast).number == "06"

    def test_a_paper_document_entered_with_its_number_moves_the_series_on(self, cast):
        issued(cast)
        plan(cast, number_text="09/KH-UBND")
        assert issued(cast).number == "10"

    def test_a_number_with_a_letter_takes_no_place_in_the_series(self, cast):
        issued(cast)
        assert issued(cast, number_text="01a/KH-UBND").number == "01a"
        assert issued(cast).number == "02"


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
class TestAtOnce:
    def test_many_issuing_at_once_take_each_number_once(self, cast):
        drafts = [draft(cast) for _ in range(24)]
        begin = threading.Barrier(8)

        def press(share: list[Directive]):
            def run() -> None:
                begin.wait(PATIENCE)
                for one in share:
                    issue(seat=cast.q3_leader, directive=one)

            return run

        in_threads([press(drafts[start::8]) for start in range(8)])
        numbers = sorted(int(made.number) for made in Directive.objects.filter(kind=DocumentKind.KH))
        assert numbers == list(range(1, 25))
        assert NumberSeries.objects.get().last == 24

    def test_an_issue_that_is_rolled_back_gives_its_number_back(self, cast):
        failing, waiting = draft(cast), draft(cast)
        taken, go = threading.Event(), threading.Event()

        def fail() -> None:
            with pytest.raises(RuntimeError), transaction.atomic():
                assert issue(seat=cast.q3_leader, directive=failing).number == "01"
                taken.set()
                go.wait(PATIENCE)
                raise RuntimeError("power cut")

        def follow() -> None:
            taken.wait(PATIENCE)
            go.set()
            issue(seat=cast.q3_leader, directive=waiting)

        in_threads([fail, follow])
        assert Directive.objects.get(pk=waiting.pk).number == "01"
        assert Directive.objects.get(pk=failing.pk).number == ""
        assert connection.in_atomic_block is False

    def test_an_issue_waits_for_a_paper_number_that_is_being_entered(self, cast):
        ready = draft(cast)
        entered, go = threading.Event(), threading.Event()

        def enter() -> None:
            with transaction.atomic():
                plan(cast, number_text="01/KH-UBND-VX")
                entered.set()
                go.wait(PATIENCE)

        def press() -> None:
            entered.wait(PATIENCE)
            issue(seat=cast.q3_leader, directive=ready)

        def referee() -> None:
            entered.wait(PATIENCE)
            eventually(somebody_waits)
            go.set()

        in_threads([enter, press, referee])
        assert Directive.objects.get(pk=ready.pk).number == "02"
