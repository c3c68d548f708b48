"""Kept files that the store has no more, as when a bucket came back from an older copy: each by the name people know."""

from __future__ import annotations

from collections.abc import Iterator

MANY = 1000  # files asked about in one statement


def missing_files() -> Iterator[str]:
    """A line for each place that names a file which is not there, with where the store would have it."""
    from hoctap.kernel import files

    lost = files.missing()
    for start in range(0, len(lost), MANY):
        for digest, what in sorted(_places(lost[start : start + MANY])):
            yield f"Thiếu tệp {what}; trong kho tệp là {files.name_of(digest)}."


def _places(digests: list[str]) -> Iterator[tuple[str, str]]:
    """(digest, what it is) for every row that names one of the files."""
    from hoctap.directives.models import Attachment
    from hoctap.reports.models import IntakeFile, RevisionFile
    from hoctap.rollup.models import SnapshotFile

    for held in Attachment.objects.filter(file__in=digests).select_related("directive"):
        where = f"{held.directive} (văn bản số {held.directive_id} trong sổ)"
        yield held.file_id, f"{held.name} kèm {where}"
    about = "obligation__unit", "obligation__round"
    reports = [f"revision__report__{name}" for name in about]
    for sent in RevisionFile.objects.filter(file__in=digests).select_related(*reports):
        owed = sent.revision.report.obligation
        where = f"bản {sent.revision.number} báo cáo của {owed.unit.name}, {owed.round.name}"
        yield sent.file_id, f"{sent.name} kèm {where}"
    for paper in SnapshotFile.objects.filter(file__in=digests).select_related(
        *(f"snapshot__{name}" for name in about)
    ):
        owed = paper.snapshot.obligation
        where = f"tổng hợp đã ký số {paper.snapshot.number} của {owed.unit.name}, {owed.round.name}"
        yield paper.file_id, f"{paper.kind.upper()} của bản {where}"
    waiting = IntakeFile.objects.filter(file__in=digests, done_at=None).select_related("intake__round")
    for taken in waiting:
        yield (
            taken.file_id,
            f"{taken.name} trong lượt nhận tệp số {taken.intake_id}, {taken.intake.round.name}",
        )
