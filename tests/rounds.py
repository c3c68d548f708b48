"""The first round of every test: plan 333/KH-UBND, Phòng GD&ĐT gathering for UBND Quận 3 (seed document 003, IV)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

import pytest

from hoctap.directives.actions import DirectiveData, register_directive
from hoctap.directives.enums import DocumentKind
from hoctap.forms.actions import publish_version
from hoctap.forms.definition import library_form
from hoctap.forms.models import FormVersion
from hoctap.forms.queries import version_spec
from hoctap.kernel import clock
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.models import Seat, Unit
from hoctap.reports.actions import Content, accept, cascade, submit
from hoctap.reports.models import Revision
from tests.cast import Cast

OPENED = datetime(2023, 10, 2, 9, 0, tzinfo=clock.VIETNAM)
IN_TIME = datetime(2023, 10, 12, 16, 0, tzinfo=clock.VIETNAM)


def first_form() -> dict:
    """The definition of the table at the end of plan 333/KH-UBND."""
    return json.loads(library_form("tuan-le-2023").canonical)


@dataclass
class Story:
    cast: Cast
    round: Round
    version: FormVersion | None
    root: Obligation
    p1: Obligation
    p2: Obligation

    def obligation(self, unit: Unit) -> Obligation:
        return Obligation.objects.select_related("round", "unit", "parent__unit").get(
            round=self.round, unit=unit
        )

    def content(self, **figures: int | None) -> Content:
        """Content with figures by cell, e.g. ``c28=4`` for line 2."""
        vector: list[int | None] = [None] * version_spec(self.version.pk).size
        for name, value in figures.items():
            vector[int(name[1:])] = value
        return Content(figures=vector)

    def send(
        self, seat: Seat, *, reason: str = "", at: datetime = IN_TIME, **figures: int | None
    ) -> Revision:
        with clock.frozen(at):
            return submit(
                seat=seat,
                obligation=self.obligation(seat.unit),
                content=self.content(**figures) if self.version else Content(),
                token=uuid4(),
                reason=reason,
            )

    def accept(self, seat: Seat, unit: Unit, number: int = 1, at: datetime = IN_TIME, **options):
        with clock.frozen(at):
            return accept(seat=seat, obligation=self.obligation(unit), revision_number=number, **options)


def plan_of(story: Story) -> RoundPlan:
    """The same document asks again, for November."""
    return RoundPlan(
        directive=story.round.directive,
        name=story.round.name,
        form_version=story.version,
        period_from=date(2023, 11, 1),
        period_to=date(2023, 11, 8),
        recipients=[story.cast.q3],
    )


def make_story(cast: Cast, *, with_form: bool = True) -> Story:
    version = publish_version(seat=cast.pgd_officer, definition=first_form()) if with_form else None
    with clock.frozen(OPENED):
        directive, _ = register_directive(
            seat=cast.q3_leader,
            data=DirectiveData(
                kind=DocumentKind.KH,
                number_text="333 /KH-UBND",
                issuer=cast.q3,
                issued_on=date(2023, 10, 2),
                subject="Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3",
            ),
            deliver_to=[cast.pgd, cast.p1, cast.p2],
        )
        opened = open_round(
            seat=cast.pgd_officer,
            plan=RoundPlan(
                directive=directive,
                clause="mục IV",
                name="Kết quả Tuần lễ hưởng ứng học tập suốt đời năm 2023",
                form_version=version,
                period_from=date(2023, 10, 2),
                period_to=date(2023, 10, 8),
                recipients=[cast.q3, cast.sgd],
            ),
            due=Due(DueRule.BEFORE, date(2023, 10, 15), "trước 15/10/2023"),
        )
        root = Obligation.objects.select_related("round", "unit").get(round=opened, unit=cast.pgd)
        children = cascade(
            seat=cast.pgd_officer,
            obligation=root,
            units=[cast.p1, cast.p2],
            due=Due(DueRule.BEFORE, date(2023, 10, 13), "trước ngày 13/10/2023"),
            recipients=[cast.q3],
        )
    return Story(cast, opened, version, root, *children)


@pytest.fixture
def story(cast: Cast) -> Story:
    return make_story(cast)
