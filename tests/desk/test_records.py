"""A person's record before the officer of the unit: who sees it, what is added, the paper, the sheet."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hoctap.activities.actions.certifying import issue_certificates
from hoctap.activities.models import Completion
from hoctap.activities.record import record_of
from hoctap.papers.certificates import certificates_pdf
from hoctap.papers.learning import record_paper
from hoctap.papers.pdf import render_pdf
from hoctap.people.models import Person
from tests.activities.test_completions import PNG, row, sheet
from tests.browser import NARROW, WIDE, axe, fits
from tests.learning import attend, held_class, learner
from tests.pages import words_of
from tests.papers.looking import flat, opened


@pytest.fixture
def hoa(cast) -> Person:
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    attend(held_class(cast.p1_officer, 3), person)
    return person


@pytest.mark.parametrize(
    ("seat", "status"),
    [
        ("p1_officer", 200),
        ("q3_leader", 200),
        ("p2_officer", 404),
        ("stranger_leader", 404),
        ("q3_viewer", 403),
    ],
)
def test_who_keeps_the_units_people_sees_the_record(cast, hoa, signed_in, seat, status):
    answer = signed_in(getattr(cast, seat)).get(reverse("person-record", args=[hoa.pk]))
    assert answer.status_code == status
    assert (status == 200) == ("Sổ học tập của Nguyễn Thị Hoa" in words_of(answer).replace("\u00a0", " "))


def test_a_completion_is_entered_shown_downloaded_and_removed(cast, hoa, signed_in):
    client = signed_in(cast.p1_officer)
    address = reverse("person-completion", args=[hoa.pk])
    data = {"platform": "binhdanhocvuso.gov.vn", "title": "Kỹ năng số", "on": "20/10/2023", "hours": "4,5"}
    assert client.post(address, data).status_code == 422
    file = SimpleUploadedFile("cn.png", PNG)
    assert client.post(address, data | {"file": file}).status_code == 302
    one = Completion.objects.get()
    page = words_of(client.get(reverse("person-record", args=[hoa.pk])))
    assert "Kỹ năng số" in page and "4,5 giờ" in page
    kept = client.get(reverse("person-completion-file", args=[hoa.pk, one.pk]))
    assert b"".join(kept) == PNG and kept["X-Content-Type-Options"] == "nosniff"
    assert client.post(reverse("person-completion-remove", args=[hoa.pk, one.pk])).status_code == 302
    assert not Completion.objects.exists()


def test_a_sheet_is_shown_then_taken(cast, hoa, signed_in):
    client = signed_in(cast.p1_officer)
    other = learner(cast.p1, "Trần Văn Bình", 1990)
    data = sheet(row(), row("Trần Văn Bình", ""))
    shown = client.post(reverse("completions-import"), {"sheet": SimpleUploadedFile("a.xlsx", data)})
    assert shown.status_code == 200 and not Completion.objects.exists()
    token = shown.content.decode().partition('name="token" value="')[2].partition('"')[0]
    run = reverse("completions-import-run")
    assert signed_in(cast.p2_officer).post(run, {"token": token}).status_code == 422
    answer = signed_in(cast.p1_officer).post(run, {"token": token, "nguoi-2": other.pk}, follow=True)
    assert "Đã ghi 2 kết quả học." in words_of(answer)
    assert set(Completion.objects.values_list("person", flat=True)) == {hoa.pk, other.pk}
    wrong = client.post(
        reverse("completions-import"), {"sheet": SimpleUploadedFile("a.xlsx", sheet(row(on="x")))}
    )
    assert wrong.status_code == 422 and "Kết quả học!E2" in words_of(wrong)


# ---- papers ----


def pdf_text(data: bytes) -> list[str]:
    with opened(data) as pdf:
        return [flat(page) for page in pdf.pages]


def test_the_printed_record_has_the_official_head_and_every_activity(cast, hoa):
    text = " ".join(pdf_text(render_pdf(record_paper(record_of(hoa), cast.p1, by_learner=True))))
    for said in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ỦY BAN NHÂN DÂN PHƯỜNG 1", "PHIẾU GHI NHẬN HỌC TẬP",
                 "Lớp kỹ năng số", "sinh năm 1985", "tự in"):  # fmt: skip
        assert said in text


def test_certificates_of_a_class_come_in_one_file_a_sheet_each(cast, hoa):
    activity = held_class(cast.p1_officer, 1, name="Lớp *in đậm* #thử $x$")
    for name in ("Nguyễn Thị Hoa", "Trần Văn Bình", "Lê Thị Cúc 🌸"):
        attend(activity, learner(cast.p1, name))
    made = issue_certificates(seat=cast.p1_leader, activity=activity, share=80, position="Chủ tịch")
    data = certificates_pdf(made, lambda one: f"https://hoctap.example.vn/chung-nhan/{one.token}/")
    assert b"pdfaid" in data
    pages = pdf_text(data)
    assert len(pages) == 3
    for page, one in zip(pages, made, strict=True):
        assert (
            one.number in page and "*in đậm* #thử $x$" in page and "CHỨNG NHẬN" in page and "CHỦ TỊCH" in page
        )
        assert one.token in page.replace(" ", "")


# ---- in a browser ----


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_fit_and_can_be_reached(cast, hoa, browse, width):
    for path in (
        reverse("person-record", args=[hoa.pk]),
        reverse("person-completion", args=[hoa.pk]),
        reverse("completions-import"),
    ):
        page = browse(path, seat=cast.p1_officer, width=width)
        assert axe(page) == [] and fits(page), path
