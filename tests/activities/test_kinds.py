"""Whatever the documents ask to be done can be recorded, and every cell of the form of plan 333 is fed by something."""

import csv
import json
from pathlib import Path

import pytest

from hoctap.activities.actions import record_activity
from hoctap.activities.enums import TrainingForm
from hoctap.activities.models import ActivityKind, Audience, Quantity, Topic
from hoctap.forms import library as form_library
from tests.activities.conftest import said

GOLD = Path(__file__).parent.parent / "gold/activities.tsv"
MEASURES = {"held", "people", "unit", "schools", "cost:state", "cost:other"}


def rows() -> list[dict]:
    with GOLD.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['document']}, {row['place']}")
def test_what_the_document_asks_for_can_be_recorded(week, cast, row):
    made = record_activity(
        seat=cast.p1_officer,
        host=cast.p1,
        data=said(
            row["words"],
            row["kind"],
            topic=Topic.objects.get(code=row["topic"]),
            audience=Audience.objects.get(code=row["audience"]) if row["audience"] else None,
            training_form=TrainingForm(row["training_form"]),
        ),
    )
    assert made.kind.code == row["kind"]


def form_cells() -> list[dict]:
    text = (Path(form_library.__path__[0]) / "tuan-le-2023.json").read_text(encoding="utf-8")
    return [cell for line in json.loads(text)["lines"] for cell in line.get("cells", [])]


def test_every_cell_that_is_not_computed_is_fed(db):
    fed = {code for kind in ActivityKind.objects.all() for code in kind.feeds}
    wanted = {cell["indicator"] for cell in form_cells() if "formula" not in cell}
    assert len(wanted) > 50
    assert wanted - fed == set()
    assert fed - {cell["indicator"] for cell in form_cells()} == set()


def test_each_line_of_the_form_names_its_kind(db):
    """The people and the number of one line come from the same kind, and a class is on one line only."""
    for kind in ActivityKind.objects.filter(family="class"):
        lines = {code.rpartition(".")[0] for code in kind.feeds if code.startswith("classes.")}
        assert lines == {"classes.all", f"classes.{kind.code.partition('.')[2]}"}, kind.code


def test_kinds_ask_for_what_exists_and_feed_by_known_measures(db):
    quantities = set(Quantity.objects.values_list("code", flat=True))
    for kind in ActivityKind.objects.all():
        assert set(kind.asks) <= quantities, kind.code
        measures = {measure for measure in kind.feeds.values() if not measure.startswith("quantity:")}
        counted = {
            measure.partition(":")[2] for measure in kind.feeds.values() if measure.startswith("quantity:")
        }
        assert measures <= MEASURES, kind.code
        assert counted <= set(kind.asks), kind.code
