"""Printed words compared as a reader would: case, accents, spacing and punctuation aside."""

from __future__ import annotations

import re
from functools import lru_cache

from hoctap.kernel.vietnamese import fold

_NOT_LETTERS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """``"Tin, bài/ cuộc"`` → ``"tin bai cuoc"``; "hoá" and "hóa", "HTSD" and "HTSĐ" come out the same."""
    return _NOT_LETTERS.sub(" ", fold(text)).strip()


def same_words(one: str, other: str) -> bool:
    return one == other or plain(one) == plain(other)
