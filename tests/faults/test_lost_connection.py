"""A connection lost in the middle of sending, against the server as it runs: nothing is taken from half a request."""

import socket
from contextlib import closing
from urllib.parse import urlencode

import pytest

from hoctap.reports.models import Draft, Intake, Revision
from tests.faults.serving import serving
from tests.reports.screens import form_of
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path) as address:
        yield address


def post(server, client, path: str, body: bytes, kind: str, sent: int | None = None) -> bytes:
    """The answer's first line, after sending ``sent`` bytes of the body and hanging up."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nCookie: {cookies}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with closing(socket.create_connection(server, PATIENCE)) as line:
        line.sendall(head.encode() + body[:sent])
        line.shutdown(socket.SHUT_WR)
        answer = b""
        while more := line.recv(65536):
            answer += more
    return answer.split(b"\r\n", 1)[0]


@pytest.fixture
def leader(client, story):
    client.force_login(story.cast.p1_leader.user)
    return client


def test_half_a_report_is_no_report(server, leader, story):
    """Cut after the first figures: as a form it reads like a report with fewer lines."""
    path = f"/bao-cao/{story.p1.pk}/gui/"
    held = form_of(leader, story.p1.pk)
    fields = {
        "csrfmiddlewaretoken": leader.cookies["csrftoken"].value,
        **held,
        "c28": "4",
        "c29": "5",
        "kq": "x" * 2000,
    }
    body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    cut = body.index(b"&c29")
    assert b" 302 " not in post(server, leader, path, body, kind, cut)
    assert not Draft.objects.exists() and not Revision.objects.exists()
    assert b" 302 " in post(server, leader, path, body, kind)
    assert Revision.objects.get().figures[28:30] == [4, 5]


def test_half_an_upload_is_no_upload(server, client, story):
    client.force_login(story.cast.pgd_officer.user)
    path = f"/bao-cao/{story.root.pk}/nhan-nhieu-tep/"
    client.get(path)
    fields = {
        "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        "channel": "email",
        "received_at": "12/10/2023 15:00",
    }
    parts = [f'--cat\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    for name in ("p1.xlsx", "p2.xlsx"):
        parts.append(
            f'--cat\r\nContent-Disposition: form-data; name="sheets"; filename="{name}"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n{'PK' * 50_000}\r\n"
        )
    body, kind = ("".join(parts) + "--cat--\r\n").encode(), "multipart/form-data; boundary=cat"
    assert b" 302 " not in post(server, client, path, body, kind, len(body) - 40_000)
    assert not Intake.objects.exists()
    assert b" 302 " in post(server, client, path, body, kind)
    assert Intake.objects.get().files.count() == 2
