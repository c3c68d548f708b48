"""After a restore: transaction ids of another server mean nothing here, so folding starts over."""

import logging

from django.db import DatabaseError, connection, transaction

from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.rollup.actions.folding import fold_locked
from hoctap.rollup.models import DatabaseIdentity
from hoctap.rollup.sql import NOTHING_FOLDED

log = logging.getLogger("hoctap.rollup")

_ASK = "SELECT system_identifier FROM pg_control_system()"


@transaction.atomic
def refold_all() -> int:
    """Empty the folds, give every entry transaction id 3, fold all again, and remember this server.

    Who is late or awaited is told anew as the obligations say it now.

    One transaction: readers see the old state or the new one. Returns the number of entries folded.
    """
    total = 0
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE rollup_watermark IN EXCLUSIVE MODE")  # no fold, no move meanwhile
        cursor.execute(
            "INSERT INTO rollup_watermark (round_id, snapshot, folded)"
            f" SELECT id, '{NOTHING_FOLDED}', 0 FROM obligations_round ON CONFLICT (round_id) DO NOTHING"
        )
        cursor.execute("DELETE FROM rollup_fold")
        cursor.execute("DELETE FROM rollup_duecount")
        cursor.execute("DELETE FROM rollup_duechange")
        cursor.execute("UPDATE reports_reportentry SET xid = '3' WHERE xid <> '3'")
        cursor.execute(
            "INSERT INTO rollup_duechange (round_id, obligation_id, xid, overdue_at, units)"
            " SELECT round_id, id, '3'::xid8, overdue_at, 1 FROM obligations_obligation WHERE overdue_at IS NOT NULL"
            " UNION ALL SELECT round_id, id, '3'::xid8, NULL, 1 FROM obligations_obligation WHERE is_late"
        )
        cursor.execute(
            "UPDATE rollup_watermark SET snapshot = %s, folded = 0 RETURNING round_id", [NOTHING_FOLDED]
        )
        for (round_id,) in cursor.fetchall():
            total += fold_locked(cursor, round_id, NOTHING_FOLDED)
    remember_system_identifier()
    journal.record("rollup.refold", entries=total)
    return total


def remember_system_identifier() -> None:
    """Store which server the transaction ids in this database come from."""
    here = _system_identifier()
    if here is not None:
        DatabaseIdentity.objects.update_or_create(pk=1, defaults={"system_identifier": here})


def check_system_identifier() -> None:
    """Refuse to serve a database that was copied from another server and not folded anew.

    A database met for the first time is remembered.
    """
    here = _system_identifier()
    if here is None:
        return
    known = DatabaseIdentity.objects.filter(pk=1).values_list("system_identifier", flat=True).first()
    if known is None:
        remember_system_identifier()
    elif known != here:
        raise Refusal(
            "Cơ sở dữ liệu này được chép từ một máy chủ PostgreSQL khác, nên số cộng dồn chưa dùng được. "
            "Nạp lại bằng `hoctap restore`, hoặc chạy `hoctap check --refold` một lần rồi mở lại. "
            "Báo cáo và bản đã ký không bị ảnh hưởng."
        )


def _system_identifier() -> int | None:
    """None when the database account may not ask: then nothing can be guarded, and the log says so."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ASK)
            return cursor.fetchone()[0]
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":  # insufficient_privilege
            raise
        log.warning("the database account may not read pg_control_system(): a copied database goes unnoticed")
        return None
