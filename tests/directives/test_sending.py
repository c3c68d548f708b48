"""Who sees a document, whom it is sent to, and what they answer."""

import pytest
from django.db import connection
from django.db.models import Sum

from hoctap.directives import rules
from hoctap.directives.actions import acknowledge, deliver, mark_seen, recall
from hoctap.directives.models import Delivery, DeliveryCount, Directive
from hoctap.directives.queries import deliveries_of, dossier, find_visible, page
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from hoctap.orgs.actions import dissolve_unit
from tests.directives.making import OCT_2, entry, plan

SEATS = (
    *("pgd_officer", "pgd_clerk", "pgd_admin", "p1_officer", "p2_leader", "q3_officer", "q3_viewer"),
    *("sgd_officer", "ldld_officer", "stranger_leader"),
)


def _seeing(cast, directive) -> set[str]:
    """The yes/no, the filter and the page agree on each seat."""
    out = set()
    for name in SEATS:
        seat = getattr(cast, name)
        yes = rules.can_see(seat, directive)
        assert Directive.objects.filter(rules.visible(seat), pk=directive.pk).exists() is yes
        assert (find_visible(seat, directive.pk) is not None) is yes
        assert (dossier(seat, directive.pk) is not None) is yes
        out |= {name} if yes else set()
    return out


Q3 = {"q3_officer", "q3_viewer"}
PGD = {"pgd_officer", "pgd_clerk", "pgd_admin"}


class TestReach:
    def test_the_registering_unit_its_superiors_and_the_receivers_subtrees(self, cast):
        assert _seeing(cast, plan(cast)) == Q3
        assert _seeing(cast, plan(cast, number_text="2/KH-UBND", deliver_to=[cast.p1])) == Q3 | {"p1_officer"}
        # The sector line: Sở stands above Phòng, which received it.
        sent = plan(cast, number_text="3/KH-UBND", deliver_to=[cast.pgd])
        assert _seeing(cast, sent) == Q3 | PGD | {"sgd_officer"}
        # A superior sees what its school received; the school's neighbours do not.
        schools = plan(cast, number_text="4/KH-UBND", deliver_to=[cast.thcs])
        assert _seeing(cast, schools) == Q3 | PGD | {"sgd_officer"}

    def test_the_issuer_sees_what_was_registered_in_its_name(self, cast):
        made = entry(cast.pgd_clerk, issuer=cast.ldld, number_text="187/LĐLĐ")
        assert _seeing(cast, made) == Q3 | PGD | {"sgd_officer", "ldld_officer"}

    def test_a_draft_stays_home(self, cast):
        draft = plan(cast, draft=True, deliver_to=[cast.p1, cast.ldld])
        assert _seeing(cast, draft) == Q3
        drafted_for_another = entry(cast.pgd_officer, issuer=cast.ldld, draft=True)
        assert _seeing(cast, drafted_for_another) == Q3 | PGD | {"sgd_officer"}

    def test_a_stranger_never(self, cast):
        for directive in (
            plan(cast, deliver_to=[cast.pgd, cast.p1]),
            entry(cast.pgd_clerk, issuer_name="Thành ủy"),
        ):
            assert "stranger_leader" not in _seeing(cast, directive)


class TestSending:
    def test_each_receiver_hears_once(self, cast):
        made = plan(cast, deliver_to=[cast.pgd, cast.p1])
        sent = deliver(seat=cast.q3_leader, directive=made, units=[cast.p1, cast.p2, cast.p2, cast.q3])
        assert [d.unit for d in sent] == [cast.p2]
        assert deliver(seat=cast.q3_leader, directive=made, units=[cast.pgd]) == []
        assert {d.unit for d in made.deliveries.all()} == {cast.pgd, cast.p1, cast.p2}
        assert Notice.objects.filter(kind="directive").count() == 3

    def test_the_issuer_sends_beyond_its_own(self, cast):
        made = plan(cast, deliver_to=[cast.sgd, cast.ldld, cast.stranger])
        assert made.deliveries.count() == 3

    def test_a_receiver_sends_on_only_below_itself(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        [passed] = deliver(seat=cast.pgd_clerk, directive=made, units=[cast.thcs])
        assert (passed.unit, passed.sent_by) == (cast.thcs, cast.pgd)
        with pytest.raises(Refusal, match="ngoài phạm vi: Ủy ban nhân dân Phường 1"):
            deliver(seat=cast.pgd_clerk, directive=made, units=[cast.thcs, cast.p1])

    def test_an_incoming_document_is_not_sent_out_in_the_issuers_name(self, cast):
        made = entry(cast.pgd_clerk, issuer=cast.sgd, number_text="5511/KH-SGDĐT", deliver_to=[cast.thcs])
        with pytest.raises(Refusal, match="không do Phòng Giáo dục và Đào tạo Quận 3 ban hành"):
            deliver(seat=cast.pgd_clerk, directive=made, units=[cast.p1])

    def test_who_may_not_send(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        for seat in (cast.q3_viewer, cast.pgd_admin, cast.p1_leader, cast.stranger_leader):
            with pytest.raises(Refusal):
                deliver(seat=seat, directive=made, units=[cast.thcs])
        recall(seat=cast.q3_leader, directive=made, reason="Sai số")
        made.refresh_from_db()
        with pytest.raises(Refusal):
            deliver(seat=cast.q3_leader, directive=made, units=[cast.p1])

    def test_nobody_writes_to_a_dissolved_unit(self, cast):
        dissolve_unit(seat=None, unit=cast.p2, on=OCT_2)
        cast.p2.refresh_from_db()
        with pytest.raises(Refusal, match="đã giải thể: Ủy ban nhân dân Phường 2"):
            plan(cast, deliver_to=[cast.p1, cast.p2])
        assert Delivery.objects.count() == 0


class TestAnswers:
    def test_seen_once_by_the_unit_itself(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        assert not mark_seen(
            seat=cast.q3_officer, directive=made
        )  # a superior looking is not the unit looking
        assert not mark_seen(seat=cast.pgd_admin, directive=made)
        assert mark_seen(seat=cast.pgd_officer, directive=made)
        assert not mark_seen(seat=cast.pgd_clerk, directive=made)
        delivery = made.deliveries.get()
        assert (delivery.seen_by, delivery.acknowledged_at) == (cast.pgd_officer, None)
        assert delivery.seen_at is not None
        assert Act.objects.filter(verb="directive.see").count() == 1

    def test_acknowledged_once_which_is_also_seen(self, cast):
        made = plan(cast, deliver_to=[cast.p1])
        first = acknowledge(seat=cast.p1_officer, directive=made)
        assert first.acknowledged_at and first.seen_at and first.acknowledged_by == cast.p1_officer
        again = acknowledge(seat=cast.p1_leader, directive=made)
        assert (again.acknowledged_by, again.acknowledged_at) == (cast.p1_officer, first.acknowledged_at)

    def test_who_has_nothing_to_acknowledge(self, cast):
        made = plan(cast, deliver_to=[cast.p1])
        for seat in (cast.q3_leader, cast.p2_leader, cast.stranger_leader):
            with pytest.raises(Refusal, match="không gửi cho"):
                acknowledge(seat=seat, directive=made)
        with pytest.raises(Refusal, match="không có quyền"):
            acknowledge(seat=cast.q3_viewer, directive=made)
        recall(seat=cast.q3_leader, directive=made, reason="Sai số")
        made.refresh_from_db()
        with pytest.raises(Refusal, match="không cần xác nhận nữa"):
            acknowledge(seat=cast.p1_officer, directive=made)


def test_receivers_see_only_how_far_their_own_units_are(cast):
    made = plan(cast, deliver_to=[cast.pgd, cast.p1, cast.thcs])
    whole = dossier(cast.q3_viewer, made.pk)
    assert whole.all_deliveries
    assert [d.unit for d in whole.deliveries] == [
        cast.pgd,
        cast.thcs,
        cast.p1,
    ]  # by name: Phòng, Trường, Ủy ban
    assert whole.mine is None
    part = dossier(cast.pgd_officer, made.pk)
    assert not part.all_deliveries
    assert [d.unit for d in part.deliveries] == [cast.pgd, cast.thcs]
    assert part.mine.unit == cast.pgd


def _counted(directive) -> tuple[int, int, int]:
    """As kept, which is as counted one by one."""
    kept = DeliveryCount.objects.filter(directive=directive).aggregate(
        *map(Sum, ("units", "seen", "acknowledged"))
    )
    rows = Delivery.objects.filter(directive=directive)
    found = rows.count(), rows.exclude(seen_at=None).count(), rows.exclude(acknowledged_at=None).count()
    assert tuple(kept.values()) == found
    return found


class TestCounts:
    def test_they_are_kept_with_every_change(self, cast):
        made, other = (
            plan(cast, deliver_to=[cast.pgd, cast.p1]),
            plan(cast, number_text="9/KH-UBND", deliver_to=[cast.p1]),
        )
        assert _counted(made) == (2, 0, 0)
        mark_seen(seat=cast.pgd_officer, directive=made)
        mark_seen(seat=cast.pgd_officer, directive=made)
        acknowledge(seat=cast.p1_officer, directive=made)
        assert _counted(made) == (2, 2, 1)
        deliver(seat=cast.q3_leader, directive=made, units=[cast.p1, cast.p2])
        assert _counted(made) == (3, 2, 1)
        Delivery.objects.filter(unit=cast.p1).delete()
        assert (_counted(made), _counted(other)) == ((2, 1, 0), (0, 0, 0))
        Delivery.objects.filter(directive=made).update(directive=other, seen_at=None)
        Delivery.objects.update(sent_by=cast.q3)
        shown = dossier(cast.q3_officer, made.pk), dossier(cast.q3_officer, other.pk)
        assert [about.delivered.units for about in shown] == [0, 2]

    def test_each_process_adds_to_a_row_of_its_own(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        slot = DeliveryCount.objects.get(directive=made).slot
        DeliveryCount.objects.filter(directive=made).update(
            slot=(slot + 1) % 32
        )  # as another process had sent it
        mark_seen(seat=cast.pgd_officer, directive=made)
        assert DeliveryCount.objects.filter(directive=made).count() == 2
        assert _counted(made) == (1, 1, 0)

    def test_they_go_with_their_document(self, cast):
        made = plan(cast, deliver_to=[cast.pgd, cast.p1])
        mark_seen(seat=cast.pgd_officer, directive=made)
        made.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert not DeliveryCount.objects.exists()

    def test_who_keeps_no_entry_counts_those_within_reach_from_either_side(self, cast, monkeypatch):
        made = plan(cast, deliver_to=[cast.pgd, cast.p1, cast.p2])
        acknowledge(seat=cast.p1_officer, directive=made)
        for few in (page.FEW, 0):
            monkeypatch.setattr(page, "FEW", few)
            rows, counted, everywhere = deliveries_of(cast.p1_officer, made)
            assert [row.unit for row in rows] == [cast.p1]
            assert (vars(counted), everywhere) == ({"units": 1, "seen": 1, "acknowledged": 1}, False)
