"""Reading the organisation's pages in tests."""

import re


def html_of(answer, status: int = 200) -> str:
    html = answer.content.decode()
    assert answer.status_code == status, re.findall(r'class="err"[^>]*>.*?</p>|<h1>.*?</h1>', html)
    return html


def errors_of(html: str) -> str:
    """What is said beside the fields and above the form."""
    where = r'<p class="err".*?<span>(.*?)</span>|<div class="note note-late".*?<p>(.*?)</p>'
    found = re.findall(where, html, re.DOTALL)
    return "|".join(a or b for a, b in found)


def shown(html: str) -> list[str]:
    """Units listed with a link to their page, in order."""
    return re.findall(r'<a href="/don-vi/([\w-]+)/[^"]*">', html)
