"""From words of a directive to units: which body, or which class of bodies, an assignee means.

Names agree whatever their spelling: accents, abbreviations (UBND, P.GD&ĐT), "quận" for the speaker's own, the place left
out. Sure is only what cannot be another: the rest is offered with the reason, for a person to choose.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hoctap.kernel import clock
from hoctap.kernel.vietnamese import tidy
from hoctap.orgs import roles, rules
from hoctap.orgs.matching import reading
from hoctap.orgs.matching.deciding import Found, decide_group, decide_one
from hoctap.orgs.matching.groups import Group, class_of, group_of
from hoctap.orgs.matching.names import Place, named
from hoctap.orgs.matching.proposals import Proposal, propose
from hoctap.orgs.matching.standing import Surroundings
from hoctap.orgs.models import Seat, Unit

__all__ = ["Match", "Proposal", "match_units"]

_LONGEST = 300
_HEAD = (
    "Ủy ban|Uỷ ban|UBND|UBMTTQ|MTTQ|Mặt trận|Hội|HKH|Phòng|P\\.|PGD|Sở|Ban|BCH|Trung tâm|TT|Trường|THCS|THPT|Công an"
    "|Liên đoàn|LĐLĐ|Đoàn|Quận đoàn|Huyện đoàn|Tỉnh đoàn|Công đoàn|CĐCS|Thư viện|Đài|Bệnh viện|Trạm|Các|Văn phòng"
    "|Hiệu trưởng|Chủ tịch"
)
_OFFICE = ("van", "phong")  # "Văn phòng HĐND và UBND" is one body
_ASIDE = re.compile(
    r"\s*\((?:để\s+)?(?:b/c|báo cáo|ph?/h|phối hợp|t/h|thực hiện|biết|chỉ đạo)[^()]*\)\s*$", re.IGNORECASE
)
_BETWEEN = re.compile(rf"\s*(?:[;,]|\bvà\b|\bcùng\b)\s*(?=(?:{_HEAD}))", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """What a phrase means. ``certain``: no other reading; else ``note`` says why not, and ``units`` are those to choose
    from. ``group``: a class of units; ``expected``: how many of them the words state. ``parts``: of a phrase that lists
    several bodies, each one's own match. ``proposal``: the unit to found where a single body is unknown."""

    phrase: str
    units: tuple[Unit, ...] = ()
    expected: int | None = None
    certain: bool = False
    group: bool = False
    note: str = ""
    proposal: Proposal | None = None
    parts: tuple["Match", ...] = ()


def match_units(seat: Seat, phrases: Sequence[str], at: Unit, on: date | None = None) -> list[Match]:
    """One match a phrase, in order. ``at``: the unit in whose name the words are said; units as of ``on`` (today).

    Some twenty queries at most, however many phrases and however large the nation.
    """
    near = Surroundings(at, on or clock.today())
    said = [_ASIDE.sub("", tidy(phrase)) for phrase in phrases]
    found = _answers(list(dict.fromkeys(said)), near)
    lists = {phrase: _parts(phrase) for phrase, answer in found.items() if not answer.units}
    parts = (
        _answers([part for listed in lists.values() for part in listed if part not in found], near) | found
    )
    matches = {phrase: _match(phrase, answer) for phrase, answer in found.items()}
    for phrase, listed in lists.items():
        if listed and all(parts[part].units for part in listed):
            matches[phrase] = _of_parts(phrase, [_match(part, parts[part]) for part in listed])
            if _shares_a_place(listed, near):
                note = "Địa bàn ghi ở cuối có thể chung cho cả các đơn vị trước"
                matches[phrase] = replace(matches[phrase], certain=False, note=note)
        elif not found[phrase].group:
            proposal = propose(phrase, near) if len(listed) < 2 or named(phrase).key[:2] == _OFFICE else None
            matches[phrase] = _unknown(matches[phrase], found[phrase], proposal)
    _allowed(seat, matches)
    return [replace(matches[words], phrase=phrase) for phrase, words in zip(phrases, said, strict=True)]


def _answers(phrases: Sequence[str], near: Surroundings) -> dict[str, Found]:
    groups = {phrase: group for phrase in phrases if (group := _group(phrase))}
    single = {phrase: named(phrase) for phrase in phrases if phrase not in groups and len(phrase) <= _LONGEST}
    candidates = reading.candidates(list(single.values()), near)
    found = dict.fromkeys(phrases, Found())
    for (phrase, name), units in zip(single.items(), candidates, strict=True):
        found[phrase] = decide_one(name, units, near)
        own = name.place and near.own(name.place.word)
        if not found[phrase].units and not own and (group := class_of(phrase)):
            groups[phrase] = group
    for phrase, answer in _members(groups, near).items():
        if answer.units or phrase not in single:
            found[phrase] = answer
    return found


def _members(groups: dict[str, Group], near: Surroundings) -> dict[str, Found]:
    here = {phrase: group for phrase, group in groups.items() if _is_here(group, near)}
    members = reading.members(list(here.values()), near)
    found = {
        phrase: decide_group(group, units, near)
        for (phrase, group), units in zip(here.items(), members, strict=True)
    }
    elsewhere = f"Nhóm này không thuộc {near.at.unit.name}"
    return {
        phrase: found.get(phrase, Found(group=True, expected=group.said, note=elsewhere))
        for phrase, group in groups.items()
    }


def _group(phrase: str) -> Group | None:
    return group_of(phrase) if len(phrase) <= _LONGEST else None


def _is_here(group: Group, near: Surroundings) -> bool:
    """Whether the place said with a class is the speaker's own."""
    return group.place is None or _is_own(group.place, near)


def _is_own(place: Place, near: Surroundings) -> bool:
    if not near.chain:
        return False
    own = near.chain[0]
    return own.same(place) if place.name else own in near.own(place.word)


def _parts(phrase: str) -> list[str]:
    """The bodies that a phrase lists, each in its own words; [] when it lists none."""
    if len(phrase) > _LONGEST:
        return []
    name = named(phrase)
    if len(name.places) > 1 and len({place.word for place in name.places}) == 1:  # "UBND Phường 1, Phường 2"
        body = "" if name.bare else " ".join(word.shown for word in name.body)
        return [f"{body[:1].upper()}{body[1:]} {place.shown}".strip() for place in name.places]
    parts = [part for part in _BETWEEN.split(phrase) if part.strip()]
    return parts if len(parts) > 1 else []


def _shares_a_place(parts: Sequence[str], near: Surroundings) -> bool:
    """Whether a place said with a later part may be meant for an earlier one: "Hội Khuyến học và TTHTCĐ 12 phường"."""
    left_out = False
    for part in parts:
        group, place = _group(part), named(part).place
        if left_out and ((group and group.areas) or (place and not _is_own(place, near))):
            return True
        left_out = left_out or (place is None and group is None)
    return False


def _match(phrase: str, found: Found) -> Match:
    return Match(phrase, found.units, found.expected, found.certain, found.group, found.note)


def _unknown(match: Match, found: Found, proposal: Proposal | None) -> Match:
    note = "Không thấy đơn vị đúng tên này; có tên gần giống" if found.similar else match.note
    return replace(match, units=found.similar, note=note, proposal=proposal)


def _of_parts(phrase: str, parts: list[Match]) -> Match:
    units = {unit.pk: unit for part in parts for unit in part.units}
    notes = "; ".join(f"{part.phrase}: {part.note}" for part in parts if part.note and not part.certain)
    return Match(
        phrase, tuple(units.values()), certain=all(p.certain for p in parts), note=notes, parts=tuple(parts)
    )


def _allowed(seat: Seat, matches: dict[str, Match]) -> None:
    """Tell of each proposal whether the seat may found it."""
    proposed = {phrase: match.proposal for phrase, match in matches.items() if match.proposal}
    above = {proposal.parent.pk for proposal in proposed.values() if proposal.parent}
    reached = rules.reached_of(seat, above) if above and rules.allows(seat, roles.NAME_UNIT) else set()
    for phrase, proposal in proposed.items():
        if proposal.parent and proposal.parent.pk in reached:
            matches[phrase] = replace(matches[phrase], proposal=replace(proposal, allowed=True))
