"""``python -m bench._pages DATA WORLD UNITS REQUESTS``: a data folder with one of the WORLDS in it, ready for ``up``.

Prints the world's pages, and what each costs when this process asks for it, as JSON. A process of its own: the folder's
database is this one's alone.
"""

import gzip
import io
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from bench.meter import Costs, Meter
from hoctap.cli import build
from hoctap.cli.environment import database
from hoctap.cli.prepare import bring_up_to_date

WARM_UP = 5
DEEDS = 2000  # of the office in the wide world
DOCUMENTS = 20_000  # in the nation's register
PEOPLE, ACTIVITIES, YEARS = 2, 500, 5  # of each unit; of one of them, over so many years
_LOADED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


@dataclass
class Page:
    """One address as one seat asks for it, or as nobody does; the first sends to the sign-in, which is all it does."""

    name: str
    path: str
    cookie: str = ""
    status: int = 200
    queries: int = 0
    bytes: int = 0
    costs: Costs = field(default_factory=Costs)


def main(data: str, world: str, units: str, requests: str) -> None:
    with database(data, "prepare") as folder:
        from hoctap.rollup.actions import check_system_identifier

        bring_up_to_date()
        check_system_identifier()
        pages = WORLDS[world](int(units))
        measure(pages, int(requests))
        build.keep(folder, os.environ["DATABASE_URL"])
    print(json.dumps([asdict(page) for page in pages]))


def measure(pages: list[Page], requests: int) -> None:
    ask, meter = _application(), Meter()
    for page in pages:
        for _ in range(WARM_UP):
            _body(ask, page)
        page.queries = _count_queries(lambda page=page: _body(ask, page))
        page.bytes = _first_visit(ask, page)
    for _ in range(requests):
        for page in pages:
            meter(lambda page=page: _body(ask, page), page.costs)


def _wide(units: int) -> list[Page]:
    """So many units right below one, their reports in every state (bench/wide.py, bench/filling.py)."""
    from bench import _needs, _record, filling, nation, wide
    from hoctap.rollup.actions import draw_snapshot

    made = wide.make(units, users=units)
    filling.fill(made)
    person = _record.people_of([made.node.unit, *(child.unit for child in made.children)], PEOPLE)[0]
    _record.learn(made.officer, person, ACTIVITIES, YEARS)
    own = _record.opened(_record.card(person))
    snapshot = draw_snapshot(seat=made.officer, obligation=made.node)
    officer, leader = _signed_in(made.officer), _signed_in(made.seats[0])
    writer = _signed_in(made.seats[18])
    node, waiting, unsent = made.node.pk, made.children[12].pk, made.children[18].pk
    document, round_ = made.round.directive_id, made.round.pk
    reading = _read_and_tasked(made)
    survey, token = _needs.write(made)
    nation.analyze()
    return [
        Page("nothing", "/", status=302),
        Page("desk of the unit that gathers", "/", officer),
        Page("desk of a unit that reports", "/", leader),
        Page("rounds", "/dot-bao-cao/", officer),
        Page("laying out a round", f"/dot-bao-cao/mo/{document}/", officer),
        Page("passing a round on", f"/bao-cao/{node}/giao-xuong/", officer),
        Page("board", f"/dot-bao-cao/{round_}/", officer),
        Page("form, being written", f"/bao-cao/{unsent}/", writer),
        Page("form, being reviewed", f"/bao-cao/{waiting}/", officer),
        Page("consolidation", f"/tong-hop/{node}/", officer),
        Page("where a figure comes from", f"/tong-hop/{node}/so/28/", officer),
        Page("and one unit's part of it", f"/tong-hop/{node}/so/28/?dv={made.children[0].pk}", officer),
        Page("drawing it to sign", f"/tong-hop/{node}/lap/", officer),
        Page("consolidation drawn", f"/tong-hop/{node}/ban/{snapshot.number}/", officer),
        Page("documents", "/van-ban/", officer),
        Page("documents, searched", "/van-ban/?tim=hoc+tap+suot+doi", officer),
        Page("one document", f"/van-ban/{document}/", officer),
        Page("and each unit it went to", f"/van-ban/{document}/noi-nhan/?trang=100", officer),
        Page("what was read of a plan", f"/van-ban/doc/{reading}/", officer),
        Page("and one item to change", f"/van-ban/doc/{reading}/?sua=2", officer),
        Page("what is to be done", f"/van-ban/{document}/viec/", leader),
        Page("how far each unit is", f"/van-ban/{document}/trien-khai/", officer),
        Page("composing a document", "/van-ban/soan/", officer),
        Page("units", "/don-vi/", officer),
        Page("units, searched", "/don-vi/?tim=ky+dong", officer),
        Page("one unit", f"/don-vi/{made.node.unit.code}/", officer),
        Page("people", "/nguoi/", officer),
        Page("people, searched", "/nguoi/?tim=hoa+77", officer),
        Page("people of one unit", f"/nguoi/?don-vi={made.node.unit.code}", officer),
        Page("one person", f"/nguoi/{person.pk}/", officer),
        Page("and what she learned", f"/nguoi/{person.pk}/hoc-tap/", officer),
        Page("one's own record", "/cua-toi/", own),
        Page("what is kept about one", "/cua-toi/du-lieu/", own),
        Page("training needs and targets", "/nhu-cau/", officer),
        Page("a survey", f"/nhu-cau/{survey}/", officer),
        Page("and what one unit answered", f"/nhu-cau/{survey}/", leader),
        Page("the own unit's answer", f"/nhu-cau/{survey}/khai/", leader),
        Page("answering a survey, choosing the unit", f"/nhu-cau/k/{token}/"),
        Page("answering a survey", f"/nhu-cau/k/{token}/?don-vi={made.children[0].unit.code}"),
        Page("share of people trained", "/nhu-cau/ty-le/", officer),
        Page("share of one unit's people", "/nhu-cau/ty-le/", leader),
        Page("headcounts", "/nhu-cau/so-nguoi/", officer),
        *_of_activities(made, officer),
    ]


def _of_activities(made, officer: str) -> list[Page]:
    """What the office does itself, its 2,000 activities beside as many of units below it (bench/_deeds.py)."""
    from bench import _deeds, nation

    deeds = _deeds.write(made.officer, [child.unit for child in made.children[:500]], DEEDS)
    nation.analyze()
    one, today = deeds.full.pk, deeds.today
    session = f"/hoat-dong/{one}/buoi/{today.pk}/"
    return [
        Page("activities", "/hoat-dong/", officer),
        Page("activities, searched", "/hoat-dong/?tim=doc+sach&tinh-trang=da-dien-ra", officer),
        Page("calendar, a month", "/hoat-dong/lich/", officer),
        Page("calendar, day by day", "/hoat-dong/lich/ngay/", officer),
        Page("quick capture", "/ghi-nhanh/", officer),
        Page("recording in full", "/hoat-dong/ghi/", officer),
        Page("one activity", f"/hoat-dong/{one}/", officer),
        Page("and one of a unit below", f"/hoat-dong/{deeds.below.pk}/", officer),
        Page("correcting it", f"/hoat-dong/{one}/sua/", officer),
        Page("doing it again", f"/hoat-dong/{one}/lam-lai/", officer),
        Page("one of its sessions", session, officer),
        Page("the list of its class", f"/dang-ky/{one}/danh-sach/", officer),
        Page("marking attendance", f"/diem-danh/{today.pk}/", officer),
        Page("names to be confirmed", f"/diem-danh/{today.pk}/cho/", officer),
        Page("registering for it", f"/dang-ky/{one}/", officer),
        Page("marking oneself", f"/d/{today.secret}/", officer),
    ]


def _read_and_tasked(made) -> int:
    """Plan 333 read at the office (its id); three clauses of the round's document are every unit's to carry out."""
    from importlib.resources import files

    from hoctap.directives.actions import begin_reading
    from hoctap.directives.models import Clause
    from hoctap.obligations.models import Task

    text = (files("hoctap.cli.demo") / "texts" / "003.txt").read_text()
    directive = made.round.directive
    for order in (1, 2, 3):
        clause = Clause.objects.create(
            directive=directive, order=order, ref=f"III.{order}", text="Mở lớp kỹ năng số. " * 9
        )
        Task.objects.bulk_create(Task(clause=clause, unit_id=child.unit_id) for child in made.children)
    return begin_reading(seat=made.officer, text=text).pk


def _nation(units: int) -> list[Page]:
    """So many base units below communes and provinces (bench/nation.py): as officers of its widest branch see it."""
    from bench import _register, nation
    from hoctap.kernel import clock

    made = nation.Nation(units)
    province, commune = made.widest()
    opened = made.add_round("Báo cáo đang tới hạn", clock.today() + timedelta(days=1))
    _register.write(made, DOCUMENTS)
    nation.analyze()
    owes = dict(opened.obligations.filter(unit__in=[1, province, commune]).values_list("unit", "pk"))
    pages = [Page("nothing", "/", status=302)]
    for name, unit in (("nation", 1), ("province", province), ("commune", commune)):
        officer, node = _signed_in(made.officer(unit)), owes[unit]
        pages += [
            Page(f"{name}: {what}", path, officer)
            for what, path in {
                "desk": "/",
                "notices": "/tin/",
                "rounds": "/dot-bao-cao/",
                "board": f"/dot-bao-cao/{opened.pk}/",
                "board, searched": f"/dot-bao-cao/{opened.pk}/?tim=tan+lap",
                "report": f"/bao-cao/{node}/",
                "passing a round on": f"/bao-cao/{node}/giao-xuong/",
                "consolidation": f"/tong-hop/{node}/",
                "where a figure comes from": f"/tong-hop/{node}/so/28/",
                "drawing it to sign": f"/tong-hop/{node}/lap/",
                "documents": "/van-ban/",
                "documents, searched": "/van-ban/?tim=hoc+tap+suot+doi",
                "units": "/don-vi/",
                "units, searched": "/don-vi/?tim=tan+lap",
                "one unit": f"/don-vi/{made.nodes[unit].code}/",
            }.items()
        ]
    base = next(n for n in made.nodes.values() if n.parent == commune)
    form = opened.obligations.get(unit=base.pk).pk
    leader = _signed_in(made.leader(base.pk))
    return [
        *pages,
        Page("base unit: desk", "/", leader),
        Page("base unit: form", f"/bao-cao/{form}/", leader),
    ]


WORLDS = {"wide": _wide, "nation": _nation}


def _signed_in(seat) -> str:
    from django.test import Client

    client = Client()
    client.force_login(seat.user)
    session = client.session
    session["seat"] = seat.pk
    session.save()
    return f"sessionid={client.cookies['sessionid'].value}"


def _application() -> Callable[[str, str], tuple[int, bytes]]:
    """Asks the WSGI application for a path and query with a cookie: status and the answer as sent."""
    from hoctap.config.wsgi import application

    def ask(address: str, cookie: str) -> tuple[int, bytes]:
        answered: list[str] = []
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": cookie,
            "HTTP_ACCEPT_ENCODING": "gzip",
            "HTTP_ACCEPT_LANGUAGE": "vi",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
        }
        answer = application(environ, lambda status, headers, error=None: answered.append(status))
        try:
            return int(answered[0].split()[0]), b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    return ask


def _body(ask, page: Page) -> bytes:
    status, body = ask(page.path, page.cookie)
    if status != page.status:
        raise AssertionError(f"{page.name}: {page.path} answers {status}")
    return body


def _count_queries(act: Callable[[], object]) -> int:
    from django.db import connection

    asked: list[str] = []

    def note(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return len(asked)


def _first_visit(ask, page: Page) -> int:
    body = _body(ask, page)
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    total = len(body)
    for address in set(_LOADED.findall(html.decode())):
        status, loaded = ask(address, page.cookie)
        if status != 200:
            raise AssertionError(f"{page.name} names {address}, which answers {status}")
        total += len(loaded)
    return total


if __name__ == "__main__":
    main(*sys.argv[1:])
