"""Whom it is held together with."""

import re

from hoctap.activities.pasting.text import Text, cut

_WITH = re.compile(
    r"\b(?:phoi hop(?: (?:voi|cung))?|cung(?: voi)?(?=\s+(?:hoi|ubnd|phong|lien doan|ldld|doan|"
    r"cong doan|truong|trung tam|mttq|uy ban|ban|thu vien)\b)|don vi phoi hop:|"
    r"lien ket voi)\s+([^\n.;:!(]+)"
)
_WITH_ENDS = re.compile(
    r"\s+(?:to chuc|mo|khai giang|thuc hien|trien khai|tai\s|vao\b|luc\b|ngay \d|trao|phat dong|"
    r"tuyen truyen|huong dan|cho\s|nham|da\b|se\b|sang\b|chieu\b|toi\b|de\s|ra mat|ve\s|boi duong|"
    r"tap huan|quyen gop|tang\s)"
)


def bodies_in(said: Text) -> list[str]:
    phrases = []
    for found in _WITH.finditer(said.folded):
        phrase = cut(said, *found.span(1), ends=_WITH_ENDS)
        if 4 <= len(phrase) <= 160:
            phrases.append(phrase)
    return list(dict.fromkeys(phrases))[:6]
