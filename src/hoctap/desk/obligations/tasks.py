"""Nội dung phải làm of one document: its clauses with who does what, and the own unit's plan for each of its tasks."""

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Paginator
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from hoctap.campaigns.models import Campaign
from hoctap.desk.access import needs
from hoctap.desk.directives.screen import title
from hoctap.desk.fields import DayField, whole
from hoctap.desk.render import page
from hoctap.directives import rules as directive_rules
from hoctap.directives.enums import DirectiveStatus
from hoctap.directives.models import Clause, Directive, Reading
from hoctap.kernel.errors import Refusal
from hoctap.obligations import planning
from hoctap.obligations.enums import Force, TaskRole
from hoctap.obligations.models import PlannedActivity, Target, Task
from hoctap.orgs import roles

DOCUMENTS = 20  # a page
UNITS_SHOWN = 8  # names of one clause


class PlanForm(forms.Form):
    """Một hoạt động dự kiến."""

    what = forms.CharField(label=_lazy("Sẽ làm gì"), max_length=300)
    starts_on = DayField(label=_lazy("Từ ngày"), required=False)
    ends_on = DayField(label=_lazy("Đến ngày"), required=False)


@needs(roles.VIEW)
def mine(request: HttpRequest) -> HttpResponse:
    """Việc của đơn vị mình by document, the newest first."""
    own = Task.objects.filter(clause__directive=OuterRef("pk"), unit=request.seat.unit_id).order_by()
    planned = own.filter(Exists(PlannedActivity.objects.filter(task=OuterRef("pk"))))
    rows = (
        Directive.objects.filter(pk__in=_documents(request), status=DirectiveStatus.ISSUED)
        .annotate(tasks=_number(own), planned=_number(planned))
        .order_by("-listed_on", "-pk")
    )
    found = Paginator(rows, DOCUMENTS).get_page(request.GET.get("trang"))
    return page(request, "obligations/my_tasks.html", rows=found, address=lambda n: f"?trang={n}")


def _documents(request: HttpRequest) -> QuerySet:
    return Task.objects.filter(unit=request.seat.unit_id).values("clause__directive")


def _number(rows: QuerySet) -> Coalesce:
    counted = rows.values("unit").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@needs(roles.VIEW, methods=("GET", "POST"))
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    directive = _found(request, pk)
    forms_: dict[int, PlanForm] = {}
    refused = ""
    if request.method == "POST":
        refused = _act(request, directive, forms_)
        if not refused:
            return redirect(f"{reverse('directive-tasks', args=[pk])}#cua-minh")
    context = _context(request, directive) | {"forms": forms_, "refused": refused}
    return page(request, "obligations/tasks.html", status=422 if refused else 200, **context)


def _found(request: HttpRequest, pk: int) -> Directive:
    """Seen by who sees the document, and by who has a task from it; a draft's programme is nobody's yet."""
    directive = Directive.objects.filter(pk=pk).exclude(status=DirectiveStatus.DRAFT).first()
    if directive is None:
        raise Http404
    own = Task.objects.filter(clause__directive=directive, unit=request.seat.unit_id)
    if not (own.exists() or directive_rules.can_see(request.seat, directive)):
        raise Http404
    return directive


def _act(request: HttpRequest, directive: Directive, forms_: dict[int, PlanForm]) -> str:
    """Add one planned activity, or take one away; why not, in words."""
    do, _dash, number = request.POST.get("do", "").partition("-")
    place = whole(number) or 0
    own = Task.objects.filter(clause__directive=directive, unit=request.seat.unit_id)
    try:
        if do == "drop":
            planned = PlannedActivity.objects.filter(pk=place, task__in=own).select_related("task").first()
            if planned is None:
                raise Refusal(_("Hoạt động này vừa được bỏ. Tải lại trang để thấy bản mới."))
            planning.drop_planned(seat=request.seat, planned=planned)
            messages.success(request, _("Đã bỏ hoạt động dự kiến."))
            return ""
        task = own.filter(pk=place).first()
        if task is None:
            raise Refusal(_("Đơn vị mình không có việc này trong văn bản. Tải lại trang rồi chọn lại."))
        form = forms_[task.pk] = PlanForm(request.POST, prefix=f"v{task.pk}")
        if not form.is_valid():
            return _("Chưa ghi: xem lại các ô của hoạt động dự kiến.")
        planning.plan_activity(seat=request.seat, task=task, **form.cleaned_data)
    except Refusal as refusal:
        return refusal.message
    messages.success(request, _("Đã ghi vào kế hoạch của đơn vị."))
    return ""


def _context(request: HttpRequest, directive: Directive) -> dict:
    seat = request.seat
    mine = list(
        Task.objects.filter(clause__directive=directive, unit=seat.unit_id)
        .select_related("clause")
        .prefetch_related("planned")
        .order_by("clause__order")
    )
    clauses = _clauses(directive)
    return {
        "directive": directive,
        "title": title(directive),
        "sees_document": directive_rules.can_see(seat, directive),
        "mine": mine,
        "planned": sum(bool(task.planned.all()) for task in mine),
        "may_plan": roles.may(seat.role, roles.WRITE_REPORT),
        "count": len(clauses),
        "parts": _parts(clauses),
        "shown": UNITS_SHOWN,
        "role_names": {role.value: _(role.label) for role in TaskRole},
        "force_names": {force.value: _(force.label) for force in Force},
        "targets": Target.objects.filter(directive=directive).order_by("order"),
        "campaign": _campaign(directive),
        "plan_form": lambda task: PlanForm(prefix=f"v{task.pk}"),
    }


def _campaign(directive: Directive) -> Campaign | None:
    """What the document announces, also where it asks for no report; else what a round opened by hand is about."""
    issued = Reading.objects.filter(directive=directive, issued_at__isnull=False)
    made = issued.values_list("summary__campaign_ids", flat=True).first() or []
    found = Campaign.objects.filter(Q(pk__in=made) | Q(rounds__directive=directive)).distinct()
    return found.prefetch_related("slogans", "events").order_by("-pk").first()


def _parts(clauses: list[Clause]) -> list[dict]:
    """Clauses that follow one another under one point, for the same units, are listed together."""
    parts: list[dict] = []
    for clause in clauses:
        given = clause.given  # type: ignore[attr-defined]
        key = (clause.ref, [task["unit"] for task in given])
        if not parts or parts[-1]["key"] != key:
            parts.append({"key": key, "ref": clause.ref, "units": key[1], "clauses": []})
        parts[-1]["clauses"].append((clause, given[0] if given else None))
    return parts


def _clauses(directive: Directive) -> list[Clause]:
    """In one query, each with the first of its tasks: one more than is shown says that there are more."""
    given = Task.objects.filter(clause=OuterRef("pk")).order_by("pk")
    said = JSONObject(unit="unit__short_name", role="role", force="force")
    rows = Clause.objects.filter(directive=directive).order_by("order")
    return list(rows.annotate(given=ArraySubquery(given.values(said=said)[: UNITS_SHOWN + 1])))
