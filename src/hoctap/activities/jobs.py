"""Unfinished uploads are given up every night."""

from procrastinate.contrib.django import app

from hoctap.activities.actions.evidence import drop_stale_uploads


@app.periodic(cron="20 3 * * *")
@app.task(queue="activities", queueing_lock="drop-stale-uploads")
def drop_stale(timestamp: int) -> None:
    drop_stale_uploads()
