"""Work by the clock: the next rounds of what recurs."""

from procrastinate.contrib.django import app

from hoctap.obligations import recurring


@app.periodic(
    cron="5 * * * *"
)  # each hour, from just after midnight in Vietnam: a machine switched on later too
@app.task(queue="obligations")
def open_recurring(timestamp: int) -> None:
    recurring.open_due()
