"""One world with something behind every address: plan 333/KH-UBND under way, and who may open what."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from hoctap.activities.actions import (
    ActivityData,
    SessionData,
    add_file,
    begin_upload,
    merge_persons,
    record_activity,
)
from hoctap.activities.actions.registering import register
from hoctap.activities.actions.surveying import open_survey, state_needs
from hoctap.activities.models import Activity, Survey, Topic
from hoctap.activities.queries import kind
from hoctap.directives.actions import DirectiveData, begin_reading, compose, register_directive
from hoctap.directives.composition import Assignment, Composition
from hoctap.directives.enums import DocumentKind
from hoctap.directives.models import Directive, Reading
from hoctap.kernel import clock, files
from hoctap.notify.actions import tell
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.following import let_follow
from hoctap.obligations.models import Follower, Obligation, Target
from hoctap.orgs import roles
from hoctap.orgs.actions import found_unit, grant_seat
from hoctap.orgs.actions.headcounts import Heads, count_heads
from hoctap.orgs.actions.memberships import enter_person
from hoctap.orgs.enums import HeadcountGroup, Kind, Line, Role, Standing
from hoctap.orgs.models import Headcount, Seat, Unit
from hoctap.people.actions import add_person, issue_cards, note_request, tell_apart
from hoctap.people.enums import ConsentWay, RequestKind
from hoctap.people.models import Apart, DataRequest, Merge, Person, User
from hoctap.reports.actions import cascade, withdraw
from hoctap.reports.enums import Channel
from hoctap.reports.exports import ask
from hoctap.reports.intake import open_intake
from hoctap.reports.models import Export, Intake, RevisionFile
from hoctap.rollup.actions import draw_snapshot, sign_snapshot
from tests.cast import SINCE
from tests.house.learning import Learning
from tests.house.routes import Route
from tests.rounds import Story

LATER = datetime(2023, 10, 14, 8, 0, tzinfo=clock.VIETNAM)
PREFERRED = (Role.LEADER, Role.OFFICER, Role.CLERK, Role.ADMIN, Role.VIEWER)

LETTER = {
    "doc_number": "45/BC-PGDĐT",
    "doc_date": "2023-10-14",
    "authority": "",
    "signer_position": "Trưởng phòng",
    "signer_name": "Phạm Đăng Khoa",
    "narrative": {},
}


LETTER_TO_READ = """Số: {number}/UBND
Quận 3, ngày 03 tháng 10 năm 2023
V/v tổng kết Tuần lễ hưởng ứng học tập suốt đời

Kính gửi: Ủy ban nhân dân Phường 1

Ủy ban nhân dân Quận 3 đề nghị Ủy ban nhân dân Phường 1 thực hiện:
1. Tổ chức tuyên dương gương người học tiêu biểu tại phường.
2. Gửi báo cáo kết quả về Ủy ban nhân dân Quận 3 (thông qua Phòng Giáo dục và Đào tạo) trước ngày 20/10/2023.

Nơi nhận:
- Như trên;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Trần Văn Ân
"""


@dataclass
class World:
    story: Story
    intake: Intake
    export: Export
    answer: Directive  # a document with a citation and a file
    reading: Reading  # of a letter to Phường 1, by the Phòng
    composed: Directive  # a draft written from its clauses
    follower: Follower
    survey: Survey
    activity: Activity  # a class of the Phòng
    learning: Learning
    person: Person  # of the school, with consent, card, request, and another row merged into it
    seats: dict[tuple[int, Role], Seat] = field(default_factory=dict)

    @classmethod
    def make(cls, story: Story) -> "World":
        cast = story.cast
        with clock.frozen(LATER):
            answer = cls._document(cast, 0)
            story.send(cast.p1_leader, c28=4)
            story.send(cast.pgd_leader, c28=1)
            revision = story.obligation(cast.p1).report.sent
            RevisionFile.objects.create(revision=revision, file=files.store(b"anh"), name="anh.jpg")
            intake = open_intake(
                seat=cast.pgd_officer,
                obligation=story.root,
                uploads=[(b"a", "a.xlsx")],
                channel=Channel.EMAIL,
                received_at=LATER,
                accept_clean=False,
            )
            drawn = draw_snapshot(seat=cast.pgd_leader, obligation=story.root, doc=LETTER)
            sign_snapshot(seat=cast.pgd_leader, snapshot=drawn)
            exported = cls._exported(cast.pgd_leader, story.root)
            reading = begin_reading(seat=cast.pgd_officer, text=LETTER_TO_READ.format(number=77))
            composed = cls._composed(cast.q3_leader)
            (follower,) = let_follow(
                seat=cast.pgd_leader, opened=story.round, units=[cast.ldld], clause="mục III.1.1"
            )
            survey, activity = cls._survey(cast, answer), cls._activity(cast, 0)
            learning = Learning.make(cast)
            person = cls._person(cast.thcs, 0)
            merge_persons(seat=None, kept=person, gone=cls._person(cast.thcs, 0))
            tell_apart(persons=[person, cls._person(cast.thcs, 0)])
        return cls(
            story, intake, exported, answer, reading, composed, follower, survey, activity, learning, person
        )

    @staticmethod
    def _survey(cast, document: Directive) -> Survey:
        """A survey with an answer, a headcount, and a target of 100 %."""
        survey = open_survey(seat=cast.pgd_leader, name="Nhu cầu 2024", year=2024, ends_on=date(2023, 12, 1))
        topic = Topic.objects.get(code="it")
        state_needs(seat=cast.pgd_leader, survey=survey, unit=cast.pgd, people={topic: 3})
        heads = Heads(cast.pgd, date(2023, 9, 1), HeadcountGroup.WORKERS, 12)
        count_heads(seat=cast.pgd_leader, counts=[heads])
        Target.objects.create(
            directive=document,
            order=1,
            percent=100,
            measure="đơn vị",
            subject="có tập huấn",
            text="100% đơn vị",
        )
        return survey

    @staticmethod
    def _activity(cast, n: int) -> Activity:
        """Held a week ago, by the Phòng with Phường 1."""
        session = SessionData(
            LATER + timedelta(hours=n) - timedelta(days=7), place="Phòng họp", held=True, unnamed=30 + n
        )
        data = ActivityData(kind("class.it"), f"Lớp tin học UBND Quận 3 {n}", (session,), co_hosts=[cast.p1])
        activity = record_activity(seat=cast.pgd_officer, host=cast.pgd, data=data)
        add_file(
            seat=cast.pgd_officer,
            activity=activity,
            name="danh-sach.pdf",
            data=b"%PDF-1.7",
            token=uuid.uuid4(),
        )
        begin_upload(seat=cast.pgd_officer, activity=activity, token=uuid.uuid4(), name="anh.jpg", size=9)
        return activity

    @staticmethod
    def _person(unit: Unit, n: int) -> Person:
        person = enter_person(
            seat=None, unit=unit, standing=Standing.TEACHER, since=SINCE, full_name=f"Người học Quận 3 {n}",
            consent=ConsentWay.PAPER,
        )  # fmt: skip
        issue_cards(persons=[person])
        note_request(person=person, kind=RequestKind.ACCESS)
        return person

    @staticmethod
    def _composed(seat: Seat) -> Directive:
        data = DirectiveData(kind=DocumentKind.KH, subject="", number_text="/KH-UBND")
        clauses = Composition(
            kind=DocumentKind.KH, issuer=seat.unit.name, subject="Tổ chức Ngày hội đọc sách",
            assignments=(Assignment(("Thư viện Quận 3",), ("Tổ chức ngày hội",)),),
        )  # fmt: skip
        return compose(seat=seat, data=data, composition=clauses)[0]

    @staticmethod
    def _exported(seat: Seat, node: Obligation) -> Export:
        """As the job leaves it; the job itself reads beside this test's transaction."""
        export = ask(seat=seat, obligation=node, kind="csv", basis="sent")
        default_storage.save(export.name, ContentFile(b"a"))
        Export.objects.filter(pk=export.pk).update(rows=1, size=1, done_at=LATER)
        return export

    @staticmethod
    def _document(cast, n: int) -> Directive:
        return register_directive(
            seat=cast.q3_leader,
            data=DirectiveData(
                kind=DocumentKind.CV,
                number_text=f"{900 + n}/UBND",
                issuer=cast.q3,
                issued_on=date(2023, 10, 3),
                subject=f"Nhắc báo cáo Tuần lễ {n}",
                body="Đề nghị các đơn vị gửi báo cáo đúng hạn.",
            ),
            citations=["Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 9 năm 2023 của UBND Thành phố"],
            attachments=[(f"phu-luc-{n}.pdf", b"%PDF-1.7 phu luc")],
            deliver_to=[cast.pgd, cast.p1],
        )[0]

    def grow(self, n: int) -> None:
        """One more of everything a page may list; ``n`` tells them apart."""
        cast, story = self.story.cast, self.story
        with clock.frozen(LATER):
            self._document(cast, n)
            begin_reading(seat=cast.pgd_officer, text=LETTER_TO_READ.format(number=770 + n))
            tell(unit=cast.pgd, kind="thu", text=f"Tin {n}")
            self._activity(cast, n)
            self.learning.grow(n)
            self._person(cast.thcs, n)
            learner = add_person(full_name=f"Người học {n}", seat=cast.pgd_officer)
            register(seat=cast.pgd_officer, activity=self.activity, person=learner)
            ward = self._unit(f"HCM-Q3-T{n}", cast.q3, {Line.TERRITORY: cast.q3})
            self._unit(f"HCM-Q3-S{n}", cast.pgd, {Line.TERRITORY: cast.pgd, Line.SECTOR: cast.pgd})
            for unit in (cast.thcs, cast.p1):
                user = User.objects.create_user(f"moi-{unit.pk}-{n}", f"Người mới {n}")
                grant_seat(seat=None, user=user, unit=unit, role=Role.VIEWER, since=SINCE)
            due = Due(DueRule.BEFORE, date(2023, 10, 13), "trước ngày 13/10/2023")
            cascade(
                seat=cast.pgd_officer, obligation=story.root, units=[ward], due=due,
                recipients=[cast.q3], reason="bổ sung",
            )  # fmt: skip
            story.send(self.seat(ward, roles.SEND_REPORT), at=LATER, c28=n)
            withdraw(seat=cast.p1_leader, obligation=story.obligation(cast.p1), reason="sửa")
            story.send(cast.p1_leader, at=LATER, reason="sửa", c28=4 + n)
            open_round(
                seat=cast.pgd_officer,
                plan=RoundPlan(directive=story.round.directive, name=f"Đợt {n}", recipients=[cast.q3]),
                due=Due(DueRule.BEFORE, date(2023, 12, 15), "trước 15/12/2023"),
            )

    def _unit(self, code: str, under: Unit, parents: dict) -> Unit:
        return found_unit(
            seat=None, code=code, kind=Kind.SCHOOL, name=f"Đơn vị {code} {under.place}", short_name=code,
            since=SINCE, parents=parents,
        )  # fmt: skip

    def seat(self, unit: Unit, action: str, *, may: bool = True) -> Seat | None:
        """A seat at the unit whose role may (or may not) do the action; None when every role may."""
        role = next((r for r in PREFERRED if roles.may(r, action) == may), None)
        if role is None:
            return None
        if (unit.pk, role) not in self.seats:
            held = Seat.objects.filter(unit=unit, role=role).first()
            user = held or User.objects.create_user(f"{uuid.uuid4().hex[:12]}", f"{role} {unit.pk}")
            self.seats[unit.pk, role] = held or grant_seat(
                seat=None, user=user, unit=unit, role=role, since=SINCE
            )
        return self.seats[unit.pk, role]

    def owner(self, route: Route) -> Unit:
        """The unit whose seats are meant to use the address."""
        cast = self.story.cast
        at_the_ward = {"draft", "draft-paper", "present", "send", "withdraw", "upload"}
        room, _dash, act = route.name.partition("-")
        if room == "directive" or route.name in ("citation-link", "recipient-acknowledge", "target-measure"):
            return cast.q3
        return cast.p1 if room == "report" and act in at_the_ward else cast.pgd

    def _asked(self) -> int:
        return DataRequest.objects.filter(person=self.person).order_by("pk").values_list("pk", flat=True)[0]

    def address(self, route: Route) -> str:
        return reverse(route.name, kwargs=self.things(route))

    def fields(self, route: Route) -> dict:
        """What a form must at least name, where it chooses among documents."""
        other = self.story.round.directive_id
        return {"directive-supersede": {"by": other}, "citation-link": {"target": other}}.get(route.name, {})

    def _evidence(self) -> dict:
        return {"pk": self.activity.pk, "evidence_pk": self.activity.evidence.get().pk}

    def _session_of_activity(self) -> dict:
        return {"pk": self.activity.pk, "session_pk": self.activity.sessions.get().pk}

    def things(self, route: Route) -> dict:
        """What the address names; a new address with an id needs a line here."""
        if not route.parameters:
            return {}
        story, cast = self.story, self.story.cast
        if learned := self.learning.things(route.name):
            return learned
        named = {
            "activity": {"pk": self.activity.pk},
            "activity-photo": self._evidence(),
            "activity-evidence-remove": self._evidence(),
            "activity-upload-piece": {"pk": self.activity.pk, "token": self.activity.uploads.get().pk},
            "activity-session": self._session_of_activity(),
            "activity-session-move": self._session_of_activity(),
            "activity-session-settle": self._session_of_activity(),
            "directive": {"pk": self.answer.pk},
            "directive-file": {"pk": self.answer.pk, "file_pk": self.answer.attachments.get().pk},
            "directive-paper": {"pk": self.answer.pk, "kind": "docx"},
            "reading": {"pk": self.reading.pk},
            "directive-compose": {"pk": self.composed.pk},
            "citation-link": {"pk": self.answer.pk, "citation_pk": self.answer.citations.get().pk},
            "round": {"pk": story.round.pk},
            "round-open": {"directive_pk": story.round.directive_id},
            "round-cascade": {"pk": story.root.pk},
            "round-unfollow": {"pk": story.round.pk, "follower_pk": self.follower.pk},
            "obligation-extend": {"pk": story.p2.pk},
            "obligation-remind": {"pk": story.root.pk},
            "recipient-acknowledge": {"pk": story.root.recipients.get(unit=cast.q3).pk},
            "attendance": {"pk": self.activity.sessions.get().pk},
            "registrations": {"pk": self.activity.pk},
            "unit": {"code": cast.thcs.code},
            "seat-grant": {"code": cast.thcs.code},
            "seat-revoke": {"pk": self.seat(cast.thcs, roles.VIEW).pk},
            "person": {"pk": self.person.pk},
            "person-leave": {"pk": self.person.pk, "membership_pk": self.person.memberships.get().pk},
            "person-withdraw": {"pk": self.person.pk, "consent_pk": self.person.consents.get().pk},
            "person-data": {"pk": self.person.pk, "kind": "json"},
            "request-answer": {"pk": self._asked()},
            "request-finish": {"pk": self._asked()},
            "people-apart-undo": {"pk": Apart.objects.get().pk},
            "merge-undo": {"pk": Merge.objects.get().pk},
            "report": {"pk": story.p1.pk},
            "report-revision": {"pk": story.p1.pk, "number": 1},
            "report-paper": {"pk": story.p1.pk, "number": 1, "kind": "docx"},
            "report-draft-paper": {"pk": story.p1.pk, "kind": "docx"},
            "report-file": {"pk": story.p1.pk, "file_pk": RevisionFile.objects.get().pk},
            "report-enter": {"pk": story.p2.pk},
            "intake-new": {"pk": story.root.pk},
            "intake": {"pk": self.intake.pk},
            "export-new": {"pk": story.root.pk},
            "export": {"pk": self.export.pk},
            "consolidation": {"pk": story.root.pk},
            "consolidation-deed": {"pk": story.root.pk, "activity_pk": self.activity.pk},
            "snapshot": {"pk": story.root.pk, "number": 1},
            "figure": {"pk": story.root.pk, "position": 28},
            "snapshot-draw": {"pk": story.root.pk},
            "snapshot-paper": {"pk": story.root.pk, "number": 1, "kind": "pdf"},
            "survey": {"pk": self.survey.pk},
            "survey-plan": {"pk": self.survey.pk, "topic_pk": Topic.objects.get(code="it").pk},
            "headcount-drop": {"pk": Headcount.objects.filter(unit=cast.pgd).first().pk},
            "target-measure": {"pk": Target.objects.get(directive=self.answer).pk},
        }
        found = named.get(route.name) or named[route.name.partition("-")[0]]
        assert set(found) == set(route.parameters), route.name
        return found
