"""Gộp người ghi trùng: everything of the one becomes the other's, and can be taken back row by row.

What only one of two may have (one mark a session, one place in a class …) is folded: the better row stays, the other is
kept in ``Merge.done`` and put back when the merge is undone.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.activities.actions import registering
from hoctap.activities.enums import Part, RegistrationState
from hoctap.activities.models import Activity, Attendance, Certificate, Completion, Need, Registration
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Membership, Seat
from hoctap.people import rules as people_rules
from hoctap.people.models import Book, Card, Consent, DataRequest, Merge, Person
from hoctap.people.queries import survivor

_STATES = [RegistrationState.TAKEN, RegistrationState.WAITING, RegistrationState.GIVEN_UP]
_PLACE = Registration._meta.label_lower
_DOUBLE = "Ghi trùng người, đã gộp."

Row = Any  # of one of the tables below
# One of two rows that name the same thing stays: the one with the least of this; else the one of the person kept.
_FOLDED: list[tuple[type[models.Model], tuple[str, ...], Callable[[Row], Any]]] = [
    (Registration, ("activity_id",), lambda row: (_STATES.index(row.state), row.at, row.pk)),
    (Attendance, ("session_id",), lambda row: (not row.present, row.part != Part.LEARNER)),
    (Completion, ("platform", "title", "on"), lambda row: not (row.file_id or row.link)),
    (Need, ("survey_id", "unit_id", "topic_id"), lambda row: 0),
    (
        Book,
        ("title", "author", "read_on"),
        lambda row: (row.shown, not row.note),
    ),  # what one hid stays hidden
]
# Every table that names a person, for the test that none is forgotten; Merge tells of merging itself.
MOVED = {
    Registration,
    Attendance,
    Certificate,
    Completion,
    Need,
    Membership,
    Consent,
    Card,
    DataRequest,
    Book,
}


@transaction.atomic
def merge_persons(*, seat: Seat | None, kept: Person, gone: Person) -> Merge:
    """``gone`` means ``kept`` from now on; a place in a class that both had is the next one's who waits.

    Refusal when they cannot be one: two accounts, two years of birth.
    """
    if seat:
        org_rules.require_person(seat, kept)
        org_rules.require_person(seat, gone)
    registering.lock_places([kept, gone])
    both = Person.objects.select_for_update().order_by("pk").in_bulk([kept.pk, gone.pk])
    kept, gone = both[kept.pk], both[gone.pk]
    _check(kept, gone)
    merging = _Merging(kept, gone)
    merging.run()
    for row in _places(merging.done):
        registering.fill_places(activity=row.activity)
    merge = Merge.objects.create(
        kept=kept, gone=gone, done=merging.done, by_id=seat.user_id if seat else None
    )
    journal.record("person.merge", merge, seat=seat, kept=kept.pk, gone=gone.pk)
    return merge


def _check(kept: Person, gone: Person) -> None:
    if kept == gone:
        raise Refusal("Chọn hai người khác nhau để gộp.")
    people_rules.require_standing(kept)
    people_rules.require_standing(gone)
    if kept.user_id and gone.user_id:
        raise Refusal(
            f"{kept.full_name}: cả hai đều có tài khoản riêng nên không gộp được. Nhờ quản trị bỏ một tài khoản trước."
        )
    if None not in (kept.birth_year, gone.birth_year) and kept.birth_year != gone.birth_year:
        raise Refusal(
            f"Năm sinh khác nhau ({kept.birth_year} và {gone.birth_year}). Nếu đúng là một người, sửa năm sinh "
            "cho giống nhau rồi gộp."
        )


class _Merging:
    """Within the caller's transaction, both persons locked. ``done``: what undoing needs."""

    def __init__(self, kept: Person, gone: Person):
        self.kept, self.gone = kept, gone
        self.done: dict[str, list] = {"moved": [], "folded": [], "changed": [], "made": []}

    def run(self) -> None:
        for model, same, worth in _FOLDED:
            self._fold(model, same, worth)
        self._fold_memberships()
        self._fold_consents()
        self._fold_certificates()
        if self.kept.cards.filter(revoked_at=None).exists():
            for card in self.gone.cards.filter(revoked_at=None):
                self._change(card, revoked_at=clock.now())
        for model in sorted(MOVED, key=lambda m: m._meta.label):
            self._move(model)
        self._take_over()

    def _fold(self, model: type[models.Model], same: tuple[str, ...], worth: Callable[[Row], Any]) -> None:
        def key(row: Row) -> tuple:
            return tuple(getattr(row, name) for name in same)

        ours = {key(row): row for row in self._rows(model, self.kept)}
        for row in self._rows(model, self.gone):
            if (other := ours.get(key(row))) is not None:
                self._remove([row if worth(other) <= worth(row) else other])

    def _fold_memberships(self) -> None:
        """Stretches that overlap become one, from the first day to the last."""
        found: dict[tuple, list[Membership]] = {}
        for row in Membership.objects.filter(person__in=[self.kept, self.gone]).order_by("valid"):
            found.setdefault((row.unit_id, row.standing), []).append(row)
        for rows in found.values():
            for together in _overlapping(rows):
                if len({row.person_id for row in together}) < 2:
                    continue
                ends = [row.valid.upper for row in together]
                valid = DateRange(together[0].valid.lower, None if None in ends else max(ends))
                first = together[0]
                self._remove(together)
                made = Membership.objects.create(
                    person=self.kept, unit_id=first.unit_id, standing=first.standing, valid=valid
                )
                self.done["made"].append([Membership._meta.label, made.pk])

    def _fold_consents(self) -> None:
        """A later withdrawal of the one holds for the other too; of two that stand the earlier stays."""
        rows = list(Consent.objects.filter(person__in=[self.kept, self.gone]).order_by("given_on", "pk"))
        standing: set[str] = set()
        for row in [row for row in rows if row.withdrawn_on is None]:
            later = [
                other.withdrawn_on
                for other in rows
                if other.purpose == row.purpose and other.withdrawn_on and other.withdrawn_on >= row.given_on
            ]
            if later:
                self._change(row, withdrawn_on=max(later))
            elif row.purpose in standing:
                self._remove([row])
            else:
                standing.add(row.purpose)

    def _fold_certificates(self) -> None:
        """Two valid ones for one activity: the other's is superseded, so that its paper leads to the one that counts."""
        valid = {"revoked_at": None, "superseded_by": None}
        ours = {row.activity_id: row for row in self.kept.certificates.filter(**valid)}
        for row in self.gone.certificates.filter(**valid):
            other = ours.get(row.activity_id)
            if other and not Certificate.objects.filter(superseded_by=other).exists():
                self._change(row, superseded_by_id=other.pk)
            elif other:
                self._change(row, revoked_at=clock.now(), revoked_reason=_DOUBLE)

    def _take_over(self) -> None:
        for earlier in Person.objects.filter(merged_into=self.gone):
            self._change(earlier, merged_into_id=self.kept.pk)
        blank = [
            name
            for name in ("birth_year", "contact", "guardian_name", "guardian_contact")
            if not getattr(self.kept, name) and getattr(self.gone, name)
        ]
        user_id = self.gone.user_id
        self._change(self.gone, merged_into_id=self.kept.pk, user_id=None)
        taken = {name: getattr(self.gone, name) for name in blank}
        if user_id:
            taken["user_id"] = user_id
        if taken:
            self._change(self.kept, **taken)

    def _move(self, model: type[models.Model]) -> None:
        pks = list(self._rows(model, self.gone).values_list("pk", flat=True))
        if pks:
            model._default_manager.filter(pk__in=pks).update(person=self.kept)
            self.done["moved"].append([model._meta.label, pks])

    @staticmethod
    def _rows(model: type[models.Model], person: Person) -> models.QuerySet[Row]:
        return model._default_manager.filter(person=person).order_by("pk")

    def _remove(self, rows: Iterable[Row]) -> None:
        rows = list(rows)
        # The JSON serializer would cut a moment to its thousandths.
        told = json.dumps(serializers.serialize("python", rows), default=_exactly)
        self.done["folded"] += json.loads(told)
        for row in rows:
            type(row)._default_manager.filter(pk=row.pk).delete()

    def _change(self, row: Row, **values: Any) -> None:
        before = {name: getattr(row, name) for name in values}
        self.done["changed"].append([row._meta.label, row.pk, before])
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def _overlapping(rows: list[Membership]) -> list[list[Membership]]:
    """Rows by their first day, in runs of which each touches what came before."""
    runs: list[list[Membership]] = []
    end = None
    for row in rows:
        if runs and (end is None or row.valid.lower < end):
            runs[-1].append(row)
            end = None if end is None or row.valid.upper is None else max(end, row.valid.upper)
        else:
            runs.append([row])
            end = row.valid.upper
    return runs


@transaction.atomic
def undo_merge(*, seat: Seat | None, merge: Merge) -> None:
    """Tách lại: every row as it was; a place in a class that somebody else has by now is waited for.

    Refusal when the person was erased, merged again, or took what would be in the way.
    """
    registering.lock_places(
        [merge.kept, merge.gone], [row.activity_id for row in _places(merge.done)] if merge.done else []
    )
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    both = Person.objects.select_for_update().order_by("pk").in_bulk([merge.kept_id, merge.gone_id])
    kept, gone = both[merge.kept_id], both[merge.gone_id]
    if seat:
        org_rules.require_person(seat, survivor(kept))
    if merge.undone_at:
        return
    later = Merge.objects.filter(kept__in=both, undone_at=None, pk__gt=merge.pk)
    if not merge.done or kept.erased_at or kept.merged_into_id or later.exists():
        raise Refusal(
            "Không tách được nữa: sau lần gộp này, người ấy đã gộp tiếp hoặc đã xóa dữ liệu. Nếu gộp tiếp thì tách "
            "lần sau trước."
        )
    try:
        with transaction.atomic():
            _put_back(merge.done, gone)
    except (IntegrityError, serializers.base.DeserializationError):
        raise Refusal(
            "Không tách được: có điều mới ghi cho người này vướng với điều cũ. Thêm lại người kia rồi sửa từng mục."
        ) from None
    for row in _places(merge.done):
        registering.put_back(registration=row)
    merge.undone_at = clock.now()
    merge.save(update_fields=["undone_at"])
    journal.record("person.split", merge, seat=seat, kept=kept.pk, gone=gone.pk)


def _places(done: dict[str, list]) -> list[Registration]:
    """Learners' places in limited classes that were folded into another."""
    folded = serializers.deserialize("python", [row for row in done["folded"] if row["model"] == _PLACE])
    rows: list[Row] = [one.object for one in folded]
    rows = [row for row in rows if row.state == RegistrationState.TAKEN and row.part == Part.LEARNER]
    limited = Activity.objects.exclude(capacity=None).in_bulk([row.activity_id for row in rows])
    return [row for row in rows if row.activity_id in limited]


def _put_back(done: dict[str, list], gone: Person) -> None:
    for label, pk in done["made"]:
        _table(label).filter(pk=pk).delete()
    for label, pks in done["moved"]:
        _table(label).filter(pk__in=pks).update(person=gone)
    for label, pk, before in reversed(done["changed"]):
        _table(label).filter(pk=pk).update(**before)
    for row in serializers.deserialize("python", done["folded"]):
        row.save()


def _exactly(value: Any) -> str:
    """A day or a moment to the last digit, a number or an id as it is written."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _table(label: str) -> models.QuerySet[Row]:
    return apps.get_model(label)._default_manager.all()
