"""What every paper of a unit prints about the unit: its superior, its variant, its signer (Nghị định 30/2020)."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from hoctap.orgs import queries as org_queries
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.models import Subordination, Unit
from hoctap.papers.content import Signature
from hoctap.papers.wording import date_words

UNIONS = {Kind.FEDERATION, Kind.SECTOR_UNION, Kind.BASE_UNION}


def variant(unit: Unit) -> Literal["state", "union"]:
    return "union" if unit.kind in UNIONS else "state"


def parent_body(unit: Unit, on: date) -> str:
    """Cơ quan chủ quản; a People's Committee prints none."""
    if unit.kind == Kind.COMMITTEE:
        return ""
    above = Subordination.objects.filter(unit=unit, valid__contains=on, parent__isnull=False)
    by_line = {row.line: row.parent for row in above.select_related("parent")}
    for line in (Line.UNION, Line.TERRITORY, Line.STUDY, Line.SECTOR):
        if line in by_line:
            return org_queries.name_on(by_line[line], on)
    return ""


def signature(doc: Mapping[str, str], unit: Unit) -> Signature:
    """The signer with what stands above the signer's own position (Nghị định 30/2020, Phụ lục I).

    "TM. Ủy ban nhân dân", "KT. Chủ tịch". Whom the signer signs for may be written before the position ("Ban
    Thường vụ, Phó Chủ tịch"); else a deputy signs for the head, whose title is the deputy's without "Phó".
    """
    authority, position = doc.get("authority", ""), doc.get("signer_position", "")
    for_whom, comma, own = position.partition(", ")
    if authority and comma:
        lines = (f"{authority} {for_whom}",)
    elif authority == "TM.":
        lines = (f"TM. {_body(unit)}",)
    elif authority in ("KT.", "Q."):
        lines = (f"{authority} {position.removeprefix('Phó ').strip()}",)
    else:
        lines = ()
    if authority == "KT." and unit.kind == Kind.COMMITTEE:
        lines = (f"TM. {_body(unit)}", *lines)
    return Signature(own if authority and comma else position, doc.get("signer_name", ""), lines)


def _body(unit: Unit) -> str:
    return "Ủy ban nhân dân" if unit.kind == Kind.COMMITTEE else "Ban Thường vụ"


def attached_to(kind: str, number: str, day: date | None, body: str) -> str:
    """ "(Kèm theo Báo cáo số … ngày … của …)", as far as number and day are known."""
    said = [
        f"Kèm theo {kind}",
        f"số {number}" if number else "",
        date_words(day) if day else "",
        f"của {body}",
    ]
    return f"({' '.join(filter(None, said))})"
