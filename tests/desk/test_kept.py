"""A kept file that the store lost, as when a bucket came back from an older copy: said on its page, named by ``check``."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model

from hoctap.cli.check import check_files
from hoctap.kernel import files
from hoctap.kernel.models import StoredFile
from hoctap.papers.actions import sign_report
from hoctap.reports.enums import Channel
from hoctap.reports.intake import open_intake, take_next
from hoctap.reports.models import Revision, RevisionFile
from hoctap.rollup.actions import draw_snapshot
from hoctap.rollup.models import SnapshotFile
from tests.directives.making import plan
from tests.pages import words_of
from tests.reports.sheets import filled
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db


PDF = b"%PDF-1.4 ke hoach"


def lose(row: Model) -> None:
    (Path(settings.MEDIA_ROOT) / files.name_of(row.file_id)).unlink()


@pytest.fixture
def attachment(story):
    made = plan(
        story.cast, number_text="7/KH-UBND", deliver_to=[story.cast.p1], attachments=[("Kế hoạch.pdf", PDF)]
    )
    return made.attachments.get()


@pytest.fixture
def sent(at, story) -> RevisionFile:
    story.send(story.cast.p1_leader, c28=4)
    kept = files.store(b"%PDF-1.4 quet")
    return RevisionFile.objects.create(revision=Revision.objects.get(), file=kept, name="BC Phường 1.pdf")


@pytest.fixture
def signed(at, story) -> SnapshotFile:
    drawn = draw_snapshot(seat=story.cast.pgd_officer, obligation=story.root, doc={})
    sign_report(seat=story.cast.pgd_leader, snapshot=drawn)
    return SnapshotFile.objects.get(snapshot=drawn, kind="pdf")


@pytest.fixture
def dropped(at, story):
    return open_intake(
        seat=story.cast.pgd_officer,
        obligation=story.root,
        uploads=[(filled(story.p2, c28=4), "p2.xlsx")],
        channel=Channel.EMAIL,
        received_at=IN_TIME - timedelta(hours=1),
        accept_clean=True,
    )


def test_each_kind_of_file_is_said_to_be_gone(at, story, attachment, sent, signed, caplog):
    places = {
        f"/van-ban/{attachment.directive_id}/tep/{attachment.pk}/": (
            attachment,
            "Kế hoạch.pdf",
            story.cast.p1_officer,
        ),
        f"/bao-cao/{story.p1.pk}/tep/{sent.pk}/": (sent, "BC Phường 1.pdf", story.cast.p1_officer),
        f"/tong-hop/{story.root.pk}/ban/1/tong-hop.pdf": (
            signed,
            "tong-hop-HCM-Q3-PGD-1.pdf",
            story.cast.pgd_leader,
        ),
    }
    for address, (row, name, seat) in places.items():
        reader = at(seat)
        assert b"".join(reader.get(address).streaming_content).startswith(b"%PDF")
        lose(row)
        caplog.clear()
        answer = reader.get(address)
        said = words_of(answer)
        assert answer.status_code == 404
        assert f"Hoctap đã giữ tệp {name}, nhưng kho tệp của máy chủ không còn tệp đó." in said
        assert "văn bản, báo cáo và số liệu không mất gì" in said
        assert "người vận hành" in said and "hoctap check" in said
        assert files.name_of(row.file_id) in caplog.text


def test_check_names_each(at, story, attachment, sent, signed, dropped, capsys):
    assert check_files() == 0
    assert capsys.readouterr().out == ""
    for row in (attachment, sent, signed):
        lose(row)
    lose(dropped.files.get())
    StoredFile.objects.create(sha256="0" * 64, size=1)  # of a preview never carried out: nothing needs it
    assert check_files() == 1
    out = capsys.readouterr().out
    for told in (
        f"Thiếu tệp Kế hoạch.pdf kèm Kế hoạch 7/KH-UBND (văn bản số {attachment.directive_id} trong sổ);",
        "Thiếu tệp BC Phường 1.pdf kèm bản 1 báo cáo của Ủy ban nhân dân Phường 1,",
        "Thiếu tệp PDF của bản tổng hợp đã ký số 1 của Phòng Giáo dục và Đào tạo Quận 3,",
        f"Thiếu tệp p2.xlsx trong lượt nhận tệp số {dropped.pk},",
        f"trong kho tệp là {files.name_of(signed.file_id)}.",
        "Có 4 chỗ thiếu tệp trong kho tệp;",
    ):
        assert told in out
    assert "0" * 64 not in out


def test_a_dropped_file_that_is_gone_is_told_to_be_sent_again(story, dropped):
    lose(dropped.files.get())
    assert take_next(dropped)
    assert "không còn trong kho tệp của máy chủ" in dropped.files.get().message
