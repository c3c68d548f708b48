"""Work done in the background: dropped files one after another, exports, and reminders of deadlines."""

from procrastinate.contrib.django import app

from hoctap.reports import exports, reminders
from hoctap.reports import intake as intake_room
from hoctap.reports.models import Export, Intake


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


@app.task(queue="reports", retry=3, lock="export")  # one at a time: a second worker stays free for other work
def write_export(export_id: int) -> None:
    wanted = Export.objects.select_related("obligation__unit", "obligation__round", "seat__unit")
    export = wanted.filter(pk=export_id).first()
    if export:
        exports.write(export)


@app.periodic(cron="20 * * * *")
@app.task(queue="reports")
def drop_old_exports(timestamp: int) -> None:
    exports.drop_old()
