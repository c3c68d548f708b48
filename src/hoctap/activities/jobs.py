"""By the clock: unfinished uploads are given up, people are reminded, old ids forgotten, activities counted."""

from datetime import timedelta

from procrastinate.contrib.django import app

from hoctap.activities import reckoning, tallies
from hoctap.activities.actions import telling
from hoctap.activities.actions.claims import forget_claims
from hoctap.activities.actions.evidence import drop_stale_uploads
from hoctap.kernel import clock, tries
from hoctap.kernel.models import Operation


@app.periodic(cron="20 3 * * *")
@app.task(queue="activities", queueing_lock="drop-stale-uploads")
def drop_stale(timestamp: int) -> None:
    drop_stale_uploads()


@app.periodic(cron="0 1,11 * * *")  # 8:00 and 18:00 in Vietnam; a letter is written once
@app.task(queue="activities", queueing_lock="remind-tomorrow")
def remind(timestamp: int) -> None:
    telling.remind_tomorrow()


@app.periodic(cron="40 3 * * *")
@app.task(queue="activities", queueing_lock="forget-operations")
def forget_operations(timestamp: int) -> None:
    """Ids of sendings that no phone still waits to send again; names typed at a door that no officer settled; tries."""
    forget_claims()
    tries.forget()
    Operation.objects.filter(at__lt=clock.now() - timedelta(days=Operation.DAYS)).delete()


@app.periodic(cron="25 * * * *")
@app.task(queue="activities", queueing_lock="count-activities")
def count_activities(timestamp: int) -> None:
    tallies.count_missing()


@app.task(queue="activities", lock="reckon", retry=3)
def reckon() -> None:
    reckoning.count_asked()


@app.periodic(cron="10 18 * * *")  # 1:10 at night in Vietnam
@app.task(queue="activities", lock="reckon", queueing_lock="reckon-again")
def reckon_again(timestamp: int) -> None:
    reckoning.count_again()
