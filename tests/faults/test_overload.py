"""More people than fit: reading gives way, sending goes through, and nothing of it is lost or doubled."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.actions.attendance import let_check_in
from hoctap.activities.enums import Opening
from hoctap.cli import web
from hoctap.desk.gate import LATER, SOON
from hoctap.kernel import clock
from hoctap.people.models import User
from hoctap.reports.models import ReportEntry, Revision
from tests.activities.conftest import said
from tests.cast import PASSWORD
from tests.faults.serving import serving
from tests.faults.test_too_slow import ask, held, token
from tests.reports.screens import form_of
from tests.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
CROWD = 100


@pytest.fixture
def threads() -> int:
    return web.THREADS


@pytest.fixture
def server(tmp_path, threads):
    with serving(
        tmp_path, threads=threads, HOCTAP_THREADS=str(threads), HOCTAP_STATEMENT_TIMEOUT="100"
    ) as address:
        yield address


def at_once(count: int, act: Callable[[], tuple]) -> list[Future]:
    people = ThreadPoolExecutor(count)
    asked = [people.submit(act) for _ in range(count)]
    people.shutdown(wait=False)
    return asked


@pytest.mark.parametrize(("threads", "read", "wait"), [(8, 4, 2), (web.THREADS, 6, 16)])
def test_readers_that_hang_never_keep_a_report_from_being_sent(server, client, story, read, wait):
    """A hundred look at a consolidation that cannot be read meanwhile; whoever has no room is told to come again."""
    desk, leader = story.cast.pgd_officer.user, story.cast.p1_leader.user
    client.force_login(leader)
    path = f"/bao-cao/{story.p1.pk}/gui/"
    form = {**form_of(client, story.p1.pk), "c28": "4", "csrfmiddlewaretoken": token(client)}
    readers = type(client)()
    readers.force_login(desk)
    with held("rollup_fold"):
        asked = at_once(CROWD, lambda: ask(server, readers, f"/tong-hop/{story.root.pk}/"))
        eventually(lambda: sum(one.done() for one in asked) >= CROWD - read - wait)
        assert ask(server, client, path, form)[0] == 302
        assert sum(not one.done() for one in asked) >= read  # they hung all the while
    answers = [one.result() for one in asked]
    assert Revision.objects.count() == ReportEntry.objects.count() == 1
    refused = [(headers["Retry-After"], text) for status, headers, text in answers if status == 503]
    given = [status for status, *_ in answers if status == 200]
    assert len(given) >= read and len(given) + len(refused) == CROWD
    assert len(refused) >= CROWD - read - wait
    for seconds, text in refused:
        assert SOON <= int(seconds) <= LATER and f'content="{seconds}"' in text
        assert "nhường chỗ cho việc gửi báo cáo" in text


def test_sixteen_who_open_a_page_in_the_same_moment_all_see_it(server, client, story):
    client.force_login(story.cast.pgd_officer.user)
    asked = at_once(16, lambda: ask(server, client, f"/tong-hop/{story.root.pk}/"))
    assert [one.result()[0] for one in asked] == [200] * 16


def test_forty_who_send_the_same_form_at_once_leave_one_report(server, client, story):
    """They wait for one another with all connections to the database, and more of them wait for a connection."""
    client.force_login(story.cast.p1_leader.user)
    form = {**form_of(client, story.p1.pk), "c28": "4", "csrfmiddlewaretoken": token(client)}
    asked = at_once(40, lambda: ask(server, client, f"/bao-cao/{story.p1.pk}/gui/", form))
    assert [one.result()[0] for one in asked] == [302] * 40
    assert Revision.objects.count() == ReportEntry.objects.count() == 1


def test_forty_of_one_office_who_sign_in_in_the_same_moment_are_let_in(server, client, story):
    """One address, as an office behind its router has; seventeen names, some at two places."""
    User.objects.update(password=make_password(PASSWORD, hasher="argon2"))  # the server's own way
    names = list(User.objects.values_list("username", flat=True))
    client.get("/dang-nhap/")
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "password": PASSWORD}
    forms = iter([form | {"login": names[n % len(names)]} for n in range(40)])
    asked = at_once(40, lambda: ask(server, client, "/dang-nhap/", next(forms)))
    assert [one.result()[0] for one in asked] == [302] * 40


def test_a_hundred_at_the_door_in_the_same_moment_are_each_taken_once(server, client, cast):
    begun = clock.now() - timedelta(minutes=10)
    data = said("Tin học cho người lớn", "class.it", SessionData(begun), opening=Opening.UNIT)
    session = record_activity(seat=cast.p1_officer, host=cast.p1, data=data).sessions.get()
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    client.get(f"/d/{session.secret}/")
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "consented": "on"}
    forms = iter([form | {"name": f"Trần Văn {n}"} for n in range(CROWD)])
    asked = at_once(CROWD, lambda: ask(server, client, f"/d/{session.secret}/", next(forms)))
    assert [one.result()[0] for one in asked] == [200] * CROWD
    assert session.claims.count() == CROWD
