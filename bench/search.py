"""Searching and reading a register of 100,000 documents over a nation, beside a naive scan of the same texts.

What the register's screen asks for its first 20 rows (``directives.queries``: ``register`` and ``search``), as officers
of the nation, a big province, a commune and a base unit; without HTTP and without drawing the page (``hoctap bench
pages`` has both). Wall time of the queries with their results read, processor time of this process and of the database
process that answers. Questions take turns, so that a busy moment of the machine falls on all. The peer is what a system
without an index of words does: ILIKE over heading and body, newest first, seeing everything, accents as typed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bench.meter import Costs, Meter, median, p95

DATABASE = True
FIRST = 20  # rows on a page
GOAL = 50.0  # ms, p95
PEER_TIMES = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--documents", type=int, default=100_000, help="documents in the register")
    parser.add_argument("--units", type=int, default=120_000, help="base units of the nation")
    parser.add_argument("--times", type=int, default=40, help="times each question is asked")


@dataclass
class Question:
    """What one seat asks."""

    seat: str
    name: str
    ask: Callable[[], list]
    found: int = 0
    costs: Costs = field(default_factory=Costs)


def run(options: argparse.Namespace) -> dict:
    """Of each seat and question: rows found, wall p50 and p95, processor times; ``ok`` when every p95 is in time."""
    from bench import _register
    from bench.nation import Nation, analyze

    nation = Nation(options.units)
    _register.write(nation, options.documents)
    analyze()
    questions, peers = ask_all(nation, options.times)
    shown: dict[str, dict] = {}
    for question in questions:
        shown.setdefault(question.seat, {})[question.name] = summary(question)
    slowest = max(p95(question.costs.wall) for question in questions)
    return {
        "documents": options.documents,
        "units": len(nation.nodes),
        "times": options.times,
        "bypassed": "HTTP, drawing the page",
        "seats": shown,
        "peer: ILIKE over every text, ms": {peer.name: summary(peer) for peer in peers},
        "slowest p95, ms": slowest,
        "over the goal": [f"{q.seat}: {q.name}" for q in questions if p95(q.costs.wall) >= GOAL],
        "goal": f"p95 < {GOAL:.0f} ms",
        "ok": slowest < GOAL,
    }


def ask_all(nation: Any, times: int) -> tuple[list[Question], list[Question]]:
    questions = [question for name, seat in _seats(nation) for question in _of(name, seat)]
    peers = [Question("peer", text, partial(_scan, text)) for text in _TEXTS]
    for question in questions + peers:
        question.found = len(question.ask())
    meter = Meter()
    for turn in range(times):
        with_peers = turn * PEER_TIMES // times < (turn + 1) * PEER_TIMES // times
        for question in questions + peers * with_peers:
            meter(question.ask, question.costs)
    return questions, peers


_TEXTS = {
    "without accents": "tuan le huong ung",
    "with accents": "xóa mù chữ cho người lớn",
    "a phrase in quotes": "“học tập suốt đời trong xã”",
    "three common words": "học tập cộng đồng",
    "a phrase of none, of common words": "“đời suốt tập học”",
    "a word of every document": "năm",
    "a word of none": "thiên văn",
    "a rare pair of words": "yến oanh",
}  # fmt: skip


def _of(name: str, seat: Any) -> list[Question]:
    from hoctap.directives.models import Directive
    from hoctap.directives.queries import INCOMING, OUTGOING, Filters, register, search

    def searched(**filters: Any) -> list:
        return search(seat, Filters(**filters))[0][:FIRST]

    def listed(**filters: Any) -> list:
        return register(seat, Filters(**filters), limit=FIRST).rows

    seen = (
        listed() or Directive.objects.order_by("-pk")[:1]
    )  # of a small register a base unit may see nothing
    number = seen[len(seen) - 1].number_text
    asked = {said: partial(searched, text=text) for said, text in _TEXTS.items()}
    asked |= {
        "a whole number": partial(searched, text=number),
        "the start of a number": partial(searched, text=number.split("/")[0]),
        "words of one kind and year": partial(searched, text="khuyen hoc", kind="KH", year=2021),
        "words of one issuer": partial(searched, text="khuyen hoc", issuer="tong lien doan"),
        "all, newest first": listed,
        "one kind": partial(listed, kind="CT"),
        "one year": partial(listed, year=2019),
        "one issuer": partial(listed, issuer="Bộ Nội vụ"),
        "a rare issuer": partial(listed, issuer="nhan dan tinh"),
        "incoming": partial(listed, direction=INCOMING),
        "outgoing": partial(listed, direction=OUTGOING),
        "recalled": partial(listed, status="recalled"),
    }
    return [Question(name, said, ask) for said, ask in asked.items()]


def _seats(nation: Any) -> list[tuple[str, Any]]:
    """Officers of the nation, of the province and the commune with most below, the leader of a base unit of it."""
    province, commune = nation.widest()
    base = next(n.pk for n in nation.nodes.values() if n.parent == commune)
    return [
        ("nation", nation.officer(1)),
        (f"a province of {nation.below[province]} units", nation.officer(province)),
        (f"a commune of {nation.below[commune]} units", nation.officer(commune)),
        ("a base unit", nation.leader(base)),
    ]


def _scan(text: str) -> list:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, d.subject FROM directives_directive d JOIN directives_directivetext t ON t.directive_id = d.id"
            " WHERE t.heading ILIKE %(text)s OR t.body ILIKE %(text)s ORDER BY d.listed_on DESC, d.id DESC LIMIT %(first)s",
            {"text": f"%{_TEXTS[text].strip('“”')}%", "first": FIRST},
        )
        return cursor.fetchall()


def summary(question: Question) -> dict:
    return {
        "rows": question.found,
        "p50, ms": median(question.costs.wall),
        "p95, ms": p95(question.costs.wall),
        "CPU, ms": median(question.costs.web),
        "database CPU, ms": median(question.costs.database),
    }
