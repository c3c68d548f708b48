"""The outbox is emptied every minute."""

from procrastinate.contrib.django import app

from hoctap.notify.actions import drain_outbox

BATCH = 50


@app.periodic(cron="* * * * *")
@app.task(queue="mail", queueing_lock="drain-outbox")
def drain(timestamp: int) -> None:
    while drain_outbox(BATCH) == BATCH:
        pass
