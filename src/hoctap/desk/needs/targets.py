"""How a target of 100 % is counted: in words, and set by the unit whose document it is."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hoctap.activities.actions.measuring import set_measure
from hoctap.activities.enums import Family, Reached
from hoctap.activities.models import ActivityKind, Topic
from hoctap.activities.shares import BRIEFING, Learning
from hoctap.activities.targets import Measure, measure_of
from hoctap.desk.access import needs
from hoctap.desk.fields import choices
from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Target
from hoctap.orgs import roles
from hoctap.orgs.enums import HeadcountGroup


class MeasureForm(forms.Form):
    """Cách tính một chỉ tiêu."""

    reached = forms.ChoiceField(label=gettext_lazy("Đếm gì"), widget=forms.RadioSelect)
    where_needed = forms.BooleanField(
        label=gettext_lazy("Bỏ ra các đơn vị đã ghi “không có nhu cầu”"), required=False
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Nhóm người (khi đếm người)"), widget=forms.CheckboxSelectMultiple, required=False
    )
    families = forms.MultipleChoiceField(
        label=gettext_lazy("Loại hoạt động được tính"), widget=forms.CheckboxSelectMultiple, required=False
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("Chỉ các chủ đề này (không chọn là mọi chủ đề)"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reached"].choices = choices(Reached)
        self.fields["groups"].choices = choices(HeadcountGroup)
        singles = ActivityKind.objects.filter(code__in=(BRIEFING, *_CONTESTS)).order_by("order")
        self.fields["families"].choices = [
            *choices(Family),
            *((kind.code, _(kind.name)) for kind in singles),
        ]
        self.fields["topics"].choices = [(t.code, _(t.name)) for t in Topic.objects.order_by("order")]

    def measure(self) -> Measure:
        said = self.cleaned_data
        families = tuple(code for code in said["families"] if code in Family.values)
        kinds = tuple(code for code in said["families"] if code not in Family.values)
        learning = Learning(families, kinds, tuple(said["topics"]))
        groups = tuple(said["groups"]) if said["reached"] == Reached.PEOPLE else ()
        return Measure(Reached(said["reached"]), said["where_needed"], learning, groups)


_CONTESTS = ("contest.teacher", "contest.skilled-worker")
_KINDS = {
    BRIEFING: gettext_lazy("tuyên truyền, quán triệt văn bản"),
    "contest.teacher": gettext_lazy("thi giáo viên dạy giỏi"),
    "contest.skilled-worker": gettext_lazy("thi thợ giỏi, Bàn tay vàng"),
}


def in_words(measure: Measure, topics: dict[str, str]) -> str:
    """``"Người được học, trên số người của đơn vị: nhà giáo, người lao động. Tính: …"``; ``topics`` {code: name}."""
    what = _(measure.reached.label)
    if measure.groups:
        what += ": " + ", ".join(_(HeadcountGroup(group).label).lower() for group in measure.groups)
    counted = [_(Family(code).label).lower() for code in measure.learning.families]
    counted += [str(_KINDS.get(code, code)) for code in measure.learning.kinds]
    text = f"{what}. " + _("Tính: %(what)s") % {"what": "; ".join(counted)}
    if measure.learning.topics:
        about = ", ".join(_(topics.get(code, code)).lower() for code in measure.learning.topics)
        text += " – " + _("chủ đề %(topics)s") % {"topics": about}
    return text + "."


@needs(roles.COUNT_HEADS, methods=("GET", "POST"))
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for the unit whose document it is."""
    own = Target.objects.filter(directive__issuer=request.seat.unit_id, percent=100)
    target = own.select_related("directive", "measured").filter(pk=pk).first()
    if target is None:
        raise Http404
    now, is_set = measure_of(target)
    first = {
        "reached": now.reached,
        "where_needed": now.where_needed,
        "groups": now.groups,
        "families": (*now.learning.families, *now.learning.kinds),
        "topics": now.learning.topics,
    }
    form = MeasureForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            set_measure(seat=request.seat, target=target, measure=form.measure())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Đã đặt cách tính chỉ tiêu."))
            return redirect("needs")
    status = 422 if form.errors else 200
    return page(request, "needs/measure.html", target=target, form=form, is_set=is_set, status=status)
