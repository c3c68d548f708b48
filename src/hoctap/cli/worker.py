"""``hoctap worker``: the queued jobs and the roll-up's folding, in one process."""

import argparse
import asyncio
import logging
import threading
from collections.abc import Callable

from hoctap.cli.environment import add_data_argument, database

BUSY, IDLE = 0.25, 1.0  # seconds between two looks for something to fold
RESCUE = 30.0  # seconds between two looks for jobs whose worker was killed
LOST = 5.0  # seconds without a connection after which the database counts as lost

log = logging.getLogger("hoctap.worker")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    with database(args.data, "worker"):
        from hoctap.rollup.actions import fold_busy_rounds

        stopping = threading.Event()
        folder = threading.Thread(target=_fold, args=[fold_busy_rounds, stopping], name="fold")
        folder.start()
        try:
            asyncio.run(_work())
        finally:
            stopping.set()
            folder.join()
    return 0


async def _work() -> None:
    """Jobs until SIGINT or SIGTERM; a lost database ends the process, and its supervisor starts it anew."""
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app, connector_params

    with app.replace_connector(PsycopgConnector(kwargs=connector_params(), timeout=LOST)) as working:
        async with working.open_async():
            rescue = asyncio.create_task(_rescue(working))
            try:
                await working.run_worker_async(concurrency=2, shutdown_graceful_timeout=10)
            finally:
                rescue.cancel()


async def _rescue(app) -> None:
    """Queue again what a killed worker had begun: jobs are written to bear being run twice."""
    while True:
        for job in await app.job_manager.get_stalled_jobs():
            log.warning("job %s began in a worker that died: queued again", job.id)
            await app.job_manager.retry_job(job)
        await asyncio.sleep(RESCUE)


def _fold(fold_busy_rounds: Callable[[], int], stopping: threading.Event) -> None:
    from django.db import close_old_connections, connection

    pause = IDLE
    while not stopping.wait(pause):
        close_old_connections()
        try:
            pause = BUSY if fold_busy_rounds() else IDLE
        except Exception:
            log.exception("folding failed, tried again shortly")
            connection.close()
            pause = 2 * IDLE
    connection.close()
