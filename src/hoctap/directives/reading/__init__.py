"""Reading a directive: from its text to what it orders, each value with the words it comes from. Pure.

``read`` gives the keys of ``hoctap read --json``; what the text does not say is None or empty, never a guess.
"""

from dataclasses import dataclass

from hoctap.directives import numbers
from hoctap.directives.reading import addresses, annexes, foot, head, labels, tables
from hoctap.directives.reading.assignments import Assigner
from hoctap.directives.reading.campaigns import campaigns
from hoctap.directives.reading.citations import citations
from hoctap.directives.reading.deadlines import deadlines
from hoctap.directives.reading.events import events
from hoctap.directives.reading.outline import nest
from hoctap.directives.reading.regions import attached, regions
from hoctap.directives.reading.said import evidence, plain
from hoctap.directives.reading.sources.encodings import revived
from hoctap.directives.reading.targets import targets
from hoctap.directives.reading.text import LONGEST, MOST_PARAGRAPHS, normalise

__all__ = ["Reading", "read"]

_SINGLE = ("code", "number", "notation", "kind", "date", "place", "issuer", "parent_issuer", "subject")
_MANY = (
    *(
        "addressees",
        "basis",
        "mentions",
        "campaigns",
        "events",
        "deadlines",
        "assignments",
        "targets",
        "slogans",
    ),
    *("links", "emails", "recipients"),
)


@dataclass(frozen=True)
class Reading:
    """``text``: normalised, what the offsets point into; ``tree``: by key, with Said for values; ``notes``: what the
    reader should know, in Vietnamese."""

    text: str
    tree: dict
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict:
        return plain(self.tree) | {"evidence": evidence(self.tree)}


def read(raw: str) -> Reading:
    """Of pasted text, or what ``sources`` took from a file. Of two documents in one text the first is read."""
    paragraphs = normalise(revived(raw)).split("\n", MOST_PARAGRAPHS)
    text = "\n".join(paragraphs[:MOST_PARAGRAPHS])
    notes = [_LONG] if len(raw) > LONGEST or len(paragraphs) > MOST_PARAGRAPHS else []
    parts = regions(text)
    tree = head.head(parts)
    addressees, signer, recipients = head.addressees(parts), foot.signer(parts), foot.recipients(parts)
    own = numbers.parse(str(tree["code"].value)).key if tree["code"] else ""
    basis, mentions = citations(text, tree["subject"], parts.body, parts.annexes, own)
    if not _is_document(tree, addressees, signer, basis, recipients):
        return Reading(text, _nothing(), (*notes, _NO_DOCUMENT))
    if parts.next_document is not None:
        notes.append(_TWO.format(text[parts.next_document :][:60].split("\n")[0]))
    year = head.year(parts)
    kind = tree["kind"].value if tree["kind"] else None
    tells = kind in ("bao-cao", "to-trinh") or head.reports(
        parts, tree["subject"]
    )  # of what was done or is asked for
    orders = kind in ("chi-thi", "ket-luan", "thong-bao")
    wholes = [parts.body, *attached(parts.annexes)]
    shared: list[tables.Row] = []
    made: list[dict] = []
    owed: list[dict] = []
    aims: list[dict] = []
    for lines in wholes:
        to = addressees if lines is parts.body and not tells else []
        top = nest(lines)
        labelled = [] if tells else list(labels.rows(text, lines, year))
        told = {start: row.by for row in labelled for start in labels.taken(row)}
        assigner = Assigner(text, top, to, tells, orders and lines is parts.body, told)
        made += [given.as_tree() for given in assigner.found]
        owed += (
            []
            if tells
            else deadlines(
                text, [line for line in lines if line.start not in told], to, assigner.bodies_of, year
            )
        )
        shared += labelled
        aims += targets(text, lines, year, tells)
    shared += [] if tells else tables.rows(text, parts.body, parts.annexes, year)
    owed += tables.deadlines(text, shared)
    tree |= {
        "addressees": addressees, "basis": basis, "mentions": mentions,
        "campaigns": campaigns(text, tree["subject"], parts.body, year),
        "events": events(text, tree["subject"], parts.body, year), "deadlines": owed,
        "assignments": sorted([*made, *tables.assignments(shared)], key=_place),
        "targets": aims,
        "slogans": annexes.slogans(text, parts.body, parts.annexes),
        "form": annexes.form(text, parts.annexes, parts.body),
        "links": addresses.links(text, parts.end), "emails": addresses.emails(text, parts.end),
        "signer": signer, "recipients": recipients,
    }  # fmt: skip
    return Reading(text, tree, (*notes, *_doubts(tree, owed)))


_LONG = f"Văn bản quá dài: chỉ đọc {LONGEST:,} chữ và {MOST_PARAGRAPHS:,} đoạn đầu.".replace(",", ".")


def _place(given: dict) -> int:
    return given["tasks"][0]["text"].start


_NO_DOCUMENT = (
    "Không thấy dấu hiệu của văn bản hành chính (số, ký hiệu, tên loại, nơi nhận, người ký), nên không đọc ra gì. "
    "Kiểm tra lại: có đúng là văn bản chỉ đạo không, có thiếu phần đầu không."
)
_TWO = "Tệp có nhiều văn bản: chỉ đọc văn bản đầu, dừng trước “{}”. Tách văn bản sau thành tệp riêng rồi đọc tiếp."


def _is_document(tree: dict, addressees: list, signer: dict | None, basis: list, recipients: list) -> bool:
    """Whether it bears what Nghị định 30/2020 asks of one: a number, a kind, or several of the lesser parts."""
    lesser = (
        tree["date"] and tree["place"],
        addressees,
        signer and signer["authority"],
        basis,
        recipients,
        signer and signer["position"],
    )
    return bool(tree["code"] or (tree["kind"] and (tree["subject"] or basis)) or sum(map(bool, lesser)) >= 2)


def _nothing() -> dict:
    return dict.fromkeys(_SINGLE) | {key: [] for key in _MANY} | {"form": None, "signer": None}


def _doubts(tree: dict, owed: list[dict]) -> list[str]:
    """What contradicts itself, for a person to look at."""
    day = tree["date"]
    early = [due["stated"].value for due in owed if due["stated"] and day and due["stated"].value < day.value]
    days = [due["stated"] for due in owed] + [event["date"] for event in tree["events"]]
    days += [held[key] for held in tree["campaigns"] for key in ("start", "end")]
    inferred = sorted({said.value for said in days if said and said.inferred})
    notes = [f"Hạn {_printed(d)} ở trước ngày ban hành văn bản. Xem lại năm." for d in early]
    if inferred:
        listed = ", ".join(map(_printed, inferred))
        notes.append(f"Văn bản không ghi năm của các ngày {listed}: lấy năm của ngày ban hành. Xem lại năm.")
    return notes


def _printed(iso: str) -> str:
    return f"{iso[8:]}/{iso[5:7]}/{iso[:4]}"
