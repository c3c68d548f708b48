"""Work done in the background: dropped files one after another, and reminders of deadlines."""

from procrastinate.contrib.django import app

from hoctap.reports import intake as intake_room
from hoctap.reports import reminders
from hoctap.reports.models import Intake


@app.task(queue="reports", retry=3)
def take_intake(intake_id: int) -> None:
    intake = Intake.objects.select_related("round__form_version", "seat__unit", "seat__user").get(
        pk=intake_id
    )
    while intake_room.take_next(intake):
        pass


@app.periodic(
    cron="0 1-10 * * *"
)  # each hour from 08:00 to 17:00 in Vietnam: a machine switched on later too
@app.task(queue="reports")
def remind_of_deadlines(timestamp: int) -> None:
    reminders.remind_due()
