"""A reorganisation as in 2025: one act gives 10,000 units other superiors, each from its day on, by one decision.

At the level of data: the product's own action (``orgs.actions.move_units``) with its checks, locks and journal, without
HTTP or Excel. Two restructurings of a nation: base units go to other communes, and whole communes, with all below them,
to other provinces. Beside it the same moves one by one (a sample). Two rounds, one of them closed, are compared before
and after: every stored sum, every path, and each unit's own count anew from the leaves (``rollup.recount``).
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from datetime import datetime, timedelta
from typing import Any

DATABASE = True
GOAL = 3.0  # seconds
SAMPLE = 50  # units moved one by one


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--units", type=int, default=120_000, help="base units of the nation")
    parser.add_argument("--moves", type=int, default=10_000, help="units with another superior")
    parser.add_argument("--seed", type=int, default=1)


def run(options: argparse.Namespace) -> dict:
    """Seconds of each restructuring; ``ok`` when the first keeps the goal and no figure of a round has changed."""
    from django.db import transaction

    from bench.nation import make
    from hoctap.kernel import clock
    from hoctap.orgs.actions import Decision, move_unit, move_units
    from hoctap.orgs.enums import Line

    chance = random.Random(options.seed)
    nation = make(options.units, 2, options.seed)
    now = clock.now()
    before = _rounds(now)
    bases, communes = _moves(nation, options.moves, chance)
    line, decision = Line.TERRITORY, Decision("1685/NQ-UBTVQH15", bases[0].on - timedelta(days=14))
    sample = bases[:SAMPLE]
    with transaction.atomic():
        one_by_one = _seconds(
            lambda: [move_unit(seat=None, unit=m.unit, line=line, parent=m.parent, on=m.on) for m in sample]
        )
        transaction.set_rollback(True)
    seconds = _seconds(lambda: move_units(seat=None, line=line, moves=bases, decision=decision))
    below = _below(communes, line)
    whole = _seconds(lambda: move_units(seat=None, line=line, moves=communes, decision=decision))
    unchanged, right = _rounds(now) == before, _is_tree(bases[0].on) and _is_tree(communes[-1].on)
    return {
        "units": nation.size,
        "moved": len(bases),
        "seconds": round(seconds, 2),
        "one by one, seconds for as many": round(one_by_one / len(sample) * len(bases), 1),
        "times faster": round(one_by_one / len(sample) * len(bases) / seconds),
        "communes moved": len(communes),
        "with units below": below,
        "seconds for those": round(whole, 2),
        "rounds unchanged": unchanged,
        "tree right by a plain walk": right,
        "bypassed": "HTTP, Excel",
        "goal": f"< {GOAL:.0f} s, rounds unchanged to the last figure",
        "ok": seconds < GOAL and unchanged and right,
    }


def _moves(nation: Any, count: int, chance: random.Random) -> tuple[list, list]:
    """Base units to other communes; communes, with about as many units, to other provinces. Dates differ by unit."""
    from hoctap.kernel import clock
    from hoctap.orgs.actions import Move
    from hoctap.orgs.models import Unit

    units = Unit.objects.in_bulk()
    levels: dict[int, list] = {}
    for node in nation.nodes.values():
        levels.setdefault(node.level, []).append(node)
    day = clock.today() - timedelta(days=30)

    def moved(nodes: list, parents: list) -> list:
        on = (day, day + timedelta(days=5))
        above = [
            chance.choice([p for p in chance.sample(parents, 2) if p.pk != node.parent]) for node in nodes
        ]
        return [Move(units[n.pk], units[p.pk], chance.choice(on)) for n, p in zip(nodes, above, strict=True)]

    share = max(2, count * len(levels[2]) // len(levels[3]))
    return moved(chance.sample(levels[3], count), levels[2]), moved(
        chance.sample(levels[2], share), levels[1]
    )


def _seconds(act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _below(moves: list, line: str) -> int:
    from hoctap.orgs.queries import subtree

    return sum(subtree(move.unit, line, move.on).count() - 1 for move in moves)


def _rounds(now: datetime) -> str:
    """All that rounds show ``now``, as one digest: stored sums, the tree of each, and each total counted from the leaves."""
    from django.db import connection

    from hoctap.obligations.models import Round
    from hoctap.rollup.recount import recount

    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in ("rollup_fold", "rollup_duecount", "obligations_obligation", "rollup_watermark"):
            cursor.execute(f"SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t")
            digest.update(str(cursor.fetchone()).encode())
    for pk in Round.objects.order_by("pk").values_list("pk", flat=True):
        for node, counted in recount(pk, now):
            digest.update(f"{node} {counted}".encode())
    return digest.hexdigest()


def _is_tree(on) -> bool:
    """Whether every path is what a walk from parent to parent finds."""
    from hoctap.kernel.paths import segment
    from hoctap.orgs.models import Subordination

    rows = {
        unit: (parent, path)
        for unit, parent, path in Subordination.objects.filter(valid__contains=on).values_list(
            "unit", "parent", "path"
        )
    }
    return all(
        path == (rows[parent][1] if parent else "") + segment(unit) for unit, (parent, path) in rows.items()
    )
