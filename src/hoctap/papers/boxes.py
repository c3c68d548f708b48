"""A whole text, as officers paste it, taken apart into the boxes of Nghị định 30/2020. Pure.

What the head and the foot of a text say (number, date, subject, signature) stands in the register too and is printed
from there; all the rest is body and appendices, and no word of those is dropped. A text may be body only.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from hoctap.directives.blocks import Block as Part
from hoctap.directives.blocks import blocks
from hoctap.directives.enums import DocumentKind
from hoctap.kernel.vietnamese import fold
from hoctap.papers.content import Block, Bullet, Centred, Heading, Paragraph, TextAppendix
from hoctap.papers.tables import text_table

# All but the last four are matched against folded words.
_HEAD = re.compile(
    r"cong hoa xa hoi chu nghia viet nam|doc lap\s?[-–]\s?tu do|v/v\b|ve viec\b|[-–—*.\s]+$"
    r"|so\s*:?\s*[\d.…]*\s*[-/]\s*\w|(?:.{1,60},\s*)?ngay\b.{1,12}\bthang\b.{1,10}\bnam\b[\d.…\s]*$"
)
_KINDLY = re.compile(r"kinh gui\s*(?::|$)")
_RECIPIENTS = re.compile(r"noi nhan\s*(?::|$)")
_AUTHORITY = re.compile(r"(?:tm|kt|tl|tuq|q)\.\s")
_POST = re.compile(r"\b(?:chu tich|giam doc|truong|pho|bi thu|chanh|chi huy|chu nhiem|uy vien)\b")
_BASIS = re.compile(r"(?:can cu|theo de nghi|xet de nghi)\b")
_ANNEX = re.compile(r"phu luc(?:\s+[\divx]+)?\s*[.:]?$")
_CAPTION = re.compile(r"\((?:dinh kem|kem theo|ban hanh kem)\b")
_NAME = re.compile(r"(?:[^\W\d_]+\.?\s+){1,5}[^\W\d_]+")
_SENTENCE = re.compile(r"(?<!\bT[Pp])\.\s+(\w)")
_DASH = re.compile(r"^(\**)[-+•–]\s+")
_ARTICLE = re.compile(r"^(Điều \d+\.(?: [^.;:,]{1,120}$)?)")  # with its title where it has no text beside it
_KINDS = {fold(kind.label) for kind in DocumentKind}
_HEAD_LINE, _TITLE, _POST_LENGTH = 600, 200, 60  # letters at most


@dataclass(frozen=True)
class Boxes:
    """What a text prints, box by box; empty where it prints nothing of the kind.

    ``title`` is the line of capitals above the subject, ``titles`` stand above the signer's name
    ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), ``recipients`` is Nơi nhận.
    """

    title: str = ""
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    body: tuple[Block, ...] = ()
    titles: tuple[str, ...] = ()
    signer: str = ""
    recipients: tuple[str, ...] = ()
    appendices: tuple[TextAppendix, ...] = ()


def take_apart(text: str, *, subject: str = "", signer: str = "") -> Boxes:
    """``subject`` and ``signer`` as registered: by them the lines of the head and the foot are known."""
    parts = list(_unboxed(blocks(text)))
    end, title = _head(parts, fold(subject))
    addressees, parts = _addressees(parts[end:])
    foot = _foot(parts)
    bases, body = _bases(parts[:foot])
    titles, name, recipients, rest = _signed(parts[foot:], fold(signer))
    return Boxes(
        title, addressees, bases, tuple(_said(body)), titles, name, recipients, tuple(_appendices(rest))
    )


def _plain(part: Part) -> str:
    return "".join(run.text for run in part.runs).strip()


def _folded(part: Part) -> str:
    return fold(_plain(part))


def _unboxed(parts: Iterable[Part]) -> Iterator[Part]:
    """Boxes that Word keeps side by side in a table, one below the other."""
    for part in parts:
        if any(_is_box(fold(cell)) for row in part.rows for cell in row):
            for column in zip(*part.rows, strict=True):
                yield from blocks("\n".join(column))
        else:
            yield part


def _is_box(words: str) -> bool:
    return words.startswith(("cong hoa xa hoi", "noi nhan", "- luu")) or bool(_AUTHORITY.match(words))


def _head(parts: list[Part], subject: str) -> tuple[int, str]:
    """How many parts are head (up to the last line known as such), and the title among them."""
    end, title = 0, ""
    for place, part in enumerate(parts):
        words = _folded(part)
        of_subject = len(words) >= max(12, len(subject) // 4) and words.strip('“”" ') in subject
        if of_subject and place and parts[place - 1].kind == "caps":
            title = title or _plain(parts[place - 1])
        known = of_subject or words in _KINDS or bool(_HEAD.match(words))
        if known and len(words) <= _HEAD_LINE and words[-1:] not in ":;":
            end = place + 1
        elif part.kind != "caps":
            break
    return end, title


def _addressees(parts: list[Part]) -> tuple[tuple[str, ...], list[Part]]:
    """Kính gửi: on its own line, or in dashed lines below it."""
    if not parts or not _KINDLY.match(_folded(parts[0])):
        return (), parts
    named = _plain(parts[0]).partition(":")[2].strip()
    listed = [named] if named else []
    below = 1
    while below < len(parts) and parts[below].kind == "item" and not named:
        listed.append(_undashed(_plain(parts[below])))
        below += 1
    return tuple(re.sub(r"[.;,]$", "", name) for name in listed), parts[below:]


def _foot(parts: list[Part]) -> int:
    """Where the signature and Nơi nhận begin; else where the first appendix does."""
    for place, part in enumerate(parts):
        words = _folded(part)
        if _RECIPIENTS.match(words) or (part.kind == "caps" and _AUTHORITY.match(words)):
            while place and _is_post(parts[place - 1]):
                place -= 1
            return place
    annexes = [place for place, part in enumerate(parts) if _ANNEX.match(_folded(part))]
    return annexes[0] if annexes else len(parts)


def _is_post(part: Part) -> bool:
    words = _folded(part)
    known = _AUTHORITY.match(words) or _POST.search(words)
    return part.kind == "caps" and len(words) <= _POST_LENGTH and bool(known)


def _bases(parts: list[Part]) -> tuple[tuple[str, ...], list[Part]]:
    """Căn cứ at the beginning. Below who decides ("CHỦ TỊCH ỦY BAN NHÂN DÂN …") they stay where they are, in italics."""
    first = 1 if parts and parts[0].kind == "caps" else 0
    last = first
    while last < len(parts) and _is_basis(parts[last]):
        last += 1
    said = [_undashed(_plain(part)) for part in parts[first:last]]
    if not first:
        return tuple(said), parts[last:]
    slanted = [replace(parts[first], kind="text", text=f"*{text}*") for text in said]
    return (), [*parts[:first], *slanted, *parts[last:]]


def _is_basis(part: Part) -> bool:
    """One document each; a first sentence that only begins with "Căn cứ" is none."""
    words = _undashed(_plain(part))
    sentences = any(found[1].isupper() for found in _SENTENCE.finditer(words))
    one = words.endswith(";") or not (sentences or words.endswith(":"))
    return part.kind in ("text", "item") and one and bool(_BASIS.match(fold(words)))


def _signed(parts: list[Part], signer: str) -> tuple[tuple[str, ...], str, tuple[str, ...], list[Part]]:
    """The titles, the name, Nơi nhận, and what follows them."""
    titles: list[str] = []
    recipients: list[str] = []
    name, listing = "", False
    for place, part in enumerate(parts):
        words, plain = _folded(part), _plain(part)
        if _RECIPIENTS.match(words):
            listing = True
            recipients += filter(None, [plain.partition(":")[2].strip()])
        elif listing and (part.kind == "item" or plain.endswith(";") or words.startswith("luu")):
            recipients.append(_undashed(plain))
        elif not name and _is_post(part):
            titles.append(plain)
        elif not name and _is_name(part, signer):
            name = plain
        elif not (plain.startswith("(") and words.strip("()").startswith(("da ky", "ky"))):
            return tuple(titles), name, tuple(recipients), parts[place:]
    return tuple(titles), name, tuple(recipients), []


def _is_name(part: Part, signer: str) -> bool:
    plain = _plain(part)
    if part.kind != "text" or _ANNEX.match(fold(plain)):
        return False
    alike = _NAME.fullmatch(plain) and all(word[0].isupper() for word in plain.split())
    return bool(alike) or bool(signer and fold(plain) == signer)


def _appendices(parts: list[Part]) -> Iterator[TextAppendix]:
    starts = [place for place in range(len(parts)) if place == 0 or _starts(parts, place)]
    for start, end in pairwise([*starts, len(parts)]):
        yield _appendix(parts[start:end])


def _starts(parts: list[Part], place: int) -> bool:
    """ "Phụ lục 2", or a title in capitals whose caption says what it is attached to."""
    before = parts[place - 1]
    if _ANNEX.match(_folded(parts[place])):
        return True
    if parts[place].kind != "caps" or before.kind == "caps" or _ANNEX.match(_folded(before)):
        return False
    after = next((part for part in parts[place:] if part.kind != "caps"), None)
    return after is not None and bool(_CAPTION.match(_folded(after)))


def _appendix(parts: list[Part]) -> TextAppendix:
    """The title in capitals, or one short line under "Phụ lục"; a caption; the rest."""
    named = bool(_ANNEX.match(_folded(parts[0])))
    parts = parts[named:]
    lines = 0
    while lines < len(parts) and parts[lines].kind == "caps":
        lines += 1
    if not lines and named and parts and _is_title(parts[0]):
        lines = 1
    title = "\n".join(_plain(part) for part in parts[:lines])
    parts = parts[lines:]
    has_caption = bool(parts) and bool(_CAPTION.match(_folded(parts[0])))
    caption = _plain(parts[0]) if has_caption else ""
    return TextAppendix(title, tuple(_said(parts[has_caption:])), caption)


def _is_title(part: Part) -> bool:
    plain = _plain(part)
    return part.kind == "text" and 0 < len(plain) <= _TITLE and plain[-1] not in ".;:,"


def _said(parts: Iterable[Part]) -> Iterator[Block]:
    for part in parts:
        if part.kind == "table":
            yield text_table(part.rows)
        elif part.kind == "head":
            yield Heading(_plain(part), part.level)  # type: ignore[arg-type]
        elif part.kind == "caps":
            yield Centred(_plain(part))
        elif part.kind == "item":
            level = 2 if _plain(part).startswith("+") else 1
            yield Bullet(_marked(_undashed(part.text)), level, marked=True)
        else:
            yield Paragraph(_marked(_ARTICLE.sub(r"**\1**", part.text)), marked=True)


def _undashed(text: str) -> str:
    return _DASH.sub(r"\1", text)


def _marked(text: str) -> str:
    """The closing mark of a paragraph outside its bold or italic words, where the end mark "./." can join it."""
    return re.sub(r"([.;:,]+)(\*{1,2})$", r"\2\1", text.strip())
