"""Soạn văn bản: a draft whose text is written from its clauses."""

from dataclasses import replace

from django.db import transaction

from hoctap.directives import citing
from hoctap.directives.actions.entry import DirectiveData, edit_directive, register_directive
from hoctap.directives.composing import body
from hoctap.directives.composition import Composition, as_json
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Composed, Directive
from hoctap.forms.models import FormVersion
from hoctap.forms.queries import version_spec
from hoctap.kernel.errors import Refusal
from hoctap.orgs.models import Seat


@transaction.atomic
def compose(
    *,
    seat: Seat,
    data: DirectiveData,
    composition: Composition,
    form_version: FormVersion | None = None,
    directive: Directive | None = None,
    version: int = 0,
    implements: Directive | None = None,
) -> tuple[Directive, list[str]]:
    """The draft as composed, with warnings in words: a new one, or ``directive`` (its ``version``) composed anew.

    ``implements``: the document from above that a new one carries out.
    Of ``data`` the particulars count; kind, subject, issuer and text come from the composition.
    """
    _check(composition)
    form = version_spec(form_version.pk) if form_version else None
    data = replace(
        data, kind=composition.kind, subject=composition.subject, issuer=seat.unit, draft=True,
        body=body(composition, form),
    )  # fmt: skip
    bases = [replace(citing.read(line), is_basis=True) for line in composition.basis]
    if directive is None:
        made, warnings = register_directive(seat=seat, data=data, citations=bases)
        if implements and made.implements_id is None:
            made.implements = implements
            made.save(update_fields=["implements"])
    else:
        if directive.status != DirectiveStatus.DRAFT:
            raise Refusal(
                "Văn bản đã ban hành, không soạn lại được. Cần đổi nội dung thì soạn văn bản mới rồi ghi thay thế."
            )
        made, warnings = edit_directive(
            seat=seat, directive=directive, data=data, version=version, citations=bases
        )
    kept = {"content": as_json(composition), "form_version": form_version}
    Composed.objects.update_or_create(directive=made, defaults=kept)
    return made, warnings


def _check(made: Composition) -> None:
    """Whether it says anything to anybody."""
    if made.is_letter and not made.addressees:
        raise Refusal("Công văn chưa có nơi kính gửi. Ghi ít nhất một nơi ở ô Kính gửi.")
    if not (made.sections or made.assignments or made.deadlines or made.opening or made.targets):
        raise Refusal(
            "Văn bản chưa có nội dung. Ghi ít nhất một nội dung chung, một nơi được giao việc hoặc một thời hạn."
        )
    for number, given in enumerate(made.assignments, 1):
        if not given.assignees or not given.tasks:
            lacks = "việc" if given.assignees else "đơn vị"
            raise Refusal(f"Giao việc {number} chưa ghi {lacks}. Ghi thêm, hoặc bỏ trống cả hai ô để xóa.")
