"""Which consolidation was signed last."""

from hoctap.rollup.models import Snapshot


def last_signed(obligation_id: int, *, before: int | None = None) -> Snapshot | None:
    """The signed consolidation of a node with the highest number, below the number ``before`` if given."""
    signed = Snapshot.objects.filter(obligation=obligation_id).exclude(signed_at=None)
    if before is not None:
        signed = signed.filter(number__lt=before)
    return signed.order_by("-number").first()
