"""Web, worker and database killed at random moments while reports come in, through `hoctap up` and real HTTP.

Eight leaders send the reports of all their units (bench/people.py) while processes are ended by SIGKILL: the web, the
worker, the database, one process of them, or everything at once. Afterwards every acknowledged report must be there
exactly once, and the totals must be exact. Each trial has another seed and starts from the same prepared folder.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.evidence import Evidence, gather
from bench.house import HOCTAP, PATIENCE, VICTIMS, House, copy, environment, place, prepare
from bench.people import Client, Office
from hoctap.kernel.folder import DataFolder
from hoctap.kernel.postgres import address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trials", type=int, default=1, help="how often, each with another seed")
    parser.add_argument("--reports", type=int, default=500, help="reports sent in each trial")
    parser.add_argument("--clients", type=int, default=8, help="people sending at the same time")
    parser.add_argument("--kills", type=int, default=8, help="processes killed in each trial")
    parser.add_argument("--seed", type=int, default=1, help="of the first trial")


def run(options: argparse.Namespace) -> dict:
    """What all trials came to; ``ok`` when nothing was lost, doubled or inexact."""
    trials = []
    with place() as folder:
        told = prepare(folder / "base", options.reports, options.clients)
        for number in range(options.trials):
            data = copy(folder / "base", folder / f"trial-{number + 1}")
            trials.append(trial(data, told, kills=options.kills, seed=options.seed + number))
    kills = [kill for one in trials for kill in one.kills]
    return {
        "trials": len(trials),
        "kills": len(kills),
        "reports": sum(one.reports for one in trials),
        "acknowledged": sum(one.acknowledged for one in trials),
        "found": sum(one.evidence.found for one in trials),
        "lost": sum(len(one.evidence.lost) for one in trials),
        "doubled": sum(len(one.evidence.doubled) for one in trials),
        "trials with inexact totals": sum(not one.evidence.exact for one in trials),
        "forms sent again": sum(one.retries for one in trials),
        "of them arrived the first time": sum(one.evidence.replays for one in trials),
        "double clicks": sum(one.double_clicks for one in trials),
        "seconds a trial": _spread([one.seconds for one in trials]),
        "seconds until a report begun after the kill was acknowledged": {
            victim: _spread(pauses)
            for victim in VICTIMS
            if (pauses := [pause for name, pause in kills if name == victim])
        },
        "failures": [failure for one in trials for failure in one.failures],
        "ok": all(one.ok for one in trials),
    }


@dataclass
class Trial:
    """What happened; ``kills`` are (victim, seconds until a report begun after it was acknowledged)."""

    reports: int
    acknowledged: int
    retries: int
    double_clicks: int
    seconds: float
    kills: list[tuple[str, float]]
    failures: list[str]
    evidence: Evidence

    @property
    def ok(self) -> bool:
        whole = self.acknowledged == self.evidence.found == self.reports
        wrong = self.evidence.lost or self.evidence.doubled or self.failures
        return whole and self.evidence.exact and not wrong


def trial(data: Path, told: dict, *, kills: int, seed: int) -> Trial:
    """One trial on a data folder made by ``prepare``, which told what is in it."""
    chance, house, office = random.Random(seed), House(data), Office(told)
    house.start()
    started = time.monotonic()
    try:
        clients = [Client(office, house.address, name, seed) for name in office.queues]
        for client in clients:
            client.start()
        killed = _kill_at_random(house, office, kills, chance)
        for client in clients:
            client.join()
        seconds = time.monotonic() - started
        with _connected(data) as connection:
            evidence = gather(connection, told, office.sent)
        failures = office.failures + _check(house)
        house.stop()
    except BaseException:
        house.end()
        raise
    return Trial(
        reports=office.total,
        acknowledged=len(office.sent),
        retries=sum(sent.tries - 1 for sent in office.sent),
        double_clicks=office.double_clicks,
        seconds=seconds,
        kills=[(victim, office.pause_after(moment)) for victim, moment in killed],
        failures=failures,
        evidence=evidence,
    )


def _connected(data: Path) -> psycopg.Connection:
    """The last kill may have been the database's, which is coming back."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(address(DataFolder(data)), autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _kill_at_random(
    house: House, office: Office, kills: int, chance: random.Random
) -> list[tuple[str, float]]:
    """Kill one after another while reports come in: which, and when. Spread over the reports, not over a clock."""
    victims = [list(VICTIMS)[n % len(VICTIMS)] for n in range(kills)]
    chance.shuffle(victims)
    counts = sorted(chance.sample(range(max(office.total - len(office.queues), kills)), kills))
    killed = []
    for victim, count in zip(victims, counts, strict=True):
        office.wait_for(count)
        time.sleep(chance.uniform(0, 0.3))
        moment = time.monotonic()
        while not house.kill(victim, chance):  # down from the kill before: as soon as it is up again, then
            time.sleep(0.1)
        killed.append((victim, moment))
        if victim == "everything":
            house.start()
    return killed


def _check(house: House) -> list[str]:
    command = [*HOCTAP, "check", "--data", str(house.data)]
    done = subprocess.run(command, env=environment(), check=False, capture_output=True, text=True)
    return [f"hoctap check: {done.stdout}{done.stderr}"] if done.returncode else []


def _spread(values: list[float]) -> str:
    middle, least, most = statistics.median(values), min(values), max(values)
    return f"{middle:.1f} ({least:.1f} to {most:.1f}, {len(values)} times)"
