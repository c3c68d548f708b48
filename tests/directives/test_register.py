"""Entering, correcting, issuing, recalling and replacing documents."""

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import date

import pytest

from hoctap.directives.actions import (
    DirectiveData,
    DuplicateNumber,
    edit_directive,
    issue,
    recall,
    register_directive,
    supersede,
)
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Directive, DirectiveText
from hoctap.kernel import files
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.models import Act
from hoctap.notify.models import Notice
from tests.directives.making import OCT_2, PLAN_SUBJECT, entry, plan, plan_data


def test_a_document_is_entered_as_printed(cast):
    made = plan(cast)
    made.refresh_from_db()
    assert (made.number, made.notation, made.number_text, made.number_key) == (
        "333",
        "KH-UBND",
        "333 /KH-UBND",
        "333/kh-ubnd",
    )
    assert str(made) == "Kế hoạch 333/KH-UBND"
    assert made.issuer_name == "Ủy ban nhân dân Quận 3"
    assert (made.authority, made.signer_position, made.signer_name) == (
        "KT.",
        "Phó Chủ tịch",
        "Vũ Thị Mỹ Ngọc",
    )
    assert (made.status, made.registered_by, made.listed_on) == ("issued", cast.q3, OCT_2)
    act = Act.objects.get(verb="directive.register")
    assert (act.object_id, act.seat_id, act.unit_id) == (made.pk, cast.q3_leader.pk, cast.q3.pk)


@pytest.mark.parametrize(
    ("printed", "number", "notation", "key"),
    [
        ("Số:      /KH-UBND", "", "KH-UBND", ""),
        ("", "", "", ""),
        ("Số:", "", "", ""),
        ("32 /CDYT", "32", "CDYT", "32/cdyt"),
        ("305-CV/BTGQU", "305", "CV/BTGQU", "305/cv-btgqu"),
    ],
)
def test_blank_absent_and_other_numbers(cast, printed, number, notation, key):
    made = entry(cast.q3_leader, number_text=printed, subject="Không có số")
    assert (made.number, made.notation, made.number_key) == (number, notation, key)


def test_an_undated_document_is_listed_on_the_day_it_was_entered(cast, today):
    made = entry(cast.q3_leader, subject="Kế hoạch không ghi ngày")
    assert (made.issued_on, made.listed_on) == (None, today)


def test_an_outside_body_is_named_in_words(cast):
    made = entry(cast.pgd_clerk, issuer_name="Ban Tuyên giáo Quận ủy", number_text="305-CV/BTGQU")
    assert (made.issuer, made.issuer_name) == (None, "Ban Tuyên giáo Quận ủy")
    with pytest.raises(Refusal, match="Chưa có cơ quan ban hành"):
        entry(cast.pgd_clerk, issuer=None)


def test_what_is_typed_is_cleaned_but_not_changed(cast):
    made = plan(
        cast,
        subject="  Tổ\u00a0chức\n Tuần  lễ ",
        body="Dòng 1\r\nL\u00d0L\u00d0\x00 Quận 3\r\n\r\n- mục\tô\n",
    )
    made.refresh_from_db()
    assert made.subject == "Tổ chức Tuần lễ"
    assert made.text.body == "Dòng 1\nLĐLĐ Quận 3\n\n- mục\tô"


def test_a_long_body_is_kept_whole_and_too_long_is_refused(cast):
    body = "\n".join(f"Đoạn {n}. Đẩy mạnh học tập suốt đời, xây dựng xã hội học tập." for n in range(2600))
    assert len(body.encode()) > 200_000 and len(body) < 200_000
    made = plan(cast, body=body)
    assert DirectiveText.objects.get(pk=made.pk).body == body
    with pytest.raises(Refusal, match=r"nhiều nhất 200\.000"):
        entry(cast.q3_leader, body=body + "x" * 60_000)
    words = " ".join(
        chr(0x4E00 + n % 20000) + chr(0x4E00 + n // 7) + chr(0xAC00 + n % 11000) for n in range(49_000)
    )
    entry(cast.q3_leader, body=words)  # every word another one: the most an index row must hold


def test_too_long_a_subject_names_the_place(cast):
    with pytest.raises(Refusal, match="Trích yếu dài 501 ký tự, nhiều nhất 500"):
        entry(cast.q3_leader, subject="x" * 501)
    with pytest.raises(Refusal, match="Chưa có trích yếu"):
        entry(cast.q3_leader, subject="  \n ")


def test_roles(cast):
    for seat in (cast.q3_viewer, cast.pgd_admin):
        with pytest.raises(Refusal, match="không có quyền “Vào sổ văn bản”"):
            entry(seat)
    with pytest.raises(Refusal, match="Ban hành"):
        entry(cast.q3_officer)  # an officer drafts; issuing in the unit's name is the leader's or the clerk's
    assert entry(cast.q3_officer, draft=True).status == DirectiveStatus.DRAFT
    assert entry(cast.q3_officer, issuer=cast.tp).status == DirectiveStatus.ISSUED  # an incoming one


class TestDuplicates:
    def test_number_notation_and_issuer_again_must_be_confirmed(self, cast):
        first = plan(cast)
        again = plan_data(cast, number_text="333/KH-UBND", subject="Bản gõ lại")
        with pytest.raises(
            DuplicateNumber, match="333/KH-UBND của Ủy ban nhân dân Quận 3 đã có trong sổ"
        ) as refused:
            register_directive(seat=cast.q3_leader, data=again)
        assert isinstance(refused.value, Conflict)
        assert refused.value.others == [first]
        assert Directive.objects.count() == 1
        made, warnings = register_directive(seat=cast.q3_leader, data=again, confirm_duplicate=True)
        assert made.pk != first.pk
        assert warnings == ["Số 333/KH-UBND của Ủy ban nhân dân Quận 3 có 2 lần trong sổ."]

    def test_another_issuer_another_year_or_no_number_is_no_duplicate(self, cast):
        plan(cast)
        plan(cast, issued_on=date(2024, 10, 2))
        plan(cast, number_text="333/QĐ-UBND")
        entry(cast.q3_leader, issuer=cast.p1, number_text="333/KH-UBND", issued_on=OCT_2)
        entry(cast.q3_leader, number_text="/KH-UBND")
        entry(cast.q3_leader, number_text="/KH-UBND")
        assert Directive.objects.count() == 6

    def test_an_outside_issuer_spelt_otherwise(self, cast):
        entry(cast.pgd_clerk, issuer_name="UỶ BAN NHÂN DÂN TỈNH X", number_text="5/KH-UBND", issued_on=OCT_2)
        with pytest.raises(DuplicateNumber):
            entry(cast.pgd_clerk, issuer_name="Ủy ban nhân dân tỉnh X", number_text="05/KH-UBND")

    def test_what_the_seat_does_not_see_is_not_betrayed(self, cast):
        entry(cast.stranger_leader, issuer_name="Thành ủy", number_text="04-CT/TU", issued_on=OCT_2)
        assert entry(cast.pgd_clerk, issuer_name="Thành ủy", number_text="04/CT-TU", issued_on=OCT_2)

    def test_a_second_click_is_the_first_entry(self, cast):
        data = plan_data(cast, token=uuid.uuid4())
        first, _ = register_directive(seat=cast.q3_leader, data=data)
        again, warnings = register_directive(seat=cast.q3_leader, data=data)
        assert (again, warnings, Directive.objects.count()) == (first, [], 1)


def test_a_date_to_come_warns(cast, today):
    _, warnings = register_directive(
        seat=cast.q3_leader, data=plan_data(cast, issued_on=date(today.year + 1, 1, 2))
    )
    assert len(warnings) == 1 and "ở sau hôm nay" in warnings[0]


class TestEditing:
    def test_only_the_registering_unit_edits(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        better = plan_data(cast, subject="Trích yếu đã sửa")
        for seat in (cast.pgd_clerk, cast.q3_viewer, cast.stranger_leader):
            with pytest.raises(Refusal):
                edit_directive(seat=seat, directive=made, data=better, version=1)
        edited, _ = edit_directive(seat=cast.q3_leader, directive=made, data=better, version=1)
        edited.refresh_from_db()
        assert (edited.subject, edited.version) == ("Trích yếu đã sửa", 2)
        assert Act.objects.get(verb="directive.edit").details == {"fields": ["subject"], "files": []}
        edit_directive(
            seat=cast.q3_leader, directive=made, data=plan_data(cast, subject="X", body="Khác"), version=2
        )
        assert Act.objects.filter(verb="directive.edit").latest("pk").details["fields"] == ["subject", "body"]

    def test_an_officer_corrects_what_came_in_but_not_what_went_out(self, cast):
        with pytest.raises(Refusal):
            edit_directive(
                seat=cast.q3_officer, directive=plan(cast), data=plan_data(cast, subject="X"), version=1
            )
        incoming = entry(cast.q3_officer, issuer=cast.tp, number_text="4753/KH-UBND")
        right = DirectiveData(
            kind="KH", subject="Kế hoạch của Thành phố", issuer=cast.tp, number_text="4753/KH-UBND"
        )
        edit_directive(seat=cast.q3_officer, directive=incoming, data=right, version=1)
        with pytest.raises(Refusal, match="Ban hành"):
            edit_directive(
                seat=cast.q3_officer, directive=incoming, data=replace(right, issuer=cast.q3), version=2
            )

    def test_two_people_at_once(self, cast):
        made = plan(cast)
        edit_directive(
            seat=cast.q3_leader, directive=made, data=plan_data(cast, subject="Bản của lãnh đạo"), version=1
        )
        with pytest.raises(Conflict, match="vừa được sửa ở nơi khác"):
            edit_directive(
                seat=cast.q3_leader, directive=made, data=plan_data(cast, subject="Bản kia"), version=1
            )
        made.refresh_from_db()
        assert made.subject == "Bản của lãnh đạo"

    def test_a_new_number_must_not_double_another(self, cast):
        plan(cast)
        other = plan(cast, number_text="334/KH-UBND")
        with pytest.raises(DuplicateNumber):
            edit_directive(seat=cast.q3_leader, directive=other, data=plan_data(cast), version=1)


class TestStanding:
    def test_a_draft_is_issued_with_its_number_date_and_signer(self, cast):
        draft = plan(cast, draft=True, number_text="/KH-UBND", signer_name="", deliver_to=[cast.pgd, cast.p1])
        assert Notice.objects.count() == 0
        with pytest.raises(Refusal, match="chưa có người ký"):
            issue(seat=cast.q3_leader, directive=draft)
        draft, _ = edit_directive(seat=cast.q3_officer, directive=draft, data=plan_data(cast), version=1)
        with pytest.raises(Refusal, match="chỉ lãnh đạo hoặc văn thư"):
            issue(seat=cast.q3_officer, directive=draft)
        issued = issue(seat=cast.q3_leader, directive=draft)
        assert issued.status == DirectiveStatus.ISSUED
        told = Notice.objects.order_by("pk")
        assert {n.unit for n in told} == {cast.pgd, cast.p1}
        assert told[0].text == f"Văn bản mới: Kế hoạch 333/KH-UBND của Ủy ban nhân dân Quận 3: {PLAN_SUBJECT}"
        assert told[0].url == f"/van-ban/{draft.pk}/"
        issue(seat=cast.q3_leader, directive=draft)  # a second click changes nothing
        assert Notice.objects.count() == 2

    def test_recall_needs_a_reason_tells_the_receivers_and_freezes(self, cast):
        made = plan(cast, deliver_to=[cast.pgd])
        with pytest.raises(Refusal, match="lý do"):
            recall(seat=cast.q3_leader, directive=made, reason="  ")
        with pytest.raises(Refusal, match="thu hồi được"):
            recall(seat=cast.q3_officer, directive=made, reason="Sai số")
        recalled = recall(seat=cast.q3_leader, directive=made, reason="Sai phụ lục 1")
        assert (recalled.status, recalled.status_note) == (DirectiveStatus.RECALLED, "Sai phụ lục 1")
        assert recalled.status_at is not None
        assert Notice.objects.filter(unit=cast.pgd).latest("pk").text.endswith("Lý do: Sai phụ lục 1")
        with pytest.raises(Refusal):
            edit_directive(
                seat=cast.q3_leader, directive=made, data=plan_data(cast), version=recalled.version
            )
        with pytest.raises(Refusal):
            recall(seat=cast.q3_leader, directive=made, reason="Lần nữa")

    def test_superseded_by_a_document_that_stands(self, cast):
        old = plan(cast, deliver_to=[cast.p1])
        new = plan(cast, number_text="340/KH-UBND", issued_on=date(2023, 10, 4))
        for wrong in (
            old,
            plan(cast, number_text="341/KH-UBND", draft=True),
            entry(cast.stranger_leader, number_text="9/KH-UBND"),
        ):
            with pytest.raises(Refusal, match="Văn bản thay thế phải là"):
                supersede(seat=cast.q3_leader, directive=old, by=wrong)
        done = supersede(seat=cast.q3_leader, directive=old, by=new)
        assert (done.status, done.superseded_by) == (DirectiveStatus.SUPERSEDED, new)
        assert (
            "được thay thế bằng Kế hoạch 340/KH-UBND" in Notice.objects.filter(unit=cast.p1).latest("pk").text
        )
        with pytest.raises(Refusal):
            supersede(seat=cast.q3_leader, directive=new, by=old)


def _office(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


PDF = b"%PDF-1.7 ..."
DOCX = _office("[Content_Types].xml", "word/document.xml")


class TestAttachments:
    def test_kept_under_a_clean_name_and_removed_by_edit(self, cast):
        made = plan(cast, attachments=[("C:\\Van ban\\Ke hoach 333.pdf", PDF), ("bảng.docx", DOCX)])
        first, second = made.attachments.order_by("pk")
        assert (first.name, second.name) == ("Ke hoach 333.pdf", "bảng.docx")
        assert files.read(first.file.sha256) == PDF
        edit_directive(
            seat=cast.q3_leader, directive=made, data=plan_data(cast), version=1, drop_files=[first.pk],
            attachments=[("mới.pdf", PDF)],
        )  # fmt: skip
        assert [a.name for a in made.attachments.order_by("pk")] == ["bảng.docx", "mới.pdf"]

    @pytest.mark.parametrize(
        ("name", "data", "why"),
        [
            ("virus.exe", b"MZ", "loại tệp này không nhận"),
            ("trang.html", b"<script>", "loại tệp này không nhận"),
            ("cu.xls", b"\xd0\xcf\x11\xe0", r"lưu lại thành \.docx, \.xlsx"),
            ("gia.pdf", b"MZ not a pdf", "nội dung không phải tệp .pdf"),
            ("gia.xlsx", DOCX, "không đúng loại"),
            ("hong.docx", DOCX[:20], "hỏng"),
            (
                "macro.docx",
                _office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
                "macro",
            ),
            ("rong.pdf", b"", "tệp rỗng"),
            ("to.pdf", PDF + b"0" * 20 * 1024 * 1024, "nặng 20,0 MB"),
        ],
        # A zip holds the second it was made in; each worker names its tests itself.
        ids=lambda given: "data" if isinstance(given, bytes) else None,
    )
    def test_what_is_not_taken_leaves_nothing(self, cast, name, data, why):
        with pytest.raises(Refusal, match=why) as refused:
            plan(cast, attachments=[("tot.pdf", PDF), (name, data)])
        assert refused.value.places[0][0] == name
        assert Directive.objects.count() == 0

    def test_not_more_than_ten(self, cast):
        made = plan(cast, attachments=[(f"{n}.pdf", PDF) for n in range(9)])
        with pytest.raises(Refusal, match="nhiều nhất 10 tệp"):
            edit_directive(
                seat=cast.q3_leader, directive=made, data=plan_data(cast), version=1,
                attachments=[("a.pdf", PDF), ("b.pdf", PDF)],
            )  # fmt: skip


def test_a_register_keeps_the_name_of_the_day(cast):
    from hoctap.orgs.actions import rename_unit

    rename_unit(
        seat=None,
        unit=cast.q3,
        name="Ủy ban nhân dân Quận 3 mới",
        short_name="UBND Q3 mới",
        on=date(2023, 10, 3),
    )
    cast.q3.refresh_from_db()
    assert plan(cast).issuer_name == "Ủy ban nhân dân Quận 3"
    later = replace(plan_data(cast), issued_on=date(2023, 10, 3), number_text="335/KH-UBND")
    assert register_directive(seat=cast.q3_leader, data=later)[0].issuer_name == "Ủy ban nhân dân Quận 3 mới"
