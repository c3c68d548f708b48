"""Bản dữ liệu của một người as a file: for herself, or for the officer who hands it to her."""

from django.http import Http404, HttpResponse

from hoctap.activities import portability
from hoctap.desk.kept import saved
from hoctap.kernel.files import MEDIA
from hoctap.orgs.models import Seat
from hoctap.people.models import Person

_WRITERS = {
    "json": (portability.as_json, "application/json; charset=utf-8"),
    "xlsx": (portability.as_workbook, MEDIA["xlsx"]),
}


def handed_over(person: Person, kind: str, seat: Seat | None) -> HttpResponse:
    """As ``kind``, json or xlsx; 404 for another. It is kept in the journal, so it is asked for by POST."""
    if kind not in _WRITERS:
        raise Http404
    write, media = _WRITERS[kind]
    data = write(portability.hand_over(seat=seat, person=person))
    return saved(data, f"du-lieu-{person.pk}.{kind}", media)
