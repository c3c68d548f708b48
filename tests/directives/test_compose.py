"""Composing a draft: its text, its citations, its clauses kept and composed anew; issued, it reads back the same."""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files

import pytest

from hoctap.directives.actions import DirectiveData, compose, edit_directive, issue
from hoctap.directives.composing import body
from hoctap.directives.composition import Assignment, Composition, Deadline, Force, Section, from_json
from hoctap.directives.enums import Authority, DirectiveStatus, DocumentKind
from hoctap.directives.models import Composed, Directive
from hoctap.directives.reading import read
from hoctap.directives.reading.sources import text_of
from hoctap.forms.actions import publish_version
from hoctap.forms.queries import version_spec
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.papers.directives import directive_paper
from hoctap.papers.docx import render_docx
from tests.directives.making import OCT_2, PLAN_SUBJECT

CITY = (
    "Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của Ủy ban nhân dân Thành phố Hồ Chí Minh về tổ chức"
    " Tuần lễ hưởng ứng học tập suốt đời năm 2023"
)
PARTICULARS = DirectiveData(
    kind=DocumentKind.KH, subject="", number_text="/KH-UBND", issued_on=OCT_2, place="Quận 3", authority=Authority.KT,
    signer_position="Phó Chủ tịch", signer_name="Vũ Thị Mỹ Ngọc", recipients_text="Sở GD&ĐT\nLưu: VT, P.GD&ĐT",
)  # fmt: skip
CLAUSES = Composition(
    kind=DocumentKind.KH, issuer="Ủy ban nhân dân Quận 3", subject=PLAN_SUBJECT, basis=(CITY,),
    purposes=("Nâng cao nhận thức về học tập suốt đời",), targets=("100% phường có kế hoạch triển khai",),
    sections=(Section("Công tác tuyên truyền", ("Treo băng rôn, khẩu hiệu tại nơi công cộng", "Đưa tin về Tuần lễ")),),
    assignments=(
        Assignment(
            ("Phòng Giáo dục và Đào tạo Quận 3",),
            ("Chủ trì, phối hợp với Hội Khuyến học Quận 3 hướng dẫn các đơn vị", "Tổ chức Lễ khai mạc"),
        ),
        Assignment(("Hội Khuyến học Quận 3",), ("Vận động hội viên tham gia học tập",), Force.ASKED),
    ),
    deadlines=(
        Deadline(
            "báo cáo kết quả tổ chức Tuần lễ", ("Ủy ban nhân dân 12 phường",), on=date(2023, 10, 13),
            to=("Ủy ban nhân dân Quận 3",), via="Phòng Giáo dục và Đào tạo",
        ),
    ),
    slogans=("Học, học nữa, học mãi (Lenin)", "Tự học trong kỷ nguyên số"),
)  # fmt: skip


@pytest.fixture
def form(cast):
    definition = json.loads((files("hoctap.forms") / "library/tuan-le-2023.json").read_text())
    return publish_version(seat=None, definition=definition)


def composed(cast, composition=CLAUSES, **other) -> Directive:
    return compose(seat=cast.q3_officer, data=PARTICULARS, composition=composition, **other)[0]


def test_a_draft_with_its_text_citations_and_clauses(cast, form):
    made = composed(cast, form_version=form)
    assert (made.status, made.issuer, made.issuer_name) == (
        DirectiveStatus.DRAFT,
        cast.q3,
        "Ủy ban nhân dân Quận 3",
    )
    assert made.text.body == body(CLAUSES, version_spec(form.pk))
    (cited,) = made.citations.all()
    assert (cited.is_basis, cited.number_key, cited.issued_on) == (True, "4753/kh-ubnd", date(2023, 9, 25))
    kept = Composed.objects.get(directive=made)
    assert (from_json(kept.content), kept.form_version) == (CLAUSES, form)


def test_composed_anew_by_the_version_looked_at(cast):
    made = composed(cast)
    other = replace(CLAUSES, slogans=())
    again = {"seat": cast.q3_officer, "data": PARTICULARS, "composition": other, "directive": made}
    compose(**again, version=1)
    with pytest.raises(Conflict):
        compose(**again, version=1)
    made.refresh_from_db()
    assert "KHẨU HIỆU" not in made.text.body and from_json(made.composed.content) == other
    issue(seat=cast.q3_leader, directive=made)
    made.refresh_from_db()
    with pytest.raises(Refusal, match="đã ban hành, không soạn lại được"):
        compose(**again, version=made.version)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sections": (), "assignments": (), "deadlines": (), "targets": ()}, "chưa có nội dung"),
        ({"kind": DocumentKind.CV}, "chưa có nơi kính gửi"),
        ({"assignments": (Assignment((), ("Đọc sách",)),)}, "Giao việc 1 chưa ghi đơn vị"),
        ({"assignments": (Assignment(("Thư viện",), ()),)}, "Giao việc 1 chưa ghi việc"),
        ({"subject": ""}, "Chưa có trích yếu"),
    ],
)
def test_what_says_nothing_is_refused(cast, changed, said):
    with pytest.raises(Refusal, match=said):
        composed(cast, replace(CLAUSES, **changed))
    assert not Directive.objects.exists()


def test_the_docx_of_an_issued_plan_reads_back_the_same(cast, form):
    """Compose, issue, write the DOCX, read it: number, day, subject, clauses, deadline, form, signer, recipients."""
    made = issue(seat=cast.q3_leader, directive=composed(cast, form_version=form))
    found = read(text_of("van-ban.docx", render_docx(directive_paper(made)))).as_json()
    assert (found["code"], found["date"], found["kind"]) == ("01/KH-UBND", "2023-10-02", "ke-hoach")
    assert (found["issuer"], found["place"], found["subject"]) == (
        "ỦY BAN NHÂN DÂN QUẬN 3",
        "Quận 3",
        PLAN_SUBJECT,
    )
    assert found["signer"] == {"name": "Vũ Thị Mỹ Ngọc", "position": "PHÓ CHỦ TỊCH", "authority": "KT."}
    assert found["recipients"] == ["Sở GD&ĐT", "Lưu: VT, P.GD&ĐT"]
    assert [
        (one["assignees"], [(t["text"], t["role"], t["force"]) for t in one["tasks"]])
        for one in found["assignments"]
    ] == [
        ([], [(task, "thuc-hien", "giao") for task in CLAUSES.sections[0].tasks]),
        (
            ["Phòng Giáo dục và Đào tạo Quận 3"],
            [
                (CLAUSES.assignments[0].tasks[0], "chu-tri", "giao"),
                ("Tổ chức Lễ khai mạc", "thuc-hien", "giao"),
            ],
        ),
        (["Hội Khuyến học Quận 3"], [("Vận động hội viên tham gia học tập", "thuc-hien", "de-nghi")]),
    ]
    (due,) = found["deadlines"]
    assert (due["what"], due["from"], due["stated"], due["inclusive"], due["to"], due["via"]) == (
        "báo cáo kết quả tổ chức Tuần lễ", ["Ủy ban nhân dân 12 phường"], "2023-10-13", False, ["Ủy ban nhân dân Quận 3"],
        "Phòng Giáo dục và Đào tạo",
    )  # fmt: skip
    assert [target["text"] for target in found["targets"]] == list(CLAUSES.targets)
    assert [(one["text"], one["author"]) for one in found["slogans"]] == [
        ("Học, học nữa, học mãi", "Lenin"), ("Tự học trong kỷ nguyên số", None)
    ]  # fmt: skip
    assert [one["code"] for one in found["basis"]] == ["4753/KH-UBND"]
    spec = version_spec(form.pk)
    assert [section["no"] for section in found["form"]["sections"]] == [
        line.printed for line in spec.lines if line.printed
    ]
    told = [line["label"] for section in found["form"]["sections"] for line in section["lines"]]
    assert set(told) >= {line.label.rstrip(" :") for line in spec.lines if not line.printed}


def test_a_text_changed_by_hand_keeps_its_clauses_beside_it(cast):
    made = composed(cast)
    data = replace(
        PARTICULARS, kind=DocumentKind.KH, subject=PLAN_SUBJECT, issuer=cast.q3, body="Chữ khác", draft=True
    )
    edit_directive(seat=cast.q3_officer, directive=made, data=data, version=1)
    assert from_json(Composed.objects.get().content) == CLAUSES
