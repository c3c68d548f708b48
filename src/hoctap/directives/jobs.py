"""Work in the background: letters made out in scans."""

from procrastinate.contrib.django import app

from hoctap.directives.actions import finish_reading
from hoctap.directives.models import Reading


@app.task(queue="directives", retry=3, lock="scan")  # one at a time: it takes a whole core
def read_scan(reading_id: int) -> None:
    reading = (
        Reading.objects.select_related("made_by__unit", "directive", "file").filter(pk=reading_id).first()
    )
    if reading:
        finish_reading(reading)
