"""Xóa dữ liệu theo yêu cầu: who it was goes, what was counted stays."""

from django.db import transaction
from django.db.models import Q

from hoctap.activities.models import Certificate, Completion, Need
from hoctap.kernel import clock, journal
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.people.actions import finish_request
from hoctap.people.models import Book, Card, Consent, DataRequest, Merge, Person

NAMELESS = "Người đã xóa dữ liệu"
_REASON = "Người được cấp yêu cầu xóa dữ liệu cá nhân."


@transaction.atomic
def erase_person(*, seat: Seat | None, person: Person) -> None:
    """Name, contact, birth year, guardian, account, books, what was merged into it go; cards, certificates are revoked.

    Marks of attendance stay without a name, so that no figure changes. Requests not yet done are done by it. Erased already:
    nothing.
    """
    if seat:
        org_rules.require_person(seat, person)
    kept = Person.objects.select_for_update().get(pk=person.pk)
    if kept.erased_at:
        return
    now = clock.now()
    rows = Person.objects.filter(Q(pk=kept.pk) | Q(merged_into=kept))
    every = list(rows.values_list("pk", flat=True))
    Card.objects.filter(person__in=every, revoked_at=None).update(revoked_at=now)
    Consent.objects.filter(person__in=every, withdrawn_on=None).update(withdrawn_on=clock.today())
    Consent.objects.filter(person__in=every).update(given_by="")
    valid = Certificate.objects.filter(person__in=every, revoked_at=None, superseded_by=None)
    valid.update(revoked_at=now, revoked_reason=_REASON)
    Certificate.objects.filter(person__in=every).update(name=NAMELESS)
    Completion.objects.filter(person__in=every).update(reference="", link="", file=None, file_name="")
    Need.objects.filter(person__in=every).update(note="")
    DataRequest.objects.filter(person__in=every).update(note="")
    Book.objects.filter(person__in=every).delete()
    Merge.objects.filter(Q(kept__in=every) | Q(gone__in=every)).update(done={})
    rows.update(
        full_name=NAMELESS, name_folded="", sort_key="", birth_year=None, contact="", guardian_name="",
        guardian_contact="", user=None, erased_at=now,
    )  # fmt: skip
    for request in DataRequest.objects.filter(person__in=every, done_at=None):
        finish_request(request=request, seat=seat)
    journal.record("person.erase", kept, seat=seat)
