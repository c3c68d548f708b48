"""Finding certificates: by what their QR holds, by number and name, of an activity."""

import re

from django.db.models import QuerySet

from hoctap.activities.models import Activity, Certificate
from hoctap.activities.record import issued_on
from hoctap.kernel.vietnamese import fold

__all__ = ["by_number", "by_token", "issued_on", "of_activity", "whole"]


def whole(certificates: QuerySet[Certificate] | None = None) -> QuerySet[Certificate]:
    """With all that is printed on them."""
    found = Certificate.objects.all() if certificates is None else certificates
    return found.select_related(
        "activity__host", "activity__kind", "issued_by__unit", "issued_by__user", "superseded_by"
    )


def by_token(token: str) -> Certificate | None:
    return whole().filter(token=token).first()


def by_number(number: str, name: str) -> Certificate | None:
    """The certificate of that number where the name is its own, accents and case aside; spaces in the number too."""
    typed = re.sub(r"[\s\0]", "", number)
    found = whole().filter(number__in=[typed, typed.upper()], person__erased_at=None).first()
    return found if found and fold(found.name) == fold(name) else None


def of_activity(activity: Activity) -> QuerySet[Certificate]:
    """All ever issued, in the order of their numbers' issue."""
    return whole(Certificate.objects.filter(activity=activity)).order_by("issued_at", "pk")
