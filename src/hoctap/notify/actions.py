"""Telling units, reading what was told, and sending the letters in the outbox."""

import logging
import smtplib
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max

from hoctap.kernel import clock
from hoctap.kernel.clock import DatabaseNow
from hoctap.notify.models import Letter, Notice, NoticeRead
from hoctap.orgs.models import Seat, Unit

MAX_ATTEMPTS = 20  # with the waits below: about four days, as mail servers themselves keep trying
LONGEST_WAIT = timedelta(hours=6)
log = logging.getLogger("hoctap.notify")


@transaction.atomic
def tell(
    *, unit: Unit, kind: str, text: str, url: str = "", dedupe: str | None = None, email: bool = True
) -> None:
    """One notice for the unit and, with ``email``, one letter to its address and to each who sits there today.

    The same ``dedupe`` tells one unit once. ``url`` is a path within Hoctap. Part of the caller's transaction.
    """
    text = " ".join(text.split())
    told = {"kind": kind, "text": _cut(text, 400), "url": url}
    if dedupe is None:
        notice = Notice.objects.create(unit=unit, **told)
    else:
        notice, fresh = Notice.objects.get_or_create(unit=unit, dedupe_key=dedupe, defaults=told)
        if not fresh:
            return
    if email:
        body = _body(unit, text, url)
        Letter.objects.bulk_create(
            Letter(
                to=to, subject=_cut(f"[Hoctap] {text}", 160), body=body, dedupe_key=f"notice-{notice.pk}-{n}"
            )
            for n, to in enumerate(_addresses(unit))
        )


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _body(unit: Unit, text: str, url: str) -> str:
    where = f"\n\nXem trong Hoctap: {settings.SITE_URL}{url}" if url else ""
    return f"Kính gửi {unit.name},\n\n{text}{where}\n\nThư này do Hoctap gửi tự động, xin không trả lời.\n"


def _addresses(unit: Unit) -> list[str]:
    seats = unit.seats.filter(valid__contains=clock.today(), user__is_active=True).order_by("pk")
    addresses = [unit.email, *seats.values_list("user__email", flat=True)]
    return list({a.lower(): a for a in reversed(addresses) if a}.values())[::-1]


@transaction.atomic
def mark_read(*, seat: Seat, up_to: int) -> None:
    """The seat has read its unit's notices up to this id; never moves back, nor beyond what is there."""
    newest = Notice.objects.filter(unit=seat.unit_id, pk__lte=up_to).aggregate(Max("pk"))["pk__max"]
    if newest:
        NoticeRead.objects.get_or_create(seat=seat)
        NoticeRead.objects.filter(seat=seat, last_notice_id__lt=newest).update(last_notice_id=newest)


def drain_outbox(limit: int = 50) -> int:
    """Send up to ``limit`` waiting letters over one connection; how many went.

    Each letter is locked, sent and marked in its own transaction: stopped anywhere, what the mail server took
    stays marked and the rest waits. Only a stop between the server's yes and our commit sends a letter twice
    (at least once; both carry one Message-ID). Without a mail server the letters stay in the outbox.
    """
    if not settings.EMAIL_HOST or not _waiting().exists():
        return 0
    connection = get_connection(settings.OUTBOX_BACKEND)
    try:
        connection.open()
    except OSError as error:
        log.warning("mail server does not answer: %s", error)
        return 0
    sent = 0
    try:
        for _ in range(limit):
            went = _send_next(connection)
            if went is None:
                break
            sent += went
    finally:
        connection.close()
    return sent


def _waiting():
    return Letter.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS, try_at__lte=DatabaseNow()).order_by(
        "id"
    )


@transaction.atomic
def _send_next(connection: BaseEmailBackend) -> bool | None:
    """Whether the next letter went; None when nothing waits or the connection is lost."""
    letter = _waiting().select_for_update(skip_locked=True).first()
    if letter is None:
        return None
    letter.attempts += 1
    try:
        _message(letter, connection).send()
    except (OSError, ValueError) as error:
        wait = min(timedelta(minutes=2 ** min(letter.attempts, 10)), LONGEST_WAIT)
        letter.error = f"{type(error).__name__}: {error}"[:250]
        letter.try_at = DatabaseNow() + wait
        letter.save(update_fields=["attempts", "error", "try_at"])
        log.warning("letter %s not sent, attempt %s", letter.pk, letter.attempts)
        return None if _is_lost(error) else False
    letter.sent_at, letter.error = DatabaseNow(), ""
    letter.save(update_fields=["attempts", "error", "sent_at"])
    return True


def _is_lost(error: Exception) -> bool:
    """Whether the connection is gone, rather than this letter refused (every SMTP error is an OSError too)."""
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def _message(letter: Letter, connection: BaseEmailBackend) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<hoctap-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S%f}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers, connection=connection)
