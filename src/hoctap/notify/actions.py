"""Telling units, reading what was told, and sending the letters in the outbox."""

import json
import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Max

from hoctap.kernel import clock
from hoctap.kernel.clock import DatabaseNow
from hoctap.kernel.planned import planned_cursor
from hoctap.notify.models import Letter, Notice, NoticeRead
from hoctap.orgs.models import Seat, Unit

MAX_ATTEMPTS = 20  # with the waits below: about four days, as mail servers themselves keep trying
LONGEST_WAIT = timedelta(hours=6)
log = logging.getLogger("hoctap.notify")


@dataclass(frozen=True)
class Told:
    """One notice for a unit and, with ``email``, one letter to its address and to each who sits there today.

    The same ``dedupe`` tells one unit once. ``url`` is a path within Hoctap.
    """

    unit: Unit
    kind: str
    text: str
    url: str = ""
    dedupe: str | None = None
    email: bool = True


def tell(**told: Any) -> None:
    """One ``Told``, by its fields. Part of the caller's transaction."""
    tell_all([Told(**told)])


def tell_all(told: Iterable[Told]) -> None:
    """Many at once, in one statement. Part of the caller's transaction."""
    rows = [_row(one) for one in told]
    with planned_cursor() as cursor:
        cursor.execute(_TELL, [json.dumps(rows), clock.today()])


# A notice gets its id before it is written, so that its letters can name it.
_TELL = """
WITH given AS MATERIALIZED (
  SELECT nextval(pg_get_serial_sequence('notify_notice', 'id')) AS id, g.*
  FROM jsonb_to_recordset(%s::jsonb) AS g(
    unit_id bigint, kind text, text text, url text, dedupe text, email boolean, subject text, body text)
),
notice AS (
  INSERT INTO notify_notice (id, unit_id, kind, text, url, dedupe_key)
  SELECT id, unit_id, kind, text, url, dedupe FROM given
  ON CONFLICT (unit_id, dedupe_key) DO NOTHING RETURNING id
),
address AS (
  SELECT DISTINCT ON (g.id, lower(a.email)) g.id, g.subject, g.body, a.email, a.place
  FROM notice n JOIN given g ON g.id = n.id AND g.email
  CROSS JOIN LATERAL (
    SELECT u.email, 0 AS place FROM orgs_unit u WHERE u.id = g.unit_id
    UNION ALL
    SELECT p.email, s.id FROM orgs_seat s JOIN people_user p ON p.id = s.user_id
    WHERE s.unit_id = g.unit_id AND s.valid @> %s::date AND p.is_active
  ) a
  WHERE a.email <> '' ORDER BY g.id, lower(a.email), a.place
)
INSERT INTO notify_letter ("to", subject, body, dedupe_key, attempts, error)
SELECT email, subject, body, format('notice-%%s-%%s', id, row_number() OVER (PARTITION BY id ORDER BY place) - 1), 0, ''
FROM address ORDER BY id, place
"""


def _row(told: Told) -> dict[str, Any]:
    text = " ".join(told.text.split())
    return {
        "unit_id": told.unit.pk, "kind": told.kind, "text": _cut(text, 400), "url": told.url, "dedupe": told.dedupe,
        "email": told.email, "subject": _cut(f"[Hoctap] {text}", 160), "body": _body(told.unit, text, told.url),
    }  # fmt: skip


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _body(unit: Unit, text: str, url: str) -> str:
    where = f"\n\nXem trong Hoctap: {settings.SITE_URL}{url}" if url else ""
    return f"Kính gửi {unit.name},\n\n{text}{where}\n\nThư này do Hoctap gửi tự động, xin không trả lời.\n"


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
    server = get_connection(settings.OUTBOX_BACKEND)
    try:
        server.open()
    except OSError as error:
        log.warning("mail server does not answer: %s", error)
        return 0
    sent = 0
    try:
        for _ in range(limit):
            went = _send_next(server)
            if went is None:
                break
            sent += went
    finally:
        server.close()
    return sent


def _waiting():
    return Letter.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS, try_at__lte=DatabaseNow()).order_by(
        "id"
    )


@transaction.atomic
def _send_next(server: BaseEmailBackend) -> bool | None:
    """Whether the next letter went; None when nothing waits or the connection is lost."""
    letter = _waiting().select_for_update(skip_locked=True).first()
    if letter is None:
        return None
    letter.attempts += 1
    try:
        _message(letter, server).send()
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


def _message(letter: Letter, server: BaseEmailBackend) -> EmailMessage:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<hoctap-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S%f}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(letter.subject, letter.body, to=[letter.to], headers=headers, connection=server)
