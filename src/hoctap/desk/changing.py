"""A form that changes one thing: shown, and carried out when it is posted and right."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from hoctap.desk.render import page
from hoctap.kernel.errors import Refusal


def change(
    request: HttpRequest, template: str, form: Form, act: Callable[[dict], HttpResponse], **context
) -> HttpResponse:
    """Show the form; carry ``act`` out when it is posted and right. A refusal is said above the form."""
    if request.method == "POST" and form.is_valid():
        try:
            return act(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
    return page(request, template, status=422 if form.errors else 200, form=form, **context)


def posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None
