"""From the signed total of plan 333's report to a photo of one class, by the links on the pages, in four clicks."""

import re
from html import unescape

import pytest

from hoctap.activities.enums import EvidenceKind
from hoctap.activities.models import Evidence
from hoctap.cli.demo.figures import position
from hoctap.cli.demo.play import whole_story
from hoctap.cli.demo.script import moment
from hoctap.kernel import clock
from hoctap.people.models import Person
from hoctap.reports.models import Counted
from hoctap.rollup.models import Snapshot
from tests.pages import sign_in, words_of

pytestmark = pytest.mark.django_db(transaction=True)


def follow(client, page, text: str):
    """The page behind the first link whose words hold ``text``."""
    links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.content.decode(), re.DOTALL)
    href = next(
        unescape(h)
        for h, inner in links
        if text in unescape(" ".join(re.sub(r"<[^>]+>", " ", inner).split()))
    )
    answer = client.get(href if href.startswith("/") else page.request["PATH_INFO"] + href)
    assert answer.status_code == 200, href
    return answer


def test_one_number_from_the_signed_total_to_a_photo(client):
    story = whole_story(0)
    people = position(story.spec, "1.7", "people")
    snapshot = Snapshot.objects.get(signed_at__isnull=False)
    reader = story.world.seats["lanhdao.ubnd"]  # to whom the signed report was sent
    with clock.frozen(moment("17/10 09:00")):
        sign_in(client, reader)
        paper = client.get(f"/tong-hop/{story.root.pk}/ban/{snapshot.number}/")
        signed = f"{snapshot.sums[people]:,}".replace(",", ".")
        figure = follow(client, paper, signed)  # 1
        live = f"{snapshot.sums[people] + 24:,}".replace(",", ".")  # with the amendment after the signing
        assert signed in words_of(figure) and live in words_of(figure)
        unit = follow(client, figure, "UBND Phường Võ Thị Sáu")  # 2
        assert "3. Hoạt động" in words_of(unit)
        activity = follow(client, unit, "Lớp Phòng tránh đuối nước")  # 3
        page = words_of(activity)
        assert "Công đoàn cơ sở Trường THCS số 1 (minh họa)" in page and "Phường Võ Thị Sáu" in page
        photo = Evidence.objects.get(activity=story.shared, kind=EvidenceKind.PHOTO)
        address = f"/hoat-dong/{story.shared.pk}/minh-chung/{photo.pk}/"
        assert f'href="{address}"' in activity.content.decode()
        picture = client.get(address)  # 4
        assert picture.status_code == 200 and picture["Content-Type"] == "image/jpeg"
        assert b"".join(picture.streaming_content if picture.streaming else [picture.content]).startswith(
            b"\xff\xd8"
        )

        # Names stay with the units that held it: no page on this way has shown one.
        names = set(Person.objects.values_list("full_name", flat=True))
        assert names and not [name for name in names if name in page or name in words_of(unit)]

        # A neighbour ward sees neither the activity nor its photo.
        sign_in(client, story.world.officer("p2-q3"))
        assert client.get(f"/hoat-dong/{story.shared.pk}/").status_code == 404
        assert client.get(address).status_code == 404

    # The class that union and ward held together counts at the ward alone, and the union's page says so.
    [counted] = Counted.objects.filter(activity=story.shared).select_related("obligation__unit")
    assert counted.obligation.unit.code == "vothisau-q3"
    with clock.frozen(moment("17/10 09:00")):
        sign_in(client, story.world.officer("ldld-q3"))
        page = words_of(client.get(f"/bao-cao/{story.owed['ldld-q3'].pk}/hoat-dong/"))
        assert "Lớp Phòng tránh đuối nước" in page and "Đã tính tại UBND Phường Võ Thị Sáu" in page
