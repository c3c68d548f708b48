"""Chứng nhận: issued for a whole class at once, taken back, replaced by a corrected one.

Numbers go up one by one per issuing unit and year, without gaps: whoever issues holds the row of the series until the
transaction ends, and one that is rolled back gives its numbers back.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, DurationField, F, Sum
from django.db.models.functions import Coalesce

from hoctap.activities import rules
from hoctap.activities.actions import telling
from hoctap.activities.enums import Part, SessionState
from hoctap.activities.models import Activity, Attendance, Certificate, CertificateSeries, Session
from hoctap.activities.record import KNOWN, hours_of, minutes_of
from hoctap.kernel import clock, journal
from hoctap.kernel.errors import Refusal
from hoctap.kernel.keys import keys_for
from hoctap.kernel.vietnamese import tidy
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat
from hoctap.people import queries as people_queries
from hoctap.people.enums import Purpose
from hoctap.people.models import Person

MOST = 5_000  # certificates in one act


@dataclass(frozen=True)
class Candidate:
    """A learner of the activity: ``attended`` of ``held`` sessions; ``hours`` None where a length is not known.

    ``certificate`` is the one of this activity, valid or not; ``withdrawn``: no longer agrees to be named.
    """

    person: Person
    attended: int
    held: int
    hours: Decimal | None
    certificate: Certificate | None
    withdrawn: bool

    def reaches(self, share: int) -> bool:
        """Whether at least ``share`` per cent of the sessions were attended; 2 of 3 is less than 67 %."""
        return self.held > 0 and self.attended * 100 >= share * self.held

    @property
    def may_have(self) -> bool:
        """Has none yet, and agrees. One taken back is given again only when asked for by name."""
        return self.certificate is None and not self.withdrawn


def candidates(activity: Activity) -> list[Candidate]:
    """Everybody who attended a held session as a learner, in dictionary order; four queries."""
    held = Session.objects.filter(activity=activity, state=SessionState.HELD).count()
    rows = list(
        Attendance.objects.filter(
            session__activity=activity, session__state=SessionState.HELD, present=True, part=Part.LEARNER,
            person__erased_at=None,
        )
        .values("person")
        .annotate(
            attended=Count("pk"),
            unknown=Count("pk", filter=~KNOWN),
            length=Coalesce(
                Sum(F("session__ends_at") - F("session__starts_at"), filter=KNOWN, output_field=DurationField()),
                timedelta(),
                output_field=DurationField(),
            ),
        )
        .values_list("person", "attended", "unknown", "length")
    )  # fmt: skip
    people = Person.objects.in_bulk([row[0] for row in rows])
    has = {
        one.person_id: one
        for one in Certificate.objects.filter(activity=activity, superseded_by=None).order_by("pk")
    }
    withdrew = people_queries.withdrew(Purpose.RECORD)
    withdrawn = set(Person.objects.filter(withdrew, pk__in=people).values_list("pk", flat=True))
    found = [
        Candidate(
            people[pk],
            attended,
            held,
            None if unknown else hours_of(minutes_of(length)),
            has.get(pk),
            pk in withdrawn,
        )
        for pk, attended, unknown, length in rows
    ]
    return sorted(found, key=lambda one: (one.person.sort_key, one.person.pk))


@transaction.atomic
def issue_certificates(
    *, seat: Seat, activity: Activity, share: int, position: str, people: Collection[int] | None = None
) -> list[Certificate]:
    """One for each learner who attended at least ``share`` per cent of the sessions held; the seat's unit issues.

    ``people``: only these, by id; one whose certificate was taken back gets another only when named here. Who has one
    gets no second: the same act again issues nothing.
    """
    rules.require_change(seat, activity, roles.ISSUE_CERTIFICATE)
    _check(share, position)
    if activity.cancelled_at:
        raise Refusal("Hoạt động này đã hủy nên không cấp chứng nhận. Bỏ hủy rồi cấp.")
    Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)  # two who issue at once take turns
    chosen = [one for one in candidates(activity) if one.reaches(share) and _gets_one(one, people)]
    if len(chosen) > MOST:
        raise Refusal(f"Mỗi lần cấp nhiều nhất {MOST:,} chứng nhận. Chọn ít người hơn.".replace(",", "."))
    if not chosen:
        return []
    now = clock.now()
    numbers = _numbers(seat, len(chosen), now.year)
    made = Certificate.objects.bulk_create(
        Certificate(
            activity=activity, person=one.person, number=number, token=secrets.token_hex(16),
            name=one.person.full_name, hours=one.hours, sessions=one.attended, position=tidy(position),
            issued_by=seat, issued_at=now,
        )
        for one, number in zip(chosen, numbers, strict=True)
    )  # fmt: skip
    journal.record_all(
        "activities.certificate", [("certificate.issue", one.pk, {}) for one in made], seat=seat
    )
    telling.certified(made)
    return made


def _gets_one(candidate: Candidate, people: Collection[int] | None) -> bool:
    if people is None:
        return candidate.may_have
    taken_back = candidate.certificate is not None and candidate.certificate.revoked_at is not None
    return candidate.person.pk in people and (candidate.may_have or (taken_back and not candidate.withdrawn))


def _check(share: int, position: str) -> None:
    places = []
    if not 1 <= share <= 100:
        places.append(("Dự ít nhất", f"Tỷ lệ buổi phải từ 1 đến 100 phần trăm. Đang là {share}."))
    if not tidy(position):
        places.append(("Chức vụ người ký", "Ghi chức vụ in trên chứng nhận, ví dụ: Trưởng phòng."))
    if places:
        raise Refusal(places[0][1], places)


def _numbers(seat: Seat, count: int, year: int) -> list[str]:
    """The next numbers of the seat's unit, taken: "07/2026/CN-HCM-Q3-PGD"."""
    CertificateSeries.objects.get_or_create(unit_id=seat.unit_id, year=year)
    series = CertificateSeries.objects.select_for_update().get(unit=seat.unit_id, year=year)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [f"{n:02d}/{year}/CN-{seat.unit.code}" for n in range(first, first + count)]


@transaction.atomic
def revoke_certificate(*, seat: Seat, certificate: Certificate, reason: str) -> Certificate:
    """Thu hồi, with the reason that the checking page keeps to itself; Refusal where it is no longer valid."""
    held = _hold(seat, certificate)
    if not tidy(reason):
        raise Refusal("Ghi lý do thu hồi.", [("Lý do", "Ghi lý do thu hồi.")])
    held.revoked_at, held.revoked_reason = clock.now(), tidy(reason)
    held.save(update_fields=["revoked_at", "revoked_reason"])
    journal.record("certificate.revoke", held, seat=seat)
    telling.certificate_revoked(held)
    return held


@transaction.atomic
def replace_certificate(
    *, seat: Seat, certificate: Certificate, name: str, position: str = ""
) -> Certificate:
    """Cấp thay: the same with the name as it should be, under a number of its own; the old one points to it."""
    held = _hold(seat, certificate)
    name = tidy(name)
    if not name:
        raise Refusal("Ghi họ tên đúng.", [("Họ tên", "Ghi họ tên đúng.")])
    if name == held.name:
        raise Refusal("Họ tên không khác bản đang có, nên không cần cấp thay.", [("Họ tên", "Chưa sửa gì.")])
    now = clock.now()
    (pk,) = keys_for(Certificate, 1)
    held.superseded_by_id = pk  # first: only one may be valid
    held.save(update_fields=["superseded_by"])
    (number,) = _numbers(seat, 1, now.year)
    made = Certificate.objects.create(
        pk=pk, activity_id=held.activity_id, person_id=held.person_id, number=number, token=secrets.token_hex(16),
        name=name, hours=held.hours, sessions=held.sessions, position=tidy(position) or held.position,
        issued_by=seat, issued_at=now,
    )  # fmt: skip
    journal.record("certificate.replace", made, seat=seat, replaces=held.pk)
    telling.certificate_replaced(made, held)
    return made


def _hold(seat: Seat, certificate: Certificate) -> Certificate:
    """The certificate, locked, where this leader may change it and it is valid."""
    org_rules.require(seat, roles.ISSUE_CERTIFICATE)
    held = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("issued_by__unit")
        .get(pk=certificate.pk)
    )
    org_rules.require_reach(seat, held.issued_by.unit)
    if held.revoked_at:
        raise Refusal(f"Chứng nhận {held.number} đã thu hồi trước đó.")
    if held.superseded_by_id:
        raise Refusal(f"Chứng nhận {held.number} đã được thay bằng bản khác. Làm với bản đang có hiệu lực.")
    return held
