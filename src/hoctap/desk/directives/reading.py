"""Đọc văn bản: paste or upload, look at what was understood, decide, lay out the programme, issue it or take it back."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from hoctap.desk.access import needs
from hoctap.desk.directives import screen
from hoctap.desk.directives.items import FORCES, ItemForm, form_of, names_of
from hoctap.desk.directives.marks import shown, tabled
from hoctap.desk.fields import whole
from hoctap.desk.render import page
from hoctap.directives import actions, jobs
from hoctap.directives.actions import NumberGap
from hoctap.directives.models import Reading
from hoctap.directives.reading.sources import TYPES
from hoctap.directives.understood import ADDED, GROUPS, LEFT, OPEN, TAKEN, apply
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.obligations.enums import DueRule, Frequency, TaskRole
from hoctap.orgs import roles
from hoctap.reports import programmes

UNFINISHED = 20  # readings listed


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def new(request: HttpRequest) -> HttpResponse:
    """Dán văn bản hoặc chọn tệp."""
    refused = ""
    if request.method == "POST":
        sent = request.FILES.get("file")
        try:
            made = actions.begin_reading(
                seat=request.seat,
                text=request.POST.get("text", ""),
                file=(sent.name or "", sent.read()) if sent else None,
                queue=_queue,
            )
        except Refusal as refusal:
            refused = refusal.message
        else:
            return redirect("reading", made.pk)
    unfinished = Reading.objects.filter(unit=request.seat.unit_id, issued_at=None).order_by("-pk")
    context = {
        "refused": refused,
        "text": request.POST.get("text", ""),
        "accept": ",".join(TYPES),
        "unfinished": unfinished.only("name", "made_at", "laid_out_at")[:UNFINISHED],
    }
    return page(request, "directives/reading_new.html", status=422 if refused else 200, **context)


def _queue(reading_pk: int) -> None:
    jobs.read_scan.defer(reading_id=reading_pk)


@needs(roles.REGISTER_DIRECTIVE, methods=("POST",))
def read_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Đọc một văn bản đã vào sổ."""
    directive = screen.found(request, pk)
    try:
        made = actions.begin_reading(seat=request.seat, directive=directive, queue=_queue)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("directive", pk)
    return redirect("reading", made.pk)


@needs(roles.REGISTER_DIRECTIVE, methods=("GET", "POST"))
def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Bản gốc bên trái, phần đã hiểu bên phải; every button keeps all that was typed."""
    found = _found(request, pk)
    if not found.text:
        return page(request, "directives/reading_wait.html", reading=found)
    if request.method == "GET" or found.is_settled:
        return _page(request, found)
    names = names_of(found.items)
    forms = _forms(found, names, _sent(request.POST), request.POST)
    wrong = [number for number, form in forms.items() if form.is_bound and not form.is_valid()]
    if wrong:
        return _page(request, found, forms, _("Chưa lưu: xem lại chỗ ghi chưa đúng ở mục %(n)s.") % {
            "n": ", ".join(map(str, wrong))
        })  # fmt: skip
    try:
        goes_to = _act(request, found, forms)
    except Conflict as conflict:
        changes = {number: form.changes() for number, form in forms.items() if form.is_bound}
        apply(found.items, changes, _states(request))
        return _page(request, _found(request, pk) if found.is_settled else found, refused=conflict.message)
    except Refusal as refusal:  # what was typed is kept already, in a newer version
        return _page(request, _found(request, pk), forms, refusal.message)
    return redirect(f"{reverse('reading', args=[pk])}{goes_to}")


def _act(request: HttpRequest, found: Reading, forms: dict[int, ItemForm]) -> str:
    """Keep what was typed, then do what the button says; where on the page to go on."""
    seat, post = request.seat, request.POST
    version = whole(post.get("version", "")) or 0
    changes = {number: form.changes() for number, form in forms.items() if form.is_bound}
    found = actions.keep_choices(
        seat=seat, reading=found, version=version, changes=changes, states=_states(request)
    )
    do, _dash, number = post.get("do", "").partition("-")
    if do == "add":
        found = actions.add_item(
            seat=seat,
            reading=found,
            version=found.version,
            kind=post.get("kind", ""),
            words=post.get("words", ""),
        )
        return f"#h{found.items[-1]['id']}"
    if do == "unit":
        place, _dash, at = number.partition("-")
        item = next((item for item in found.items if str(item["id"]) == place), {"value": {}})
        named = item["value"].get("unmatched", [])
        phrase = named[whole(at) or 0]["phrase"] if (whole(at) or 0) < len(named) else ""
        made = actions.found_named(
            seat=seat, reading=found, version=found.version, number=whole(place) or 0, phrase=phrase
        )
        messages.success(request, _("Đã lập %(unit)s.") % {"unit": made.name})
        return f"#h{place}"
    if do == "lay":
        programmes.lay_out(seat=seat, reading=found, version=found.version)
        return "#lap"
    messages.success(request, _("Đã lưu."))
    return f"#h{number}" if number else ""


def _states(request: HttpRequest) -> dict[int, str]:
    """The one item whose tick or cross was pressed."""
    do, _dash, number = request.POST.get("do", "").partition("-")
    state = {"take": TAKEN, "leave": LEFT}.get(do)
    place = whole(number)
    return {place: state} if state and place else {}


@needs(roles.REGISTER_DIRECTIVE, methods=("POST",))
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Hoàn tác việc lập chương trình."""
    return _done(
        request, pk, lambda found: programmes.undo(seat=request.seat, reading=found), _("Đã hoàn tác.")
    )


@needs(roles.REGISTER_DIRECTIVE, methods=("POST",))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Ban hành chương trình đã lập."""
    said = _("Đã ban hành chương trình; các đơn vị được báo ngay.")
    try:
        return _done(request, pk, lambda found: programmes.issue(seat=request.seat, reading=found), said)
    except NumberGap as gap:  # asked about, and issued, on the document's own page
        directive = _found(request, pk).directive
        return page(request, "directives/gap.html", status=409, directive=directive, refused=gap.message)


@needs(roles.REGISTER_DIRECTIVE, methods=("POST",))
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Bỏ bản đọc."""
    found = _found(request, pk)
    try:
        actions.drop_reading(seat=request.seat, reading=found)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("reading", pk)
    messages.success(request, _("Đã bỏ bản đọc."))
    return redirect("reading-new")


def _done(request: HttpRequest, pk: int, act, said: str) -> HttpResponse:
    found = _found(request, pk)
    try:
        act(found)
        messages.success(request, said)
    except NumberGap:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("reading", pk)


def _words() -> dict[str, dict[str, str]]:
    """What the codes of items are called on the screen."""
    return {
        "group_names": {
            "due": _("Báo cáo và hạn"), "who": _("Ai phải làm gì"), "when": _("Thời gian và sự kiện"),
            "aim": _("Chỉ tiêu"), "base": _("Văn bản và biểu mẫu"), "word": _("Khẩu hiệu"),
        },
        "kind_names": {
            "report": _("báo cáo và hạn"), "work": _("việc phải làm"), "target": _("chỉ tiêu"),
            "slogans": _("khẩu hiệu"), "event": _("sự kiện"),
        },
        "force_names": {code: str(label) for code, label in FORCES},
        "role_names": {role.value: _(role.label) for role in TaskRole},
        "rule_names": {rule.value: _(rule.label) for rule in DueRule},
        "frequency_names": {often.value: _(often.label) for often in Frequency},
    }  # fmt: skip


def _found(request: HttpRequest, pk: int) -> Reading:
    found = (
        Reading.objects.filter(pk=pk, unit=request.seat.unit_id).select_related("directive", "unit").first()
    )
    if found is None:
        raise Http404
    return found


def _forms(found: Reading, names: dict[int, str], numbers: set[int], data=None) -> dict[int, ItemForm]:
    """Of the items opened to be changed: a form for every item would be most of the page."""
    made = {item["id"]: form_of(item, names, data) for item in found.items if item["id"] in numbers}
    return {number: form for number, form in made.items() if form is not None}


def _sent(post) -> set[int]:
    """The items whose fields were sent."""
    return {int(found[1]) for key in post if (found := re.match(r"i(\d{1,9})-", key))}


def _called(found: Reading, head: dict) -> str:
    """By its number; a draft without one yet ("/KH-UBND") by what it is about."""
    code = head.get("code") or ""
    return code if code and not code.startswith("/") else (head.get("subject") or found.name)[:60]


def _page(
    request: HttpRequest, found: Reading, forms: dict[int, ItemForm] | None = None, refused: str = ""
) -> HttpResponse:
    names, opened = names_of(found.items), whole(request.GET.get("sua", "")) or 0
    head = next((item["value"] for item in found.items if item["kind"] == "head"), {})
    context: dict[str, Any] = {
        "reading": found,
        "called": _called(found, head),
        "lines": tabled(shown(found.text, found.items)),
        "groups": [(group, [item for item in found.items if item["group"] == group]) for group in GROUPS],
        "forms": forms or ({} if found.is_settled else _forms(found, names, {opened})),
        "names": names,
        "opened": opened,
        "taken": sum(item["state"] == TAKEN for item in found.items),
        "waiting": [item["id"] for item in found.items if item["state"] == OPEN],
        "kinds": ADDED,
        "words": request.POST.get("words", ""),
        "kind": request.POST.get("kind", ""),
        **_words(),
        "refused": refused,
        "may_lay": roles.may(request.seat.role, roles.OPEN_ROUND),
        "may_name": roles.may(request.seat.role, roles.NAME_UNIT),
    }
    return page(request, "directives/reading.html", status=422 if refused else 200, **context)
