"""Thế giới minh họa: its units, its people, its documents and the one form, made through the ordinary actions."""

import json
from dataclasses import dataclass
from datetime import date

from hoctap.campaigns.models import Campaign
from hoctap.cli.demo import documents, people, units
from hoctap.directives.models import Directive
from hoctap.forms.actions import publish_version
from hoctap.forms.definition import library_form
from hoctap.forms.models import FormVersion
from hoctap.orgs.models import Seat, Unit


@dataclass(frozen=True)
class World:
    """Units by code, seats by user name, the five documents by their seed's number ("003")."""

    units: dict[str, Unit]
    seats: dict[str, Seat]
    documents: dict[str, Directive]
    form_version: FormVersion
    campaign: Campaign

    def officer(self, code: str) -> Seat:
        """Who writes at a unit: its officer, or the one person it has."""
        if code in people.ALONE:
            return self.seats[people.ALONE[code][0]]
        return self.seats[f"chuyenvien.{people.OFFICES[code].handle}"]

    def leader(self, code: str) -> Seat:
        if code in people.ALONE:
            return self.officer(code)
        return self.seats[f"lanhdao.{people.OFFICES[code].handle}"]


def make_world() -> World:
    found = units.found_all()
    seats = people.seat_all(found)
    return World(
        units=found,
        seats=seats,
        documents=documents.register_seeds(found, seats),
        form_version=publish_version(
            seat=None, definition=json.loads(library_form("tuan-le-2023").canonical)
        ),
        campaign=Campaign.objects.create(
            name="Tuần lễ hưởng ứng học tập suốt đời",
            year=2023,
            theme="Xây dựng năng lực tự học trong kỷ nguyên số",
            starts_on=date(2023, 10, 2),
            ends_on=date(2023, 10, 8),
        ),
    )
