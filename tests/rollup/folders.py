"""Folders beside the one under test: on their own connections, in threads or held half way."""

import threading
from collections.abc import Callable, Iterable

from django.db import connection

from hoctap.rollup.actions.folding import fold_locked, lock_watermark


class OtherFolder:
    """A folding transaction on another connection, from its lock on; fold, then commit or die."""

    def __init__(self, round_id: int):
        self.round_id = round_id
        self.connection = connection.copy()
        self.connection.set_autocommit(False)
        self.cursor = self.connection.cursor()
        self.old = lock_watermark(self.cursor, round_id)

    def __enter__(self) -> "OtherFolder":
        return self

    def __exit__(self, *failure: object) -> None:
        self.die()

    def fold(self) -> int:
        return fold_locked(self.cursor, self.round_id, self.old)

    def commit(self) -> None:
        self.connection.commit()
        self.connection.close()

    def die(self) -> None:
        """The process is gone: the server finds the connection closed."""
        self.connection.close()


def in_threads(jobs: Iterable[Callable[[], object]]) -> None:
    """Run all at once, each on its own connection; the first failure is raised here."""
    failures: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            job()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # what a transaction sees of others is kept else
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0
