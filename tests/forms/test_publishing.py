"""Form versions in the database."""

import copy
import json

import pytest

from hoctap.forms.actions import publish_version
from hoctap.forms.definition import library_form
from hoctap.forms.models import Form, FormVersion
from hoctap.forms.queries import latest_version, version_spec
from hoctap.indicators.enums import Addition
from hoctap.indicators.models import Indicator
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def definition() -> dict:
    return json.loads(library_form("tuan-le-2023").canonical)


def next_version(definition: dict) -> dict:
    changed = copy.deepcopy(definition)
    changed["version"] = 2
    changed["lines"][2]["label"] += " và tương đương"
    return changed


def test_a_published_version_is_read_back_as_it_was(cast, definition):
    version = publish_version(seat=cast.pgd_officer, definition=definition)
    spec = version_spec(version.pk)
    assert spec == library_form("tuan-le-2023")
    assert (spec.size, version.number, version.digest) == (56, 1, spec.digest)
    act = Act.objects.get(verb="form.publish")
    assert (act.seat_id, act.object_id) == (cast.pgd_officer.pk, version.pk)


def test_the_same_definition_again_is_the_same_version(cast, definition):
    first = publish_version(seat=cast.pgd_officer, definition=definition)
    again = publish_version(seat=None, definition=dict(reversed(definition.items())))
    assert again == first
    assert Act.objects.filter(verb="form.publish").count() == 1


def test_a_new_version_leaves_the_old_one_as_it_is(cast, definition):
    old = publish_version(seat=cast.pgd_officer, definition=definition)
    new = publish_version(seat=cast.pgd_officer, definition=next_version(definition))
    assert latest_version("tuan-le-htsd") == new
    old.refresh_from_db()
    assert version_spec(old.pk) == library_form("tuan-le-2023")
    assert version_spec(new.pk).line("1.1").label.endswith("tương đương")
    assert Form.objects.count() == 1


def test_a_published_number_is_never_used_for_another_content(cast, definition):
    publish_version(seat=cast.pgd_officer, definition=definition)
    changed = next_version(definition) | {"version": 1}
    with pytest.raises(Refusal, match="đặt số bản là 2"):
        publish_version(seat=cast.pgd_officer, definition=changed)
    assert FormVersion.objects.count() == 1


def test_who_may_not_edit_forms_publishes_nothing(cast, definition):
    with pytest.raises(Refusal, match="Soạn biểu mẫu"):
        publish_version(seat=cast.q3_viewer, definition=definition)
    assert not FormVersion.objects.exists()


def test_the_indicators_of_the_cells_enter_the_catalogue(cast, definition):
    publish_version(seat=cast.pgd_officer, definition=definition)
    assert Indicator.objects.count() == 56
    persons = Indicator.objects.get(code="classes.life-skills.persons")
    assert (persons.name, persons.unit_of_measure) == ("Giáo dục kỹ năng sống cho học sinh (người)", "người")
    assert persons.addition == Addition.SUM
    assert Indicator.objects.get(code="openings.districts").addition == Addition.UNIT_COUNT


def test_one_indicator_is_never_counted_in_two_units_of_measure(cast, definition):
    publish_version(seat=cast.pgd_officer, definition=definition)
    changed = next_version(definition)
    changed["lines"][-2]["cells"][0]["measure"] = "triệu đồng"
    with pytest.raises(Refusal, match=r"funds\.other-sources đã có đơn vị tính “đồng”"):
        publish_version(seat=cast.pgd_officer, definition=changed)
    assert FormVersion.objects.count() == 1


def test_no_version_of_an_unknown_form():
    assert latest_version("khong-co") is None
