"""Signing a consolidated report and keeping its papers: signing and rendering are one act."""

from django.db import transaction

from hoctap.kernel import files
from hoctap.notify.actions import tell
from hoctap.obligations.models import Recipient
from hoctap.orgs.models import Seat
from hoctap.papers.reports import kinds, render
from hoctap.rollup.actions import sign_snapshot
from hoctap.rollup.models import Snapshot, SnapshotFile


@transaction.atomic
def sign_report(*, seat: Seat, snapshot: Snapshot) -> Snapshot:
    """Ký báo cáo tổng hợp: sign exactly the drawn figures, keep PDF, DOCX and XLSX, tell every recipient."""
    signed = sign_snapshot(seat=seat, snapshot=snapshot)
    for kind in kinds(signed):
        SnapshotFile.objects.create(snapshot=signed, kind=kind, file=files.store(render(signed, kind)))
    for recipient in Recipient.objects.filter(obligation=signed.obligation).select_related("unit"):
        tell(
            unit=recipient.unit,
            kind="signed",
            text=f"{signed.obligation.unit.name} gửi báo cáo tổng hợp: {signed.obligation.round.name}.",
            url=f"/tong-hop/{signed.obligation_id}/ban/{signed.number}/",
            dedupe=f"snapshot-{signed.pk}",
        )
    return signed
