"""``hoctap worker``: the queued jobs; with ``--fold`` the roll-up's folding, too, in the same process."""

import argparse
import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from hoctap.cli.environment import add_data_argument, database
from hoctap.cli.folder import keep_folding

RESCUE = 30.0  # seconds between two looks for jobs whose worker was killed
LOST = 5.0  # seconds without a connection after which the database counts as lost

log = logging.getLogger("hoctap.worker")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fold", action="store_true", help="do the work of hoctap folder, too")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    with database(args.data, "worker"), _folding() if args.fold else nullcontext():
        asyncio.run(_work())
    return 0


@contextmanager
def _folding() -> Iterator[None]:
    """On a thread of its own meanwhile: less memory than a second process."""
    stopping = threading.Event()
    folder = threading.Thread(target=keep_folding, args=[stopping], name="fold")
    folder.start()
    try:
        yield
    finally:
        stopping.set()
        folder.join()


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
    from procrastinate.exceptions import ConnectorException

    while True:
        for job in await app.job_manager.get_stalled_jobs():
            try:
                await app.job_manager.retry_job(job)
                log.warning("job %s began in a worker that died: queued again", job.id)
            except ConnectorException:
                log.info("job %s was queued again by another worker", job.id)
        await asyncio.sleep(RESCUE)
