"""Letter 432/LĐLĐ of Thủ Đức's Labour Federation (07/5/2024): a written report every year, no form.

"Chậm nhất vào cuối tháng 10 hàng năm" includes 31 October. For the Federation's own report to the city the letter
gives no date: the round says so and carries a day the Federation sets itself.
"""

from datetime import date

import pytest

from hoctap.kernel import clock, files
from hoctap.notify.models import Notice
from hoctap.obligations import actions as obligations
from hoctap.obligations import recurring
from hoctap.obligations.actions import Due, RoundPlan
from hoctap.obligations.enums import DueRule, Frequency, Relation
from hoctap.obligations.models import Obligation, Recipient
from hoctap.obligations.rules import last_moment
from hoctap.papers.actions import sign_report
from hoctap.papers.reports import consolidated_paper
from hoctap.reports import actions as reports
from hoctap.reports.actions import Receipt
from hoctap.reports.enums import Channel
from hoctap.reports.models import Report
from hoctap.reports.queries import board_counts
from hoctap.reports.rules import LATE
from hoctap.rollup.actions import draw_snapshot
from tests.flow.acts import accept, at, enter, fresh, on_desk, owed, send, written

CODES = [f"ldld-thuduc-cs{number}" for number in range(1, 5)]


def open_year(world, year: int):
    seat, of = world.seats["chuyenvien.thuduc"], world.units
    plan = RoundPlan(
        directive=world.documents["001"],
        clause="đoạn cuối",
        name=f"Báo cáo triển khai Phong trào thi đua xây dựng xã hội học tập năm {year}",
        content="Báo cáo triển khai thực hiện Chương trình bằng văn bản",
        frequency=Frequency.YEARLY,
        channel="qua bộ phận Tuyên giáo, mail: tuyengiao.ldldtpthuduc@gmail.com",
        recipients=[of["ldld-hcm"]],
    )
    own = Due(DueRule.THROUGH, date(year, 11, 30), "văn bản không ghi hạn")
    opened = obligations.open_round(seat=seat, plan=plan, due=own)
    obligations.expect(
        seat=seat,
        parent=Obligation.objects.get(round=opened, parent=None),
        units=[of[code] for code in CODES],
        due=Due(DueRule.BY, date(year, 10, 31), "chậm nhất vào cuối tháng 10 hàng năm"),
    )
    return opened


@pytest.fixture
def opened(world):
    with clock.frozen(at("08/05/2024 09:00")):
        return open_year(world, 2024)


def test_what_is_owed_as_the_letter_says_it(world, opened):
    base = owed(opened, CODES[0])
    assert base.due_text == "chậm nhất vào cuối tháng 10 hàng năm"
    assert last_moment(base.due_at).strftime("%d/%m/%Y %H:%M") == "31/10/2024 23:59"
    assert base.relation == Relation.SUPERIOR
    assert (opened.form_version, opened.frequency) == (None, Frequency.YEARLY)
    assert "mail: tuyengiao.ldldtpthuduc@gmail.com" in opened.channel
    assert opened.channel.split("mail: ")[1] in world.documents["001"].text.body
    with clock.frozen(at("08/05/2024 10:00")):
        [mine] = on_desk(base.unit)
    assert mine.round == opened


def test_a_year_of_reports_by_the_system_and_by_mail(world, opened):
    desk, root = world.seats["chuyenvien.thuduc"], owed(opened, "ldld-thuduc")
    with clock.frozen(at("15/10/2024 10:00")):
        first = send(world, owed(opened, CODES[0]), written("Đã phát động tới 100% tổ công đoàn."))
    with clock.frozen(at("16/10/2024 08:00")):
        reports.return_report(
            seat=desk,
            obligation=fresh(owed(opened, CODES[0])),
            reason="Chưa nêu kết quả xây dựng “Đơn vị học tập”.",
        )
        assert board_counts(root, clock.now())["back"] == 1
    with clock.frozen(at("18/10/2024 08:00")):
        second = send(world, owed(opened, CODES[0]), written("Đăng ký “Đơn vị học tập” năm 2024."))
        accept(desk, owed(opened, CODES[0]))
    assert (first.number, second.number, second.figures) == (1, 2, [])
    with clock.frozen(at("01/11/2024 08:30")):
        for code, came in ((CODES[1], "31/10/2024 23:59"), (CODES[2], "01/11/2024 00:00")):
            letter = files.store(f"Thư của {code}".encode())
            receipt = Receipt(Channel.EMAIL, at(came), ((letter, "bao-cao.pdf"),))
            enter(desk, owed(opened, code), written("Gửi kèm báo cáo."), receipt)
            accept(desk, owed(opened, code))
        counts = board_counts(root, clock.now())
    assert [o.unit.code for o in Obligation.objects.filter(LATE)] == [CODES[2]]
    assert (counts["ok"], counts["late"], counts["late_sent"]) == (3, 1, 1)
    kept = Report.objects.get(obligation=owed(opened, CODES[1])).sent
    assert kept.files.get().name == "bao-cao.pdf"


def test_the_federation_reports_to_the_city(world, opened):
    leader = world.seats["lanhdao.thuduc"]
    with clock.frozen(at("20/10/2024 09:00")):
        for code in CODES[:3]:
            send(world, owed(opened, code), written("Đã triển khai."))
            accept(world.seats["chuyenvien.thuduc"], owed(opened, code))
    with clock.frozen(at("05/11/2024 09:00")):
        send(world, owed(opened, "ldld-thuduc"), written("Liên đoàn đã triển khai."))
        doc = {
            "doc_number": "900/BC-LĐLĐ",
            "doc_date": "2024-11-05",
            "authority": "TM.",
            "signer_position": "Phó Chủ tịch",
            "signer_name": "Trần Mỹ Dung (minh họa)",
            "narrative": {"results": "Các công đoàn cơ sở đã hưởng ứng Phong trào thi đua."},
        }
        drawn = draw_snapshot(seat=leader, obligation=owed(opened, "ldld-thuduc"), doc=doc)
        signed = sign_report(seat=leader, snapshot=drawn)
    paper = consolidated_paper(signed)
    assert (paper.variant, paper.parent_body) == ("union", "Liên đoàn Lao động Thành phố Hồ Chí Minh")
    assert paper.addressees == ("Liên đoàn Lao động Thành phố Hồ Chí Minh",)
    assert paper.sign.authority == ("TM. Ban Thường vụ",)
    assert paper.appendices == ()  # no form, no table
    said = " ".join(block.text for block in paper.body)
    assert "Công văn số 432/LĐLĐ ngày 07 tháng 5 năm 2024" in said
    assert "3/4 đơn vị" in said and world.units[CODES[3]].name in said
    recipient = Recipient.objects.get(obligation=owed(opened, "ldld-thuduc"))
    obligations.acknowledge(seat=world.seats["chuyenvien.ldldtp"], recipient=recipient)
    recipient.refresh_from_db()
    assert recipient.acknowledged_by.unit == world.units["ldld-hcm"]


def test_next_year_comes_by_itself(world, opened):
    """ "hàng năm": the same four bases, the same channel, by the end of October 2025, from New Year on."""
    with clock.frozen(at("31/12/2024 23:30")):
        assert recurring.open_due() == 0
    with clock.frozen(at("01/01/2025 00:05")):
        assert recurring.open_due() == 1
        assert recurring.open_due() == 0
        mine = [o for o in on_desk(world.units[CODES[0]]) if o.round_id != opened.pk]
    second = opened.next
    assert [o.round for o in mine] == [second]
    assert second.name == "Báo cáo triển khai Phong trào thi đua xây dựng xã hội học tập năm 2025"
    assert (second.directive, second.clause, second.frequency) == (
        opened.directive,
        "đoạn cuối",
        Frequency.YEARLY,
    )
    assert (second.channel, second.content) == (opened.channel, opened.content)
    for code in CODES:
        base = owed(second, code)
        assert (base.due_text, base.due_rule) == ("chậm nhất vào cuối tháng 10 hàng năm", DueRule.BY)
        assert last_moment(base.due_at).strftime("%d/%m/%Y %H:%M") == "31/10/2025 23:59"
        assert base.parent.unit.code == "ldld-thuduc" and base.relation == Relation.SUPERIOR
    root = owed(second, "ldld-thuduc")
    assert (root.due_on, root.below) == (date(2025, 11, 30), 4)
    assert root.recipients.get().unit == world.units["ldld-hcm"]
    told = Notice.objects.filter(unit=world.units[CODES[0]], kind="obligation", url=f"/bao-cao/{mine[0].pk}/")
    assert "hết 23:59 ngày 31/10/2025" in told.get().text


def test_next_year_is_a_round_of_its_own(world, opened):
    with clock.frozen(at("15/10/2024 10:00")):
        send(world, owed(opened, CODES[0]), written("Năm 2024."))
    with clock.frozen(at("05/05/2025 09:00")):
        second = open_year(world, 2025)
        mine = on_desk(world.units[CODES[0]])
        assert [(o.round, o.due_at.year) for o in mine] == [(second, 2025)]
    assert Report.objects.get(obligation=owed(opened, CODES[0])).sent is not None
