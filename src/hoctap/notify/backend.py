"""Django's mail door: whatever a library sends (a forgotten password) joins the outbox like every other letter."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from hoctap.notify.models import Letter


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        Letter.objects.bulk_create(
            Letter(
                to=to, subject=str(m.subject)[:250], body=str(m.body), dedupe_key=f"mail-{uuid.uuid4().hex}"
            )
            for m in email_messages
            for to in m.recipients()
        )
        return len(email_messages)
