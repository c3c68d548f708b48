"""The programme of a document: from items read and taken to campaign, rounds, obligations, tasks, targets and form.

Laying out tries everything in a transaction and takes it back, so that what is shown is what will be, all of it or nothing;
it is carried out, and units are told, only when the programme is issued (docs/decisions/2026-11-28-programmes.md).
"""

from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction

from hoctap.directives import actions as directive_actions
from hoctap.directives import rules as directive_rules
from hoctap.directives import uploads
from hoctap.directives.actions import DirectiveData, DuplicateNumber
from hoctap.directives.actions.reading import locked
from hoctap.directives.citing import CitationData
from hoctap.directives.enums import Authority, DirectiveStatus
from hoctap.directives.models import Directive, Reading
from hoctap.directives.understood import OPEN, TAKEN, Item, kind_of, taken
from hoctap.kernel import clock, files, journal
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.errors import Refusal
from hoctap.notify.actions import Told, tell_all
from hoctap.obligations.actions import asked
from hoctap.obligations.enums import Force
from hoctap.obligations.models import Task
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Unit
from hoctap.reports.programmes.contents import make_clauses, make_form, make_occasions, make_targets
from hoctap.reports.programmes.made import Made
from hoctap.reports.programmes.rounds import make_rounds


@transaction.atomic
def lay_out(*, seat: Seat, reading: Reading, version: int) -> Reading:
    """Lập chương trình: the document is put in the register, everything else is tried and shown. Undone by ``undo``.

    Raises Refusal, with nothing kept, while items wait for a decision or one cannot be carried out.
    """
    reading = locked(seat, reading)
    if reading.is_settled:
        return reading
    if reading.version != version:
        raise Refusal("Bản đọc này vừa được sửa ở nơi khác. Tải lại trang để thấy bản mới, rồi lập lại.")
    waiting = [item["id"] for item in reading.items if item["state"] == OPEN]
    if waiting:
        raise Refusal(
            f"Còn {len(waiting)} chỗ cần xem (mục {', '.join(map(str, waiting[:12]))}). Nhận, sửa hoặc bỏ từng mục rồi lập."
        )
    if reading.directive is None:
        reading.directive, reading.entered = _enter(seat, reading)
    reading.summary = _tried(seat, reading)
    reading.laid_out_at, reading.laid_out_by = clock.now(), seat
    reading.version += 1
    reading.save()
    journal.record("programme.lay", reading, seat=seat, directive=reading.directive_id)
    return reading


@transaction.atomic
def undo(*, seat: Seat, reading: Reading) -> Reading:
    """Hoàn tác: the items can be changed again; a document that laying out put in the register leaves it, unless touched."""
    reading = locked(seat, reading)
    if not reading.is_settled:
        return reading
    if reading.issued_at:
        raise Refusal("Chương trình đã ban hành, các đơn vị đã được báo: không hoàn tác được nữa.")
    directive = reading.directive if reading.entered else None
    if directive and _is_touched(directive):
        directive = None
    if directive:
        reading.directive, reading.entered = None, False
    reading.laid_out_at, reading.laid_out_by, reading.summary = None, None, {}
    reading.version += 1
    reading.save()
    if directive:
        journal.record("directive.unregister", directive, seat=seat)
        directive.delete()
    journal.record("programme.undo", reading, seat=seat)
    return reading


def _is_touched(directive: Directive) -> bool:
    """Whether somebody changed or sent the document since, opened a round from it or wrote one that carries it out."""
    return directive.version > 1 or any(
        rows.exists() for rows in (directive.deliveries, directive.rounds, directive.implemented_by)
    )


@transaction.atomic
def issue(*, seat: Seat, reading: Reading, confirm_gap: bool = False) -> Made:
    """Ban hành chương trình: a draft is issued first; then everything is made, and each unit told what is its to do."""
    reading = locked(seat, reading)
    if reading.issued_at or reading.laid_out_by is None:
        raise Refusal(
            "Chương trình này đã ban hành rồi."
            if reading.issued_at
            else "Lập chương trình trước, rồi mới ban hành."
        )
    directive = Directive.objects.get(reading=reading)
    if directive.status == DirectiveStatus.DRAFT:
        directive = directive_actions.issue(seat=seat, directive=directive, confirm_gap=confirm_gap)
    else:
        org_rules.require(seat, roles.CASCADE)
    made = _make(reading.laid_out_by, reading, directive)
    _send(reading.laid_out_by, made)
    _tell(made)
    Reading.objects.filter(pk=reading.pk).update(issued_at=DatabaseNow(), summary=made.summary())
    journal.record("programme.issue", reading, seat=seat, directive=directive.pk)
    return made


@transaction.atomic
def issue_document(*, seat: Seat, directive: Directive, confirm_gap: bool = False) -> Directive:
    """Ban hành dự thảo, with the programme laid out from it, if any. ``confirm_gap``: as of ``directives.actions.issue``."""
    reading = Reading.objects.filter(directive=directive, issued_at=None, laid_out_at__isnull=False).first()
    if reading is None:
        return directive_actions.issue(seat=seat, directive=directive, confirm_gap=confirm_gap)
    return issue(seat=seat, reading=reading, confirm_gap=confirm_gap).directive


def _tried(seat: Seat, reading: Reading) -> dict[str, Any]:
    """What would be made, by making it and taking it back."""
    directive = reading.directive
    if directive is None:
        raise LookupError("a reading is tried once its document stands in the register")
    with transaction.atomic():
        if directive.status == DirectiveStatus.DRAFT:
            Directive.objects.filter(pk=directive.pk).update(status=DirectiveStatus.ISSUED)
        summary = _make(seat, reading, directive).summary()
        transaction.set_rollback(True)
    return summary


def _enter(seat: Seat, reading: Reading) -> tuple[Directive, bool]:
    """The register's entry from what was read of the head: a draft when it is our own, else a document received.

    And whether it is new: a document that stands in the register already is taken as it is.
    """
    heads = taken(reading.items, "head")
    if not heads:
        raise Refusal(
            "Mục văn bản (số, ngày, trích yếu) đã bỏ nên không vào sổ được. Nhận lại mục này rồi lập."
        )
    head = heads[0]["value"]
    issuer = Unit.objects.filter(pk=head.get("issuer_unit") or 0).first()
    data = DirectiveData(
        kind=kind_of(head["kind"]),
        subject=head["subject"] or "",
        number_text=head["code"] or "",
        issued_on=date.fromisoformat(head["date"]) if head["date"] else None,
        issuer=issuer,
        issuer_name=head["issuer"] or "",
        place=head["place"] or "",
        body=reading.text,
        authority=Authority(head["authority"] or "")
        if head["authority"] in Authority.values
        else Authority.NONE,
        signer_position=head["signer_position"] or "",
        signer_name=head["signer_name"] or "",
        recipients_text="\n".join(head["recipients"]),
        draft=issuer is not None and issuer.pk == seat.unit_id,
    )
    cited = [_citation(item["value"]) for item in taken(reading.items, "citation")]
    try:
        entered, _warnings = directive_actions.register_directive(
            seat=seat, data=data, citations=cited, attachments=_file_of(reading)
        )
        return entered, True
    except DuplicateNumber as doubled:
        same = [
            one for one in doubled.others if one.issued_on == data.issued_on and not hasattr(one, "reading")
        ]
        if not same:
            raise
        return same[0], False


def _file_of(reading: Reading) -> list[tuple[str, bytes]]:
    """What was brought, where the register keeps such files."""
    kept = reading.file and PurePosixPath(reading.name).suffix.lower() in uploads.TYPES
    return [(reading.name, files.read(reading.file.pk))] if reading.file and kept else []


def _citation(value: dict) -> CitationData:
    said = value["code"] or ""
    when = date.fromisoformat(value["date"]) if value["date"] else None
    parts = [
        said and f"số {said}",
        when and f"ngày {when:%d/%m/%Y}",
        value["issuer"] and f"của {value['issuer']}",
    ]
    words = " ".join(part for part in parts if part) or (value["title"] or "")
    text = f"{words}: {value['title']}" if said and value["title"] else words
    return CitationData(text[:500], said, when, value["issuer"] or "", value["basis"])


def _make(seat: Seat, reading: Reading, directive: Directive) -> Made:
    directive = Directive.objects.select_related("issuer", "registered_by").get(pk=directive.pk)
    if directive.status != DirectiveStatus.ISSUED:
        status = DirectiveStatus(directive.status).label.lower()
        raise Refusal(
            f"Văn bản này {status}: không lập chương trình theo văn bản đó được. Hoàn tác, rồi bỏ bản đọc."
        )
    _require_standing(reading.items)
    made = Made(directive)
    make_occasions(seat, reading.items, made)
    make_targets(reading.items, made)
    made.form = make_form(seat, reading.items, directive)
    make_rounds(seat, reading.items, made)
    make_clauses(seat, reading.items, made)
    return made


def _require_standing(items: list[Item]) -> None:
    """Whoever was dissolved since is named with the item that names it."""
    fields = ("units", "to_units", "via_units")
    named = {
        item["id"]: {pk for field in fields for pk in item["value"].get(field, ())}
        for item in items
        if item["state"] == TAKEN
    }
    gone = Unit.objects.filter(pk__in=set().union(*named.values()), dissolved_on__isnull=False).first()
    if gone:
        numbers = ", ".join(str(number) for number, pks in named.items() if gone.pk in pks)
        raise Refusal(
            f"Mục {numbers}: {gone.name} đã giải thể. Hoàn tác nếu đã lập, sửa mục này thành đơn vị kế thừa, rồi lập lại."
        )


def _send(seat: Seat, made: Made) -> None:
    """To every unit with something to do: a document of our own to all, another's only to units under us."""
    pks = {*(row.unit_id for row in made.obligations), *(row.unit_id for row in made.tasks)} - {seat.unit_id}
    if not directive_rules.may_send_anywhere(seat, made.directive):
        pks &= org_rules.reached_of(seat, pks)
    made.directive.refresh_from_db()
    directive_actions.deliver(seat=seat, directive=made.directive, units=Unit.objects.filter(pk__in=pks))


def _tell(made: Made) -> None:
    """One notice a unit for its tasks, one for each report it owes."""
    words = {Force.ASSIGN: "Được giao", Force.REQUEST: "Được đề nghị", Force.ENCOURAGE: "Được khuyến khích"}
    by_unit: dict[int, list[Task]] = {}
    for task in made.tasks:
        by_unit.setdefault(task.unit_id, []).append(task)
    units = Unit.objects.in_bulk(by_unit)
    tell_all(asked(row.round, row) for row in made.obligations if row.parent_id)
    tell_all(
        Told(
            unit=units[pk],
            kind="task",
            text=f"{words[_strongest(tasks)]} {len(tasks)} việc theo {made.directive} của {made.directive.issuer_name}: "
            f"{made.directive.subject}",
            url=f"/van-ban/{made.directive.pk}/viec/",
            dedupe=f"tasks-{made.directive.pk}",
        )
        for pk, tasks in by_unit.items()
    )


def _strongest(tasks: list[Task]) -> Force:
    forces = {Force(task.force) for task in tasks}
    return next(force for force in (Force.ASSIGN, Force.REQUEST, Force.ENCOURAGE) if force in forces)
