"""Links and e-mail addresses. Pure."""

import re
from itertools import islice

from hoctap.directives.reading.said import Said

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>“”\"']{3,500}")
_DOMAIN = re.compile(
    r"(?<![@\w.-])(?:[a-z0-9-]{2,40}\.){1,3}(?:vn|com|org|net|edu|gov)(?:\.vn)?(?:/[^\s<>“”\"',;]*)?(?![\w@])"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,40}){1,4}")


MOST = 200  # links or addresses of one document


def links(text: str, end: int) -> list[Said]:
    found: dict[str, Said] = {}
    for pattern in (_URL, _DOMAIN):
        for match in pattern.finditer(text, 0, end):
            if len(found) == MOST:
                break
            last = match.end()
            while text[last - 1] in ".,;:)]}*":
                last -= 1
            value = text[match.start() : last]
            inside = any(said.start <= match.start() < said.end for said in found.values())
            if not inside and not any(value in other for other in found):
                found[value] = Said(value, match.start(), last)
    return sorted(found.values(), key=lambda said: said.start)


def emails(text: str, end: int) -> list[Said]:
    found: dict[str, Said] = {}
    for match in islice(_EMAIL.finditer(text, 0, end), MOST):
        found.setdefault(
            match[0].lower().rstrip("."),
            Said(match[0].rstrip("."), match.start(), match.end() - match[0].endswith(".")),
        )
    return list(found.values())
