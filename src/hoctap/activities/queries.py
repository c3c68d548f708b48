"""Reading activities."""

from hoctap.activities.models import ActivityKind


def kind(code: str) -> ActivityKind:
    """A kind by its code. Raises ActivityKind.DoesNotExist."""
    return ActivityKind.objects.get(code=code)
