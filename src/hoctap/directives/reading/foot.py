"""What the foot of a document says: who signs it, and whom it goes to (Nơi nhận). Pure."""

import re

from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.persons import POST, TITLES, is_name
from hoctap.directives.reading.regions import AUTHORITY, RECIPIENTS, Regions, is_post
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.kernel.vietnamese import fold


def signer(parts: Regions) -> dict | None:
    """The last name of the foot with the post and the authority above it: of a joint document, whoever signs last."""
    authority = position = name = None
    alone = False  # the post stands on a line of its own, and may go on
    for line in parts.foot:
        if line.is_item or RECIPIENTS.match(line.text):
            continue
        if name and line.text.isupper() and not is_name(line):
            authority = position = name = None
            alone = False
        if (found := AUTHORITY.fullmatch(line.text)) and line.text.isupper():
            code = found["code"].replace("/", "")
            authority = Said(f"{code}.", line.start, line.start + found.end("code"))
            position = Said(found["rest"].strip(), line.start + found.start("rest"), line.end)
            alone = False
        elif is_name(line):
            name = name or _name(parts.text, line)
        elif is_post(line) or (line.text.isupper() and (position or POST.search(fold(line.text)))):
            position = quoted(parts.text, position.start if position and alone else line.start, line.end)
            alone = True
    if not (name or position):
        return None
    return {"name": name, "position": position, "authority": authority}


def _name(text: str, line: Line) -> Said | None:
    """Without degrees and ranks; of names side by side the last."""
    start = line.start + line.text.rfind("\t") + 1
    titles = TITLES.match(text, start, line.end)
    return quoted(text, titles.end() if titles else start, line.end)


def recipients(parts: Regions) -> list[Said]:
    listed = False
    found: list[Said] = []
    for line in parts.foot:
        if matched := RECIPIENTS.match(line.text):
            listed = True
            begin = line.start + matched.end()
            if begin < line.end:
                found += [
                    said
                    for place in _split_items(parts.text, begin, line.end)
                    if (said := stated(parts.text, *place))
                ]
        elif listed and (line.is_item or (line.text[-1] in ";.," and not line.text.isupper())):
            found += [said for said in [stated(parts.text, line.said_at, line.end)] if said]
    return found


def _split_items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    at, pieces = start, []
    for found in re.finditer(r";\s*[-–]?\s*", text[start:end]):
        pieces.append((at, start + found.start()))
        at = start + found.end()
    pieces.append((at, end))
    return pieces
