"""One way to answer with a page: the whole of it, or one block of it for htmx."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.utils import csrf_token_lazy
from django.utils.cache import patch_vary_headers
from jinja2_fragments import render_block


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def page(
    request: HttpRequest, template: str, block: str | None = None, *, status: int = 200, **context
) -> HttpResponse:
    """Render ``template``; an htmx request gets only ``block`` (when one is named), followed by new messages.

    The block is the same text that the whole page holds in that place: applying the fragment equals reloading.
    """
    if block and is_htmx(request):
        html = fragment(request, template, block, **context) + fragment(
            request, "components/toasts.html", "swap"
        )
    else:
        html = engines["jinja2"].get_template(template).render(context, request)
    return private(HttpResponse(html, status=status))


def fragment(request: HttpRequest, template: str, block: str, **context) -> str:
    """One block, with everything a whole page has in its context (request, CSRF token and field, shell)."""
    engine = engines["jinja2"]
    everything = dict(context, request=request, csrf_token=csrf_token_lazy(request))
    for processor in engine.template_context_processors:
        everything.update(processor(request))
    return render_block(engine.env, template, block, everything)


def private(response: HttpResponse) -> HttpResponse:
    """No cache may keep a page: it holds what one seat may see, and its tokens of the moment."""
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


def site(request: HttpRequest) -> str:
    """Where this Hoctap is found, as papers and codes say it: the configured address, else the one asked at."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
