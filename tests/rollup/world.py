"""A small world for roll-up tests: units with a leader each, a form of a few cells, rounds with any tree."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.directives.models import Delivery, Directive
from hoctap.forms.definition import canonical_json, digest_of
from hoctap.forms.models import Form, FormVersion
from hoctap.kernel.paths import segment
from hoctap.kernel.vietnamese import sort_key
from hoctap.obligations.actions import Due, RoundPlan, open_round
from hoctap.obligations.enums import DueRule
from hoctap.obligations.models import Obligation, Round
from hoctap.orgs.enums import Kind, Role
from hoctap.orgs.models import Seat, Unit
from hoctap.orgs.naming import folded_name
from hoctap.people.models import User
from hoctap.reports import actions as reports
from hoctap.reports.actions import Content

FAR = Due(DueRule.THROUGH, date(2999, 12, 31))
PAST = Due(DueRule.THROUGH, date(2023, 10, 15))
CELLS = 3


def definition(cells: int) -> dict:
    columns = [
        {"key": "stt", "label": "STT"},
        {"key": "label", "label": "Các hoạt động"},
        {"key": "unit", "label": "Đơn vị"},
        {"key": "count", "label": "Số lượng"},
        {"key": "note", "label": "Ghi chú"},
    ]
    lines = [
        {
            "number": str(i + 1),
            "printed": str(i + 1),
            "label": f"Hoạt động {i + 1}",
            "unit": "cuộc",
            "kind": "line",
            "cells": [
                {"position": i, "measure": "cuộc", "column": "count", "value": "count", "indicator": f"x.{i}"}
            ],
        }
        for i in range(cells)
    ]
    return {
        "code": f"thu-{cells}",
        "version": 1,
        "name": "Biểu thử",
        "title": "BIỂU THỬ",
        "columns": columns,
        "lines": lines,
        "checks": [],
    }


@dataclass
class World:
    units: list[Unit]
    seats: list[Seat]  # the leader of each unit
    directive: Directive
    form_version: FormVersion

    @classmethod
    def make(cls, units: int = 12, cells: int = CELLS) -> "World":
        made = [
            Unit.objects.create(
                code=f"DV{i}",
                kind=Kind.OFFICE,
                name=f"Đơn vị {i}",
                short_name=f"ĐV {i}",
                name_folded=folded_name("Đơn vị", str(i), ""),
                sort_key=sort_key(f"Đơn vị {i}"),
            )
            for i in range(units)
        ]
        always = DateRange(date(2020, 1, 1), None)
        seats = [
            Seat.objects.create(
                user=User.objects.create(username=f"lanh-dao-{i}", full_name=f"Lãnh đạo {i}"),
                unit=unit,
                role=Role.LEADER,
                valid=always,
            )
            for i, unit in enumerate(made)
        ]
        directive = Directive.objects.create(
            registered_by=made[0],
            issuer=made[0],
            issuer_name=made[0].name,
            kind="KH",
            subject="Thử",
            issued_on=date(2023, 10, 2),
            listed_on=date(2023, 10, 2),
        )
        Delivery.objects.bulk_create(Delivery(directive=directive, unit=unit) for unit in made)
        spec = definition(cells)
        text = canonical_json(spec)
        version = FormVersion.objects.create(
            form=Form.objects.create(code=f"thu-{cells}", name="Biểu thử"),
            number=1,
            definition=spec,
            digest=digest_of(text),
        )
        return cls(made, seats, directive, version)

    def seat(self, obligation: Obligation) -> Seat:
        return next(seat for seat in self.seats if seat.unit_id == obligation.unit_id)

    def open(self, parents: Sequence[int] = (), *, form: bool = True, due: Due = FAR) -> "Tree":
        """A round whose root is unit 0 and whose node ``i + 1`` hangs under node ``parents[i]``."""
        number = Round.objects.count() + 1
        plan = RoundPlan(
            directive=self.directive, name=f"Đợt {number}", form_version=self.form_version if form else None
        )
        tree = Tree(self, open_round(seat=self.seats[0], plan=plan, due=due))
        tree.plant(parents)
        return tree


class Tree:
    """One round and its obligations in the order they were added; acts go through the real actions."""

    def __init__(self, world: World, opened: Round):
        self.world = world
        self.round = opened
        self.pks: list[int] = []
        self.refresh()

    def refresh(self) -> None:
        """After something was rolled back."""
        found = Obligation.objects.filter(round=self.round).order_by("pk")
        self.pks = list(found.values_list("pk", flat=True))

    def __len__(self) -> int:
        return len(self.pks)

    def plant(self, parents: Sequence[int]) -> None:
        """Obligations as ``cascade`` makes them, all in two statements."""
        root = Obligation.objects.get(pk=self.pks[0])
        rows = [
            Obligation(
                round=self.round,
                unit=self.world.units[i],
                path="",
                due_text=root.due_text,
                due_rule=root.due_rule,
                due_on=root.due_on,
                due_at=root.due_at,
                added_by=root.added_by,
            )
            for i in range(1, len(parents) + 1)
        ]
        Obligation.objects.bulk_create(rows)
        nodes = [root, *rows]
        for row, parent in zip(rows, parents, strict=True):
            row.parent, row.path = nodes[parent], nodes[parent].path + segment(row.pk)
        for node in nodes:
            node.below = sum(row.path.startswith(node.path) for row in rows if row is not node)
        Obligation.objects.bulk_update(nodes, ["parent", "path", "below"])
        self.pks += [row.pk for row in rows]

    def forget(self) -> None:
        """Take the round's acts away, so that a later ``refold_all`` has only its own to fold."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM reports_reportentry WHERE round_id = %s", [self.round.pk])
            cursor.execute("DELETE FROM rollup_watermark WHERE round_id = %s", [self.round.pk])

    def node(self, index: int) -> Obligation:
        """Fresh from the database."""
        return Obligation.objects.select_related("unit", "round", "parent__unit").get(pk=self.pks[index])

    def own(self, node: Obligation) -> Seat:
        return self.world.seat(node)

    def above(self, node: Obligation) -> Seat:
        return self.world.seat(node.parent or node)

    def cascade(self, index: int, due: Due = FAR) -> None:
        node = self.node(index)
        unit = self.world.units[len(self)]
        added = reports.cascade(seat=self.own(node), obligation=node, units=[unit], due=due, reason="thử")
        self.pks += [o.pk for o in added]

    def submit(self, index: int, figures: Iterable[int | None]) -> None:
        node = self.node(index)
        reports.submit(
            seat=self.own(node),
            obligation=node,
            content=Content(figures=list(figures)),
            token=uuid.uuid4(),
            reason="bổ sung số liệu",
        )

    def withdraw(self, index: int) -> None:
        node = self.node(index)
        reports.withdraw(seat=self.own(node), obligation=node)

    def send_back(self, index: int) -> None:
        node = self.node(index)
        reports.return_report(seat=self.above(node), obligation=node, reason="kiểm tra lại")

    def accept(self, index: int, reviewed: dict[int, int | None] | None = None) -> None:
        node = self.node(index)
        number = node.report.sent.number if hasattr(node, "report") and node.report.sent else 0
        reports.accept(
            seat=self.above(node),
            obligation=node,
            revision_number=number,
            reviewed=reviewed or {},
            reasons={i: "rà soát" for i in reviewed or {}},
        )

    def put(self, index: int, figures: Iterable[int | None]) -> None:
        """Submit and accept."""
        self.submit(index, figures)
        if self.node(index).parent_id is not None:
            self.accept(index)
