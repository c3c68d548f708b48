"""Publishing form versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from hoctap.forms.definition import parse_definition
from hoctap.forms.models import Form, FormVersion
from hoctap.forms.spec import Cell, FormSpec, Line
from hoctap.indicators.enums import Addition
from hoctap.indicators.models import Indicator
from hoctap.kernel.errors import Refusal
from hoctap.kernel.journal import record
from hoctap.orgs.models import Seat
from hoctap.orgs.roles import EDIT_FORM
from hoctap.orgs.rules import require


def publish_version(*, seat: Seat | None, definition: Mapping[str, Any]) -> FormVersion:
    """Publish one version of a form; ``seat`` is None when Hoctap brings its own form library.

    The same definition again gives the version already there. A version number stands for one definition for
    ever: old rounds keep theirs, so a changed form takes the next number. Indicators that the cells name are
    entered in the catalogue; one that is there already must have the same unit of measure.
    """
    if seat is not None:
        require(seat, EDIT_FORM)
    spec = parse_definition(definition)
    with transaction.atomic():
        form, _ = Form.objects.get_or_create(code=spec.code, defaults={"name": spec.name})
        form = Form.objects.select_for_update().get(pk=form.pk)
        same = form.versions.filter(digest=spec.digest).first()
        if same:
            return same
        _refuse_used_number(form, spec)
        for line in spec.lines:
            for cell in line.cells:
                _enter_indicator(line, cell)
        version = form.versions.create(number=spec.version, definition=dict(definition), digest=spec.digest)
        record("form.publish", version, seat=seat, code=spec.code, number=spec.version, digest=spec.digest)
    return version


def _refuse_used_number(form: Form, spec: FormSpec) -> None:
    newest = form.versions.order_by("-number").first()
    if newest and spec.version <= newest.number:
        raise Refusal(
            f"Biểu “{form.name}” đã có bản {newest.number}, nội dung khác bản này. Bản đã công bố không sửa được;"
            f" đặt số bản là {newest.number + 1} rồi công bố."
        )


def _enter_indicator(line: Line, cell: Cell) -> None:
    wanted = {
        "name": f"{line.label.rstrip(':')} ({cell.measure})"[:300],
        "unit_of_measure": cell.measure,
        "addition": Addition.UNIT_COUNT if cell.value == "unit_count" else Addition.SUM,
    }
    indicator, _ = Indicator.objects.get_or_create(code=cell.indicator, defaults=wanted)
    if (indicator.unit_of_measure, indicator.addition) != (cell.measure, wanted["addition"]):
        raise Refusal(
            f"Dòng {line.number} ghi theo “{cell.measure}”, nhưng chỉ tiêu {cell.indicator} đã có đơn vị tính"
            f" “{indicator.unit_of_measure}”. Dùng đúng đơn vị tính đó, hoặc đặt mã chỉ tiêu khác."
        )
