"""The outbox against a mail server on a socket: nothing lost, nothing the server took sent again."""

import threading
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

from hoctap.kernel import clock
from hoctap.notify.actions import MAX_ATTEMPTS, drain_outbox
from hoctap.notify.models import Letter
from tests.notify.mailserver import MailServer, mail_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def server(settings) -> MailServer:
    settings.OUTBOX_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.DEFAULT_FROM_EMAIL = "Hoctap <hoctap@quan3.vn>"
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        yield server


def _write(count: int) -> None:
    for n in range(count):
        Letter.objects.create(
            to=f"p{n}@example.vn", subject=f"Nhắc gửi báo cáo {n}", body="Đến hạn", dedupe_key=f"k{n}"
        )


def _taken(server: MailServer) -> list[str]:
    return [str(letter["To"]) for letter in server.letters]


def _all(count: int) -> list[str]:
    return [f"p{n}@example.vn" for n in range(count)]


def test_a_batch_goes_over_one_connection_in_vietnamese(server: MailServer):
    _write(3)
    assert drain_outbox() == 3
    assert drain_outbox() == 0
    assert _taken(server) == _all(3)
    assert server.connections == 1
    letter = server.letters[0]
    assert (letter["Subject"], letter["From"]) == ("Nhắc gửi báo cáo 0", "Hoctap <hoctap@quan3.vn>")
    assert letter.get_content().strip() == "Đến hạn"
    assert not Letter.objects.filter(sent_at=None).exists()


def test_without_a_mail_server_letters_stay(settings):
    assert settings.EMAIL_HOST == ""
    _write(2)
    assert drain_outbox() == 0
    assert Letter.objects.filter(sent_at=None, attempts=0).count() == 2


def test_a_limit_is_kept(server: MailServer):
    _write(5)
    assert [drain_outbox(2), drain_outbox(2), drain_outbox(2)] == [2, 2, 1]
    assert _taken(server) == _all(5)


def test_a_process_killed_in_the_middle_loses_and_doubles_nothing(server: MailServer, monkeypatch):
    """Killed before the third letter leaves: the two taken are marked, the rest waits for the next process."""
    _write(5)
    send, seen = EmailMessage.send, []

    def killed(self, *args, **kwargs):
        seen.append(self)
        if len(seen) == 3:
            raise SystemExit
        return send(self, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", killed)
    with pytest.raises(SystemExit):
        drain_outbox()
    assert (
        list(Letter.objects.exclude(sent_at=None).values_list("to", flat=True)) == _taken(server) == _all(2)
    )

    monkeypatch.undo()
    assert drain_outbox() == 3
    assert _taken(server) == _all(5)


def test_killed_between_the_servers_yes_and_our_commit_sends_again_under_the_same_id(server, monkeypatch):
    _write(2)
    send = EmailMessage.send

    def killed_after(self, *args, **kwargs):
        send(self, *args, **kwargs)
        raise SystemExit

    monkeypatch.setattr(EmailMessage, "send", killed_after)
    with pytest.raises(SystemExit):
        drain_outbox()
    monkeypatch.undo()
    assert drain_outbox() == 2
    assert _taken(server) == ["p0@example.vn", *_all(2)]
    ids = [letter["Message-ID"] for letter in server.letters]
    assert ids[0] == ids[1] != ids[2]


def test_a_server_that_hangs_up_gets_the_rest_later(server: MailServer):
    _write(4)
    server.hang_up_after = 2
    assert drain_outbox() == 2
    assert server.connections == 1
    waiting = Letter.objects.filter(sent_at=None).order_by("id")
    assert [letter.attempts for letter in waiting] == [1, 0]
    server.hang_up_after = None
    assert drain_outbox() == 1  # the one it hung up on waits out its pause
    with _later(3):
        assert drain_outbox() == 1
    assert sorted(_taken(server)) == _all(4)


def test_a_refused_address_holds_up_nobody_and_is_tried_ever_more_seldom(server: MailServer):
    _write(3)
    server.refuse = {"p1@example.vn"}
    assert drain_outbox() == 2
    letter = Letter.objects.get(sent_at=None)
    assert "550" in letter.error and "no such mailbox" in letter.error
    assert letter.attempts == 1
    assert drain_outbox() == 0
    with _later(3):
        drain_outbox()
    letter.refresh_from_db()
    assert letter.attempts == 2
    with _later(5):
        drain_outbox()  # the second pause is four minutes, from the second attempt
    letter.refresh_from_db()
    assert letter.attempts == 2
    server.refuse = set()
    with _later(8):
        assert drain_outbox() == 1
    assert Letter.objects.get(pk=letter.pk).error == ""


def test_after_enough_attempts_a_letter_is_left_alone(server: MailServer):
    _write(1)
    Letter.objects.update(attempts=MAX_ATTEMPTS)
    assert drain_outbox() == 0
    assert server.connections == 0


def test_no_answer_from_the_server_costs_no_attempt(server: MailServer, settings):
    _write(1)
    server.shutdown()
    server.server_close()
    assert drain_outbox() == 0
    assert Letter.objects.get().attempts == 0


def test_two_processes_share_the_work(server: MailServer):
    _write(20)
    counts: list[int] = []

    def drain() -> None:
        try:
            counts.append(drain_outbox())
        finally:
            connection.close()

    threads = [threading.Thread(target=drain) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 20
    assert sorted(_taken(server)) == sorted(_all(20))


def test_mail_of_libraries_joins_the_outbox_and_the_transaction(settings):
    mail = EmailMessage("Đặt lại mật khẩu", "Bấm vào đây", to=["a@example.vn", "b@example.vn"])
    mail.connection = get_connection("hoctap.notify.backend.OutboxBackend")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        mail.send()
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert mail.send() == 1
    assert sorted(Letter.objects.values_list("to", "subject")) == [
        ("a@example.vn", "Đặt lại mật khẩu"),
        ("b@example.vn", "Đặt lại mật khẩu"),
    ]


def test_the_job_empties_the_outbox_batch_by_batch(server: MailServer, monkeypatch):
    from hoctap.notify import jobs

    monkeypatch.setattr(jobs, "BATCH", 2)
    _write(5)
    jobs.drain(timestamp=0)
    assert _taken(server) == _all(5)


def _later(minutes: int):
    return clock.frozen(clock.now() + timedelta(minutes=minutes))
