"""Hundreds of files dropped at once: each taken whole or not at all, whatever the others are."""

import logging
import random
from datetime import timedelta

import pytest
from django.db import OperationalError

from hoctap.forms.queries import version_spec
from hoctap.forms.sheets.layout import layout_of
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.kernel.sheets import cell_name
from hoctap.obligations.actions import Due, close_round
from hoctap.obligations.enums import DueRule
from hoctap.orgs.actions import found_unit, rename_unit
from hoctap.orgs.enums import AreaType, Kind, Line
from hoctap.reports import intake as intake_room
from hoctap.reports import jobs
from hoctap.reports.actions import cascade, return_report, save_draft
from hoctap.reports.enums import Channel, ReportState
from hoctap.reports.models import Draft, Intake, IntakeFile, Report, Revision
from hoctap.rollup.queries import table
from tests.cast import SINCE
from tests.reports.screens import words, xlsx
from tests.reports.sheets import blank, filled, without_mark, written
from tests.rounds import IN_TIME, OPENED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_time():
    with clock.frozen(IN_TIME):
        yield


def drop(story, *files: tuple[str, bytes], accept: bool = True, seat=None) -> Intake:
    return intake_room.open_intake(
        seat=seat or story.cast.pgd_officer,
        obligation=story.obligation(story.cast.pgd),
        uploads=((data, name) for name, data in files),
        channel=Channel.EMAIL,
        received_at=IN_TIME - timedelta(hours=1),
        accept_clean=accept,
    )


def taken(story, *files: tuple[str, bytes], **options) -> list[IntakeFile]:
    """What became of each file."""
    intake = drop(story, *files, **options)
    jobs.take_intake(intake.pk)
    return list(intake.files.order_by("pk"))


def report(story, unit) -> Report:
    return Report.objects.select_related("sent", "acceptance").get(obligation=story.obligation(unit))


def test_three_hundred_files_good_and_bad(story):
    """Random order: 225 units' files, some of them twice, and everything that is no such file."""
    cast, spec = story.cast, version_spec(story.version.pk)
    units = [
        found_unit(
            seat=None, code=f"Q3-C{n:03}", kind=Kind.SCHOOL, area_type=AreaType.NONE, name=f"Trường số {n:03}",
            short_name=f"Trường {n:03}", place="Quận 3", since=SINCE, parents={Line.SECTOR: cast.pgd},
        )
        for n in range(250)
    ]  # fmt: skip
    with clock.frozen(OPENED):
        owed = cascade(
            seat=cast.pgd_officer,
            obligation=story.obligation(cast.pgd),
            units=units,
            due=Due(DueRule.BEFORE, IN_TIME.date()),
        )
    row, column = layout_of(spec).places.points[28]
    wrong_place = f"ô {cell_name(row, column)}"
    good = [(f"{o.unit.code}.xlsx", written(o, c28=n + 1)) for n, o in enumerate(owed[:225])]
    files = [(name, data, "") for name, data in good]
    files += [(f"lại {name}", data, "") for name, data in good[:20]]  # either copy is taken, the other not
    files += [(f"chữ {o.unit.code}.xlsx", filled(o, c28="không rõ"), wrong_place) for o in owed[225:230]]
    files += [(f"âm {o.unit.code}.xlsx", filled(o, c28=-1, c29=5), wrong_place) for o in owed[230:235]]
    files += [
        (f"cắt {o.unit.code}.xlsx", written(o, c28=1)[:3000], "gửi lên chưa hết") for o in owed[235:250]
    ]
    files += [(f"thư {n}.xlsx", f"thư {n}".encode(), "không phải tệp Excel") for n in range(30)]
    random.Random(3).shuffle(files)
    intake = drop(story, *((name, data) for name, data, _ in files))
    jobs.take_intake(intake.pk)
    done = {f.name: f for f in intake.files.all()}
    assert len(done) == len(files) == 300
    for name, _, says in files:
        assert done[name].done_at
        if says:
            assert done[name].revision is None and says in done[name].message and name in done[name].message
    assert sum(f.revision is not None for f in done.values()) == 225
    for name, _ in good[:20]:
        once, twice = sorted((done[name], done[f"lại {name}"]), key=lambda f: f.revision is None)
        assert once.revision and "đã nhận trước đó" in twice.message
    assert Revision.objects.count() == Report.objects.filter(state=ReportState.ACCEPTED).count() == 225
    assert table(story.root).total.sums[28] == sum(range(1, 226))
    assert not Draft.objects.exists()


def test_the_receiving_desk_alone_runs_the_round(story):
    """Units that never sign in: received with channel, time, file; corrected by return and another file."""
    p1 = story.obligation(story.cast.p1)
    (first,) = taken(story, ("p1.xlsx", filled(p1, c28=4)))
    assert first.revision.channel == Channel.EMAIL
    assert first.revision.received_at == IN_TIME - timedelta(hours=1)
    assert first.revision.files.get().name == "p1.xlsx"
    (second,) = taken(story, ("p1 sửa.xlsx", filled(p1, c28=6)))
    assert "Phường 1 đã có báo cáo bản 1, đã được tiếp nhận" in second.message
    return_report(seat=story.cast.pgd_officer, obligation=p1, reason="đơn vị gửi bản sửa")
    (third,) = taken(story, ("p1 sửa.xlsx", filled(p1, c28=6)))
    assert third.revision.number == 2
    assert report(story, story.cast.p1).acceptance.figures[28] == 6
    # What was returned by mistake can be taken again, byte by byte.
    return_report(seat=story.cast.pgd_officer, obligation=p1, reason="nhầm")
    (again,) = taken(story, ("p1 sửa.xlsx", filled(p1, c28=6)))
    assert again.revision.number == 3


def test_not_accepted_at_once_when_the_desk_wants_to_look_first(story):
    (file,) = taken(story, ("p1.xlsx", filled(story.p1, c28=4)), accept=False)
    assert file.revision
    assert report(story, story.cast.p1).state == ReportState.WAITING


@pytest.mark.parametrize(
    "name",
    [
        "UBND Phường 1.xlsx",
        "ubnd_phuong_1 (bản ký).xlsx",
        "Bao cao - UY BAN NHAN DAN PHUONG 1.xlsx",
        "HCM-Q3-P1.xlsx",
        "333 UBND Phu\u031bo\u031b\u0300ng 1.xlsx",  # decomposed, as a Mac names files
    ],
)
def test_a_file_typed_from_the_paper_is_known_by_its_name(story, name):
    (file,) = taken(story, (name, without_mark(filled(story.p1, c28=4))))
    assert file.message == ""
    assert file.revision.report.obligation == story.p1


@pytest.mark.parametrize("name", ["UBND Phường 10.xlsx", "Phường.xlsx", "bao-cao.xlsx", ".xlsx"])
def test_a_name_that_fits_nobody(story, name):
    (file,) = taken(story, (name, without_mark(filled(story.p1, c28=4))))
    assert file.revision is None
    assert "Đặt tên tệp theo tên đơn vị" in file.message


def test_the_longer_of_two_names_is_meant(story):
    """“UBND Phường 1 Mới” holds the name of “UBND Phường 1”."""
    rename_unit(
        seat=None, unit=story.cast.p2, name="Ủy ban nhân dân Phường 1 Mới", short_name="UBND Phường 1 Mới", on=SINCE
    )  # fmt: skip
    (file,) = taken(story, ("UBND Phường 1 Mới.xlsx", without_mark(filled(story.p2, c28=4))))
    assert file.revision.report.obligation == story.p2


def test_a_unit_renamed_after_the_form_went_out(story):
    data = filled(story.p1, c28=4)
    now = {"name": "Ủy ban nhân dân Phường Bàn Cờ", "short_name": "UBND Phường Bàn Cờ", "on": IN_TIME.date()}
    rename_unit(seat=None, unit=story.cast.p1, **now)
    (file,) = taken(story, ("p1.xlsx", data))
    assert file.revision.report.obligation == story.p1


UNLIKELY = {"c1": 1066, "c2": 2, "c3": 1084}


def test_what_is_unlikely_needs_a_note_on_its_line(story):
    (file,) = taken(story, ("p1.xlsx", filled(story.p1, **UNLIKELY)))
    places = layout_of(version_spec(story.version.pk)).places
    cell = cell_name(*places.points[1])
    assert file.revision is None
    assert f"p1.xlsx: trang “Bieu”, ô {cell} ghi “1.066”" in file.message
    assert "1.084" in file.message and "ghi lý do vào cột Ghi chú" in file.message
    assert file.places[0][0] == f"Bieu!{cell}"
    explained = filled(story.p1, notes={"1T": "18 người học cả hai lớp"}, **UNLIKELY)
    (file,) = taken(story, ("p1.xlsx", explained))
    assert list(file.revision.content["reasons"].values()) == ["18 người học cả hai lớp"]


def test_what_is_unlikely_on_paper_is_told_by_its_line(story):
    (file,) = taken(story, ("UBND Phường 1.xlsx", without_mark(filled(story.p1, **UNLIKELY))))
    assert file.revision is None
    assert file.message.startswith(
        "Tệp UBND Phường 1.xlsx, Ủy ban nhân dân Phường 1: dòng 1T. Các dòng “trong đó”"
    )


def test_a_cell_of_another_area(story):
    """Line 7.1 is the districts' own."""
    (file,) = taken(story, ("p1.xlsx", filled(story.p1, c49=1)))
    assert "không thuộc phần của đơn vị này" in file.message
    assert file.revision is None


def test_a_file_for_a_report_whose_amendment_was_sent_back(story):
    """The accepted figure still counts: replacing it takes a reason, which a dropped file has not."""
    cast, p1 = story.cast, story.obligation(story.cast.p1)
    story.send(cast.p1_leader, c28=4)
    story.accept(cast.pgd_officer, cast.p1)
    story.send(cast.p1_leader, reason="sót", c28=6)
    return_report(seat=cast.pgd_officer, obligation=p1, reason="chưa khớp")
    (file,) = taken(story, ("p1.xlsx", filled(p1, c28=6)))
    assert "bản 1, đã được tiếp nhận" in file.message and "nhập thay đơn vị, ghi lý do sửa" in file.message


def test_what_the_unit_is_typing_stays(story):
    p1 = story.obligation(story.cast.p1)
    save_draft(seat=story.cast.p1_officer, obligation=p1, content=story.content(c28=77), version=0)
    (file,) = taken(story, ("p1.xlsx", filled(p1, c28=4)))
    assert file.revision.figures[28] == 4
    assert Draft.objects.get().content["figures"][28] == 77


def test_the_worker_dies_in_the_middle_and_another_goes_on(story, monkeypatch):
    """Killed after the revision was written, before the file was marked: done once, and only once."""
    intake = drop(story, ("p1.xlsx", filled(story.p1, c28=4)), ("p2.xlsx", filled(story.p2, c28=5)))

    class Killed(BaseException):
        pass

    def killed(**options):
        raise Killed

    assert intake_room.take_next(intake)
    monkeypatch.setattr(intake_room, "accept", killed)
    with pytest.raises(Killed):
        jobs.take_intake(intake.pk)
    monkeypatch.undo()
    assert [f.done_at is not None for f in intake.files.order_by("pk")] == [True, False]
    assert Revision.objects.count() == 1
    jobs.take_intake(intake.pk)  # queued again by the worker that lives
    jobs.take_intake(intake.pk)
    assert [f.revision.number for f in intake.files.order_by("pk")] == [1, 1]
    assert Revision.objects.count() == 2


def test_a_lost_database_leaves_the_file_waiting(story, monkeypatch):
    intake = drop(story, ("p1.xlsx", filled(story.p1, c28=4)))

    def lost(**options):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(intake_room, "submit", lost)
    with pytest.raises(OperationalError):
        jobs.take_intake(intake.pk)
    monkeypatch.undo()
    assert intake.files.get().done_at is None
    jobs.take_intake(intake.pk)
    assert intake.files.get().revision


def test_one_file_that_breaks_the_program_does_not_keep_the_others(story, monkeypatch, caplog):
    intake = drop(story, ("hỏng.xlsx", filled(story.p1, c28=4711)), ("p2.xlsx", filled(story.p2, c28=5)))
    reading = intake_room.read_form

    def broken(data, spec, name):
        if name == "hỏng.xlsx":
            raise ZeroDivisionError("4711 of Phường 1")
        return reading(data, spec, name=name)

    monkeypatch.setattr(intake_room, "read_form", broken)
    with caplog.at_level(logging.ERROR, logger="hoctap.reports"):
        jobs.take_intake(intake.pk)
    first, second = intake.files.order_by("pk")
    assert first.message.startswith("Tệp hỏng.xlsx: Hoctap gặp lỗi") and f"mã {first.pk}" in first.message
    assert second.revision
    (line,) = [r.getMessage() for r in caplog.records if r.name == "hoctap.reports"]
    assert f"intake file {first.pk}" in line and "ZeroDivisionError" in line
    assert "4711" not in line and "Phường" not in line and "hỏng" not in line


def test_refused_at_the_door(story):
    form = ("p1.xlsx", filled(story.p1, c28=4))
    with pytest.raises(Refusal, match="không có quyền"):
        drop(story, form, seat=story.cast.pgd_clerk)  # a clerk enters but does not decide …
    assert drop(story, form, seat=story.cast.pgd_clerk, accept=False).files.count() == 1  # … and may enter
    for seat in (story.cast.p1_leader, story.cast.q3_leader, story.cast.stranger_leader):
        with pytest.raises(Refusal, match="Phòng Giáo dục"):
            drop(story, form, seat=seat)
    with pytest.raises(Refusal, match="Chưa chọn tệp nào"):
        drop(story)
    close_round(seat=story.cast.pgd_officer, opened=story.round)
    with pytest.raises(Refusal, match="đã đóng"):
        drop(story, form)
    assert Intake.objects.count() == 1


def test_a_round_without_a_form(cast):
    from tests.rounds import make_story

    story = make_story(cast, with_form=False)
    with pytest.raises(Refusal, match="không có biểu số liệu"):
        drop(story, ("p1.xlsx", b"x"))
    with pytest.raises(Refusal, match="không có biểu số liệu"):
        intake_room.fill_draft(
            seat=cast.p1_officer, obligation=story.obligation(cast.p1), data=b"x", name="p1.xlsx", version=0
        )


def test_files_and_job_are_kept_together(at, story, monkeypatch):
    """The job cannot be queued: nothing is left half opened; the next try is whole."""

    def down(**options):
        raise OperationalError

    desk = at(story.cast.pgd_officer)
    desk.raise_request_exception = False
    posted = {"channel": "email", "received_at": "12/10/2023 15:00"}
    address = f"/bao-cao/{story.root.pk}/nhan-nhieu-tep/"
    monkeypatch.setattr(jobs.take_intake, "defer", down)
    assert desk.post(address, {**posted, "sheets": xlsx("p1.xlsx", blank(story.p1))}).status_code == 500
    assert not Intake.objects.exists()
    monkeypatch.setattr(jobs.take_intake, "defer", lambda **options: None)
    assert desk.post(address, {**posted, "sheets": xlsx("p1.xlsx", blank(story.p1))}).status_code == 302
    assert Act.objects.filter(verb="report.intake", seat_id=story.cast.pgd_officer.pk).count() == 1
    assert "còn 1" in words(desk.get(address))  # left and found again


def test_the_clerk_is_not_offered_to_decide(at, story):
    clerk, address = at(story.cast.pgd_clerk), f"/bao-cao/{story.root.pk}/nhan-nhieu-tep/"
    assert 'name="accept"' not in words(clerk.get(address))
    assert 'name="accept"' in words(at(story.cast.pgd_officer).get(address))


def test_an_empty_form_is_a_report_of_nothing(story):
    """Blank is not zero: the unit reported, and no line of it counts."""
    (file,) = taken(story, ("p1.xlsx", blank(story.p1)))
    assert file.revision and set(file.revision.figures) == {None}
    shown = table(story.root)
    assert (shown.coverage.accepted, shown.total.sums[28]) == (1, None)
