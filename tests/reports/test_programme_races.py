"""Two at one document at the same moment: it is read once, its programme issued once."""

import pytest

from hoctap.directives import actions
from hoctap.directives.models import Reading
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Round
from hoctap.reports import programmes
from tests.cast import make_cast
from tests.reports.test_programme_edges import begun, laid, registered
from tests.reports.test_races import overlap

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_clicks_on_a_document_read_it_once():
    cast = make_cast()
    directive = registered(cast)

    def click():
        return actions.begin_reading(seat=cast.q3_leader, directive=directive)

    first, second = overlap(click, click)
    assert first == second == Reading.objects.get()


def test_two_who_issue_at_once_make_one_programme():
    cast = make_cast()
    reading = laid(cast.pgd_officer, begun(cast.pgd_officer))

    def issue():
        return programmes.issue(seat=cast.pgd_leader, reading=reading)

    _made, refused = overlap(issue, issue)
    assert isinstance(refused, Refusal) and "đã ban hành" in refused.message
    assert Round.objects.count() == 1
