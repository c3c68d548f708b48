"""English is the reader's choice: the screen's words change, what is kept and what goes on paper does not."""

import io
import re

import openpyxl
import pytest
from django.conf import settings

from hoctap.kernel import clock
from hoctap.notify.models import Notice
from hoctap.orgs.enums import Role
from tests.pages import words_of
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db
_VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)


@pytest.fixture
def english(story, signed_in):
    def enter(seat):
        client = signed_in(seat)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    with clock.frozen(IN_TIME):
        yield enter


def cells_of(response) -> list:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def test_choices_and_acts_are_named_in_english(story, english):
    viewer = english(story.cast.q3_viewer)
    assert "Viewer, Ủy ban nhân dân Quận 3" in words_of(viewer.get("/"))
    assert "People's Committee" in words_of(viewer.get("/don-vi/"))
    roles = words_of(viewer.get("/tro-giup/vai-tro/"))
    for name in ("Officer", "Leader", "Clerk", "Enter reports that came another way"):
        assert name in roles
    officer = english(story.cast.pgd_officer)
    form = words_of(officer.get(f"/bao-cao/{story.root.pk}/giao-xuong/"))
    assert all(word in form for word in ("before", "by", "Assigned", "Encouraged"))
    refused = words_of(officer.get(f"/don-vi/{story.cast.pgd.code}/them/"))
    assert "Your seat may not do this: Edit units." in refused


def test_what_is_said_to_others_stays_vietnamese(story, english):
    english(story.cast.pgd_officer).post(f"/bao-cao/{story.root.pk}/nhac/")
    words = set(Notice.objects.values_list("text", flat=True))
    assert words and all(_VIETNAMESE.search(text) for text in words)
    leader = english(story.cast.p1_leader)
    in_english = cells_of(leader.get(f"/bao-cao/{story.p1.pk}/bieu.xlsx"))
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "vi"
    assert in_english == cells_of(leader.get(f"/bao-cao/{story.p1.pk}/bieu.xlsx"))


def test_vietnamese_is_what_a_browser_sold_in_english_gets(story, signed_in):
    client = signed_in(story.cast.q3_viewer)
    assert Role.VIEWER.label in words_of(client.get("/", headers={"accept-language": "en-US,en;q=0.9"}))
