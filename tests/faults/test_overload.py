"""More people than fit: reading gives way, sending goes through, and nothing of it is lost or doubled."""

import threading
import time

import pytest

from hoctap.desk.gate import LATER, SOON
from hoctap.reports.models import ReportEntry, Revision
from tests.faults.serving import serving
from tests.faults.test_too_slow import ask, held, token
from tests.reports.screens import form_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
THREADS = 8  # of them 3 may read, 2 wait


@pytest.fixture
def server(tmp_path):
    with serving(
        tmp_path, threads=THREADS, HOCTAP_THREADS=str(THREADS), HOCTAP_STATEMENT_TIMEOUT="9"
    ) as address:
        yield address


def test_readers_that_hang_never_keep_a_report_from_being_sent(server, client, story):
    """Twenty look at a consolidation that cannot be read meanwhile."""
    desk, leader = story.cast.pgd_officer.user, story.cast.p1_leader.user
    client.force_login(leader)
    path = f"/bao-cao/{story.p1.pk}/gui/"
    form = {**form_of(client, story.p1.pk), "c28": "4", "csrfmiddlewaretoken": token(client)}
    readers = type(client)()
    readers.force_login(desk)
    answers: list[tuple] = []

    def read() -> None:
        answers.append(ask(server, readers, f"/tong-hop/{story.root.pk}/"))

    with held("rollup_fold"):
        threads = [threading.Thread(target=read) for _ in range(20)]
        for thread in threads:
            thread.start()
        patience = time.monotonic() + 30
        while len(answers) < 20 - 5:  # the others have room, or wait for it
            assert time.monotonic() < patience
            time.sleep(0.05)
        assert ask(server, client, path, form)[0] == 302
        assert [thread.is_alive() for thread in threads].count(True) >= 3  # they hung all the while
    for thread in threads:
        thread.join()
    assert Revision.objects.count() == ReportEntry.objects.count() == 1
    refused = [(headers["Retry-After"], text) for status, headers, text in answers if status == 503]
    assert len(refused) >= 15
    for seconds, text in refused[:15]:
        assert SOON <= int(seconds) <= LATER and f'content="{seconds}"' in text
        assert "nhường chỗ cho việc gửi báo cáo" in text


def test_forty_who_send_the_same_form_at_once_leave_one_report(server, client, story):
    client.force_login(story.cast.p1_leader.user)
    form = {**form_of(client, story.p1.pk), "c28": "4", "csrfmiddlewaretoken": token(client)}
    answers: list[int] = []

    def send() -> None:
        answers.append(ask(server, client, f"/bao-cao/{story.p1.pk}/gui/", form)[0])

    threads = [threading.Thread(target=send) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 40
    assert Revision.objects.count() == ReportEntry.objects.count() == 1
