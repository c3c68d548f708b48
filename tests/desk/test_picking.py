"""Choosing units where there are thousands: searched on the server, all right below in one act."""

import re
from datetime import date

import pytest

from hoctap.directives.actions import deliver
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation
from hoctap.reports.actions import cascade
from tests.browser import NARROW, WIDE, axe, fits
from tests.directives.making import plan
from tests.pages import words_of

pytestmark = pytest.mark.django_db
DUE = {"rule": "before", "on": "13/10/2023", "force": "assign"}


@pytest.fixture
def few_shown(monkeypatch):
    for place in ("desk.picking", "desk.directives.screen", "desk.obligations.screen"):
        monkeypatch.setattr(f"hoctap.{place}.SHOWN", 1)


@pytest.fixture
def root(cast) -> Obligation:
    opened = open_round(
        seat=cast.q3_officer,
        plan=RoundPlan(directive=plan(cast), name="Kết quả Tuần lễ"),
        due=Due(DueRule.BEFORE, date(2023, 10, 20)),
    )
    return opened.obligations.get()


def units_of(obligation: Obligation) -> set:
    return {child.unit for child in obligation.children.select_related("unit")}


class TestSending:
    def test_all_right_below_by_one_button(self, cast, signed_in, few_shown):
        made = plan(cast, deliver_to=[cast.p1])
        enter, address = signed_in(cast.q3_leader), f"/van-ban/{made.pk}/gui/"
        page = enter.get(address)
        assert "Gửi mọi đơn vị trực thuộc chưa có (2)" in words_of(page)
        assert len(re.findall(r'name="unit"', page.content.decode())) == 1
        answer = enter.post(address, {"below": "territory"}, follow=True)
        assert "Đã gửi tới 2 đơn vị" in words_of(answer)
        assert {d.unit for d in made.deliveries.all()} == {cast.p1, cast.p2, cast.pgd}
        assert "mọi đơn vị trực thuộc chưa có" not in words_of(enter.get(address))

    def test_a_line_in_which_nobody_stands_below(self, cast, signed_in):
        made = plan(cast)
        answer = signed_in(cast.q3_leader).post(f"/van-ban/{made.pk}/gui/", {"below": "x"})
        assert answer.status_code == 422 and "Chưa chọn đơn vị nào" in words_of(answer)

    def test_page_in_few_queries(self, cast, signed_in, django_assert_max_num_queries):
        made, enter = plan(cast), signed_in(cast.q3_leader)
        with django_assert_max_num_queries(8):
            assert enter.get(f"/van-ban/{made.pk}/gui/").status_code == 200


class TestLayingOut:
    def test_all_right_below_by_one_tick(self, cast, signed_in, root, few_shown):
        enter, address = signed_in(cast.q3_officer), f"/bao-cao/{root.pk}/giao-xuong/"
        said = words_of(enter.get(address))
        assert "Tất cả 3 đơn vị" in said and "Trên đây là những đơn vị đầu" in said
        answer = enter.post(address, DUE | {"all": "territory", "unit": [cast.p1.pk]}, follow=True)
        assert "Đã giao cho 3 đơn vị" in words_of(answer)
        assert units_of(root) == {cast.pgd, cast.p1, cast.p2}
        assert {o.relation for o in root.children.all()} == {"superior"}

    def test_a_search_keeps_what_was_typed_and_ticked(self, cast, signed_in, root):
        enter, address = signed_in(cast.q3_officer), f"/bao-cao/{root.pk}/giao-xuong/"
        typed = DUE | {"unit": [cast.p1.pk], "units": "phuong khong ro", "tim": "phong giao duc", "find": "1"}
        answer = enter.post(address, typed)
        html = answer.content.decode()
        assert answer.status_code == 200 and not root.children.exists()
        assert "Đã chọn" in words_of(answer) and "Kết quả tìm" in words_of(answer)
        ticked = re.findall(r'name="unit" value="(\d+)" checked', html)
        assert ticked == [str(cast.p1.pk)]
        assert f'name="unit" value="{cast.pgd.pk}"' in html
        assert (
            "13/10/2023" in html and "phuong khong ro" in html and "không rõ" not in words_of(answer).lower()
        )

    def test_nobody_is_found(self, cast, signed_in, root):
        address = f"/bao-cao/{root.pk}/giao-xuong/"
        answer = signed_in(cast.q3_officer).post(
            address, {"tim": "khong co", "find": "1", "all": "territory"}
        )
        assert "Không có đơn vị nào tên như vậy" in words_of(answer)
        assert '<input type="hidden" name="all" value="territory">' in answer.content.decode()

    def test_who_is_in_the_round_is_not_offered_again(self, cast, signed_in, root):
        enter, address = signed_in(cast.q3_officer), f"/bao-cao/{root.pk}/giao-xuong/"
        enter.post(address, DUE | {"unit": [cast.p1.pk]})
        assert f'name="unit" value="{cast.p1.pk}"' not in enter.get(address).content.decode()
        found = enter.post(address, {"tim": "phuong", "find": "1"}).content.decode()
        assert f'value="{cast.p1.pk}"' not in found and f'value="{cast.p2.pk}"' in found
        enter.post(address, DUE | {"all": "territory"})
        assert units_of(root) == {cast.pgd, cast.p1, cast.p2}

    def test_page_in_few_queries(self, cast, signed_in, root, django_assert_max_num_queries):
        enter = signed_in(cast.q3_officer)
        with django_assert_max_num_queries(8):
            assert enter.get(f"/bao-cao/{root.pk}/giao-xuong/").status_code == 200


def test_thousands_cost_as_many_statements_as_one(cast, root, django_assert_max_num_queries):
    def laid_out(units):
        with django_assert_max_num_queries(40) as asked:
            cascade(
                seat=cast.q3_officer,
                obligation=root,
                units=units,
                due=Due(DueRule.BEFORE, date(2023, 10, 13)),
            )
        return len(asked)

    def sent(number, units):
        made = plan(cast, number_text=number)
        with django_assert_max_num_queries(40) as asked:
            deliver(seat=cast.q3_leader, directive=made, units=units)
        return len(asked)

    assert sent("7/KH-UBND", [cast.p1]) == sent("8/KH-UBND", [cast.p1, cast.p2, cast.pgd])
    laid_out([cast.p1])  # the first makes the row that acts on the consolidator's own report lock
    assert laid_out([cast.p2]) == laid_out([cast.pgd, cast.thcs])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_fit_and_readers_reach_everything(cast, browse, root, few_shown, width):
    for path in (f"/van-ban/{root.round.directive_id}/gui/", f"/bao-cao/{root.pk}/giao-xuong/"):
        page = browse(path, seat=cast.q3_leader, width=width)
        assert axe(page) == [], path
        assert fits(page), path
