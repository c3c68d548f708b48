"""Letter 245/LĐLĐ of Gò Vấp's Labour Federation (29/9/2023): asked and encouraged, no report, no deadline."""

import re
from datetime import date

from hoctap.directives.actions import DirectiveData, acknowledge, deliver, mark_seen, register_directive
from hoctap.directives.enums import DocumentKind
from hoctap.directives.queries import Filters, dossier, search
from hoctap.kernel import clock
from hoctap.notify.models import Notice
from hoctap.obligations.models import Obligation
from hoctap.orgs.actions import found_unit, grant_seat
from hoctap.orgs.enums import Kind, Line, Role
from hoctap.people.models import User
from tests.flow.acts import at, on_desk

LETTER = "000"


def test_the_letter_reaches_every_base_union_and_nobody_owes_a_report(world):
    letter, officer = world.documents[LETTER], world.seats["chuyenvien.govap"]
    page = dossier(officer, letter.pk)
    assert str(page.directive) == "Công văn 245/LĐLĐ"
    assert {d.unit.code for d in page.deliveries} == {f"ldld-gv-cs{n}" for n in range(1, 7)}
    assert all(d.acknowledged_at for d in page.deliveries)
    assert all(d.acknowledged_by.unit_id == d.unit_id for d in page.deliveries)
    with clock.frozen(at("29/09/2024 08:00")):  # a year on: nothing was due, so nothing is overdue
        assert not Obligation.objects.exists()
        assert not on_desk(world.units["ldld-gv-cs1"])


def test_the_fifteen_slogans_are_kept_word_for_word(world):
    body = dossier(world.seats["cs1.govap"], world.documents[LETTER].pk).body
    slogans = re.findall(r"^(\d+)\. (.+)$", body.split("MỘT SỐ KHẨU HIỆU TUYÊN TRUYỀN")[1], re.MULTILINE)
    assert [int(number) for number, _ in slogans] == list(range(1, 16))
    assert slogans[0][1] == "Xây dựng năng lực tự học trong kỷ nguyên số."
    assert slogans[3][1] == "Học, học nữa, học mãi (Lenin)."
    assert slogans[14][1] == "Đời sống có hạn mà sự học thì vô hạn (Trang Tử)./."
    assert "từ ngày 02 tháng 10 đến ngày 08 tháng 10 năm 2023" in body


def test_found_without_accents_by_who_received_it_and_by_no_stranger(world):
    letter = world.documents[LETTER]
    found, _ = search(world.seats["cs1.govap"], Filters(text="ban tay vang"))
    assert found == [letter]
    assert search(world.seats["cs1.govap"], Filters(text="245"))[0] == [letter]
    assert dossier(world.seats["cs1.thuduc"], letter.pk) is None
    assert search(world.seats["chuyenvien.pgd"], Filters(text="245"))[0] == []


def test_a_base_union_founded_later_opens_and_acknowledges_it(world):
    letter, leader = world.documents[LETTER], world.seats["lanhdao.govap"]
    with clock.frozen(at("02/10/2023 08:00")):
        unit = found_unit(
            seat=None, code="ldld-gv-cs7", kind=Kind.BASE_UNION, name="Công đoàn cơ sở Xí nghiệp số 7 (minh họa)",
            short_name="CĐCS Xí nghiệp số 7 (minh họa)", since=date(2023, 10, 1), is_demo=True,
            parents={Line.UNION: world.units["ldld-gv"]},
        )  # fmt: skip
        user = User.objects.create_user("cs7.govap", "Trần Văn Bảy")
        chair = grant_seat(seat=None, user=user, unit=unit, role=Role.LEADER, since=date(2023, 10, 1))
        [delivery] = deliver(seat=leader, directive=letter, units=[unit])
    assert Notice.objects.filter(unit=unit, text__contains="245/LĐLĐ").exists()
    with clock.frozen(at("02/10/2023 09:00")):
        mark_seen(seat=chair, directive=letter)
    delivery.refresh_from_db()
    assert (delivery.seen_at, delivery.acknowledged_at) == (at("02/10/2023 09:00"), None)
    with clock.frozen(at("02/10/2023 10:00")):
        acknowledge(seat=chair, directive=letter)
    delivery.refresh_from_db()
    assert delivery.acknowledged_at == at("02/10/2023 10:00")


def test_its_bases_wait_for_their_documents_and_find_them(world):
    letter, officer = world.documents[LETTER], world.seats["chuyenvien.govap"]
    cites = dossier(officer, letter.pk).cites
    assert [(c.number_key, c.is_basis, c.target) for c in cites] == [
        ("1118/ldld-tg", True, None),
        ("305/cv-btgqu", True, None),
    ]
    with clock.frozen(
        at("03/10/2023 08:00")
    ):  # the party's letter arrives: an outside body, its number in party style
        data = DirectiveData(
            kind=DocumentKind.CV, number_text="305-CV/BTGQU", issued_on=date(2023, 9, 25),
            issuer_name="Ban Tuyên giáo Quận ủy",
            subject="Khai thác, sử dụng sách điện tử “Những tấm gương bình dị tỏa sáng giữa đời thường”",
        )  # fmt: skip
        party, _ = register_directive(seat=officer, data=data)
    known = {c.number_key: c.target for c in dossier(officer, letter.pk).cites}
    assert known == {"1118/ldld-tg": None, "305/cv-btgqu": party}
    assert dossier(officer, party.pk).cited_by == [letter]
