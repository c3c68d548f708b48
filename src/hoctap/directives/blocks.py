"""A document's pasted text as blocks to show: headings, items, tables, paragraphs. Pure, and only lightly clever.

No word is dropped or reordered: lines broken by a page are joined, rules of underscores left out, ``**bold**`` and
``*italic*`` marks become runs.
"""

import re
from dataclasses import dataclass, replace
from itertools import groupby

_ROMAN = re.compile(r"[IVXL]{1,6}\.\s*\S")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+\S")
_ITEM = re.compile(r"[-+•–]\s+")
_MARKED = re.compile(r"\*\*(.+?)\*\*|(?<![\w*])\*(?! )([^*\n]+?)(?<! )\*(?![\w*])")
_LONGEST_HEADING = 180


@dataclass(frozen=True)
class Run:
    """A stretch of text; ``mark`` is "", "b" or "i"."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Block:
    """``kind`` is head, caps (centred capitals), item, text or table; ``level`` 1…3 counts for headings only."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def runs(self) -> list[Run]:
        return runs(self.text)

    @property
    def head(self) -> list[tuple[str, int]]:
        """A table's first row: each heading and how many columns it spans (the empty ones after it)."""
        found: list[tuple[str, int]] = []
        for cell in self.rows[0]:
            if found and not cell:
                found[-1] = (found[-1][0], found[-1][1] + 1)
            else:
                found.append((cell, 1))
        return found


def runs(text: str) -> list[Run]:
    """Split at the marks; unpaired marks vanish."""
    found, last = [], 0
    for match in _MARKED.finditer(text):
        found.append(Run(text[last : match.start()].replace("**", "")))
        found.append(Run(match[1] or match[2], "b" if match[1] else "i"))
        last = match.end()
    found.append(Run(text[last:].replace("**", "")))
    return [run for run in found if run.text]


def blocks(body: str) -> list[Block]:
    lines = [line.strip(" \r") for line in body.split("\n")]
    found: list[Block] = []
    for tabled, group in groupby(
        (line for line in lines if line.strip(" _\t")), key=lambda line: "\t" in line
    ):
        if tabled:
            found.append(Block("table", rows=_rows(group)))
        else:
            found += _joined(list(group))
    return _levelled(found)


def _rows(lines) -> tuple[tuple[str, ...], ...]:
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines]
    width = max(len(row) for row in rows)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)


def _joined(lines: list[str]) -> list[Block]:
    """One block a line, except that one going on in lower case (an item also in brackets) belongs to an unfinished one."""
    found: list[Block] = []
    for line in lines:
        last = found[-1] if found else None
        goes_on = line[0].islower() or (line[0] == "(" and last is not None and last.kind == "item")
        if last and last.kind != "caps" and goes_on and last.text[-1] not in ".;:!?":
            found[-1] = _read(f"{last.text} {line}")
        else:
            found.append(_read(line))
    return found


def _read(line: str) -> Block:
    plain = line.replace("*", "").strip()
    if _ITEM.match(plain):
        return Block("item", line)
    if _ROMAN.match(plain) and len(plain) <= _LONGEST_HEADING:
        return Block("head", line, 1)
    if found := _NUMBERED.match(plain):
        heading = len(plain) <= _LONGEST_HEADING and plain[-1] not in ".;,!?/)”"
        return Block("head", line, min(2 + found[1].count("."), 3)) if heading else Block("text", line)
    if plain.isupper() and len(plain) <= _LONGEST_HEADING:
        return Block("caps", line)
    return Block("text", line)


def _levelled(found: list[Block]) -> list[Block]:
    """Levels without holes, so that a screen reader's outline never skips one."""
    used = sorted({block.level for block in found if block.kind == "head"})
    deepest, out = 0, []
    for block in found:
        if block.kind == "head":
            deepest = min(used.index(block.level) + 1, deepest + 1)
            block = replace(block, level=deepest)
        out.append(block)
    return out
