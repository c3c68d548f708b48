"""Reading a document in Hoctap: what was understood is kept item by item, for a person to decide on."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction

from hoctap.directives import rules as directive_rules
from hoctap.directives import understood
from hoctap.directives.asread import whole_text
from hoctap.directives.models import Directive, DirectiveText, Reading
from hoctap.directives.reading import read
from hoctap.directives.reading.sources import Scanned, text_of
from hoctap.directives.reading.text import normalise
from hoctap.directives.understood import Item
from hoctap.kernel import clock, files, journal
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.orgs import roles
from hoctap.orgs import rules as org_rules
from hoctap.orgs.actions import found_unit
from hoctap.orgs.enums import Kind, Line
from hoctap.orgs.matching import Match, match_units
from hoctap.orgs.models import Seat, Unit

LONGEST_ADDED = 2000  # characters somebody may add as one item


def begin_reading(
    *,
    seat: Seat,
    text: str = "",
    file: tuple[str, bytes] | None = None,
    directive: Directive | None = None,
    queue: Callable[[int], object] | None = None,
) -> Reading:
    """Đọc văn bản: a pasted text, or a file (name, bytes), or a document of the register (its text, else its first file).

    A document is read once; reading it again gives what is there. With ``queue`` (of the reading's id) a scan is left to a
    job, which calls ``finish_reading``: a page takes seconds. Raises Refusal for what cannot be read.
    """
    org_rules.require(seat, roles.REGISTER_DIRECTIVE)
    if directive:
        with transaction.atomic():
            if there := _there(seat, directive):
                return there
    if directive and file is None:
        text, file = _of_register(directive)
    waiting = False
    try:
        raw = text_of(*file, recognise=queue is None) if file else text
    except Scanned:
        waiting = True
        raw = ""
    if not raw.strip() and not waiting:
        raise Refusal("Chưa có gì để đọc. Dán văn bản vào ô, hoặc chọn tệp rồi bấm Đọc văn bản.")
    made = Reading(
        unit=seat.unit,
        made_by=seat,
        name=(file[0] if file else raw.strip())[:200],
        file=files.store(file[1]) if file else None,
        directive=directive,
    )
    if not waiting:
        _understand(made, raw)
    with transaction.atomic():
        if directive and (there := _there(seat, directive)):
            return there  # of a second click that was quicker
        made.save()
        journal.record("reading.begin", made, seat=seat)
        if waiting and queue:
            queue(made.pk)
    return made


def finish_reading(reading: Reading) -> None:
    """What a job does with a scan; why it could not be read is kept with it."""
    if reading.text or reading.refused or reading.file is None:
        return
    try:
        _understand(reading, text_of(reading.name, files.read(reading.file.pk)))
    except Refusal as refusal:
        reading.refused = refusal.message
    told = {name: getattr(reading, name) for name in ("text", "notes", "items", "refused")}
    Reading.objects.filter(pk=reading.pk).update(**told)  # unless somebody dropped it meanwhile


def _understand(reading: Reading, raw: str) -> None:
    """Fill in text, notes and items. Raises Refusal where nothing was understood."""
    found = read(raw)
    answer = found.as_json()
    if reading.directive:
        answer["issuer"] = reading.directive.issuer_name
    items = understood.items_of(answer, found.text)
    if not items:
        raise Refusal(
            found.notes[-1] if found.notes else "Không đọc ra nội dung chỉ đạo nào trong văn bản này."
        )
    _find_units(reading.made_by, items, answer["issuer"])
    reading.text, reading.notes, reading.items = found.text, list(found.notes), items


def _there(seat: Seat, directive: Directive) -> Reading | None:
    """The reading this unit has of the document. Another unit's gives way to who registered it, until it is issued: it goes
    on as one of a text alone."""
    Directive.objects.select_for_update(no_key=True).get(pk=directive.pk)  # two clicks read once
    found = Reading.objects.select_for_update(of=("self",)).select_related("unit").filter(directive=directive)
    there = found.first()
    if there is None or there.unit_id == seat.unit_id:
        return there
    if there.issued_at or not directive_rules.owns(seat, directive):
        raise Refusal(
            f"{there.unit.name} đang đọc văn bản này để lập chương trình; mỗi văn bản một chương trình. "
            "Trao đổi với đơn vị đó, hoặc soạn văn bản triển khai của đơn vị mình."
        )
    there.directive, there.laid_out_at, there.laid_out_by, there.summary = None, None, None, {}
    there.version += 1
    there.save()
    journal.record("reading.give_way", there, seat=seat, directive=directive.pk)
    return None


def _of_register(directive: Directive) -> tuple[str, tuple[str, bytes] | None]:
    """Its text with the head and foot that only the register has; without a text its first file."""
    row = DirectiveText.objects.filter(directive=directive).first()
    if row and row.body.strip():
        return whole_text(directive, row.body), None
    kept = directive.attachments.order_by("pk").first()
    return "", (kept.name, files.read(kept.file_id)) if kept else None


@transaction.atomic
def keep_choices(
    *, seat: Seat, reading: Reading, version: int, changes: Mapping[int, Mapping], states: Mapping[int, str]
) -> Reading:
    """Lưu: by item, what was changed of its value and whether it is taken. ``version``: the one the person looked at."""
    reading = _locked(seat, reading, version)
    understood.apply(reading.items, changes, states)
    return _saved(seat, reading, "reading.keep")


@transaction.atomic
def add_item(*, seat: Seat, reading: Reading, version: int, kind: str, words: str) -> Reading:
    """Thêm mục: of words that stand in the text; they are read on their own, else kept as they are."""
    reading = _locked(seat, reading, version)
    words = normalise(words).strip()
    at = reading.text.find(words) if words else -1
    if at < 0 and words:
        at, words = _find_loosely(reading.text, words)
    if not words:
        raise Refusal("Chưa chọn đoạn nào. Bôi đen một đoạn bên trái, hoặc chép đoạn đó vào ô, rồi thêm.")
    if at < 0:
        raise Refusal("Không thấy đoạn này trong văn bản. Chép nguyên văn một đoạn bên trái rồi thêm lại.")
    if len(words) > LONGEST_ADDED:
        raise Refusal(
            f"Đoạn dài {len(words)} ký tự, nhiều nhất {LONGEST_ADDED}. Chọn đoạn ngắn hơn rồi thêm lại."
        )
    if kind not in understood.ADDED:
        raise Refusal("Chọn mục thuộc loại nào: báo cáo và hạn, việc phải làm, chỉ tiêu, khẩu hiệu, sự kiện.")
    number = max((item["id"] for item in reading.items), default=0) + 1
    day = _issued_on(reading.items)
    made = understood.added(number, kind, words, at, day)
    reading.items.append(made | {"added": True})
    return _saved(seat, reading, "reading.add")


def _find_loosely(text: str, words: str) -> tuple[int, str]:
    """A selection in a browser may join lines: found again with any blanks between its words."""
    pieces = words.split()
    if not 1 <= len(pieces) <= 400:
        return -1, words
    found = re.search(r"\s+".join(map(re.escape, pieces)), text)
    return (found.start(), found[0]) if found else (-1, words)


@transaction.atomic
def drop_reading(*, seat: Seat, reading: Reading) -> None:
    """Bỏ bản đọc chưa lập chương trình."""
    reading = locked(seat, reading)
    if reading.is_settled:
        raise Refusal("Chương trình đã lập từ bản đọc này nên không bỏ được. Hoàn tác trước.")
    journal.record("reading.drop", reading, seat=seat)
    reading.delete()


def locked(seat: Seat, reading: Reading) -> Reading:
    """The reading's row under lock, for whoever may work on it."""
    org_rules.require(seat, roles.REGISTER_DIRECTIVE)
    found = (
        Reading.objects.select_for_update(of=("self",))
        .select_related("unit", "directive")
        .filter(pk=reading.pk)
        .first()
    )
    if found is None:
        raise Conflict("Bản đọc này vừa được bỏ. Đọc lại văn bản từ đầu.")
    if found.unit_id != seat.unit_id:
        raise Refusal(f"Bản đọc này của {found.unit.name}; chỉ đơn vị đó làm tiếp.")
    return found


def _locked(seat: Seat, reading: Reading, version: int) -> Reading:
    found = locked(seat, reading)
    if not found.text:
        raise Refusal("Tệp này chưa đọc xong. Đợi máy nhận chữ xong rồi làm tiếp.")
    if found.is_settled:
        raise Refusal(
            "Chương trình đã lập từ bản đọc này. Hoàn tác rồi sửa; đã ban hành thì không sửa được nữa."
        )
    if found.version != version:
        raise Conflict("Bản đọc này vừa được sửa ở nơi khác. Tải lại trang để thấy bản mới, rồi sửa tiếp.")
    return found


def _saved(seat: Seat, reading: Reading, verb: str) -> Reading:
    reading.version += 1
    reading.save(update_fields=["items", "version"])
    journal.record(verb, reading, seat=seat)
    return reading


def _issued_on(items: Iterable[Item]) -> date:
    said = next((item["value"]["date"] for item in items if item["kind"] == "head"), None)
    return date.fromisoformat(said) if said else clock.today()


@transaction.atomic
def found_named(*, seat: Seat, reading: Reading, version: int, number: int, phrase: str) -> Unit:
    """Lập đơn vị mà văn bản nêu: right under a unit that the seat reaches, or at the head of its line where nothing known
    leads it (Mặt trận, hội, party bodies); then the open items are matched anew.
    """
    org_rules.require(seat, roles.NAME_UNIT)
    reading = _locked(seat, reading, version)
    item = next((item for item in reading.items if item["id"] == number), None)
    named = (item or {"value": {}})["value"].get("unmatched", ())
    proposal = next((one["proposal"] for one in named if one["phrase"] == phrase), None)
    if proposal is None:
        raise Refusal("Mục này không còn đơn vị nào chờ lập. Tải lại trang để thấy bản mới.")
    parent = Unit.objects.get(pk=proposal["parent"]) if proposal["parent"] else None
    if parent:
        org_rules.require_reach(seat, parent)
    made = found_unit(
        seat=None,
        code=_free_code(proposal["code"]),
        kind=Kind(proposal["kind"]),
        area_type=proposal["area_type"],
        name=proposal["name"],
        short_name=proposal["short_name"],
        place=proposal["place"],
        since=_issued_on(reading.items),
        parents={Line(proposal["line"]): parent},
    )
    journal.record("unit.name", made, seat=seat)
    _find_again(seat, reading)
    return made


def _free_code(wanted: str) -> str:
    """The code, or the first "-2", "-3" … of it that no unit has."""
    taken = set(Unit.objects.filter(code__startswith=wanted).values_list("code", flat=True))
    return next(code for n in range(1, 10**6) if (code := wanted if n == 1 else f"{wanted}-{n}") not in taken)


def _find_again(seat: Seat, reading: Reading) -> None:
    """Units founded meanwhile are found for items that nobody has decided on yet."""
    waiting = [item for item in reading.items if item["state"] == understood.OPEN]
    for item in waiting:
        item["ask"] = ""
        item["state"] = understood.TAKEN
        item["value"].pop("unmatched", None)
    head = next((item for item in reading.items if item["kind"] == "head"), None)
    _find_units(seat, waiting, head["value"]["issuer"] if head else None, reading.items)
    _saved(seat, reading, "reading.keep")


def _find_units(
    seat: Seat, items: list[Item], issuer: str | None, everything: list[Item] | None = None
) -> None:
    """Put in each item the units that its words name, and ask where they are not certain."""
    speaker = _speaker(seat, issuer)
    at = speaker or seat.unit
    for item in items:
        if item["kind"] == "head":
            item["value"]["issuer_unit"] = speaker.pk if speaker else None
    phrases = list(dict.fromkeys(phrase for item in items for phrase in understood.names_in(item)))
    found = dict(zip(phrases, match_units(seat, phrases, at), strict=True)) if phrases else {}
    for item in (item for item in items if item["kind"] == "work"):
        _settle(item, "units", item["value"]["assignees"], found)
        named = [found[phrase] for phrase in item["value"]["assignees"]]
        item["value"]["named"] = [unit.pk for match in named if not match.group for unit in match.units]
    for item in (item for item in items if item["kind"] == "follow"):
        _settle(item, "units", [item["value"]["who"]], found)
    work = [item["value"] for item in everything or items if item["kind"] == "work"]
    given = [pk for value in work for pk in value["named"]] or [pk for value in work for pk in value["units"]]
    for item in (item for item in items if item["kind"] == "report"):
        value = item["value"]
        _settle(item, "to_units", value["to"], found)
        _settle(item, "via_units", [value["via"]] if value["via"] else [], found, needed=False)
        _settle(item, "units", value["from"], found)
        if given and any(found[phrase].group and not found[phrase].certain for phrase in value["from"]):
            # "các ban, ngành, đoàn thể": most likely those whom the document gives work, by name if it names any.
            sure = [
                unit.pk for phrase in value["from"] if found[phrase].certain for unit in found[phrase].units
            ]
            above = {*value["to_units"], *value["via_units"]}
            value["units"] = list(dict.fromkeys(pk for pk in [*given, *sure] if pk not in above))


def _speaker(seat: Seat, issuer: str | None) -> Unit | None:
    """The unit in whose name the document speaks, where Hoctap knows it."""
    if issuer:
        (match,) = match_units(seat, [issuer], seat.unit)
        if match.certain and len(match.units) == 1:
            return match.units[0]
    return None


def _settle(
    item: Item, field: str, phrases: Sequence[str], found: Mapping[str, Match], *, needed: bool = True
) -> None:
    matches = [found[phrase] for phrase in phrases]
    value = item["value"]
    value[field] = list(dict.fromkeys(unit.pk for match in matches for unit in match.units))
    unsure = [match for match in matches if not match.certain]
    if unsure and needed:
        value["unmatched"] = value.get("unmatched", []) + [understood.unmatched(match) for match in unsure]
        said = "; ".join(f"{match.phrase}: {match.note}" for match in unsure)
        item["ask"] = f"{item['ask']} {said}".strip()
        item["state"] = understood.OPEN
