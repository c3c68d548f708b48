"""A phone that got no answer sends again: what it sends carries an id (``X-Op``), and is done once.

The id is taken in the transaction of the act itself, so that either both stand or neither does; a second sending that
comes meanwhile waits for the first. The first answer is given again. Views whose action has a token of its own do not
come here (``@needs(…, has_token=True)``).
"""

import json
import uuid
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from hoctap.desk.render import private
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.models import Operation
from hoctap.kernel.operations import take

HEADER = "X-Op"


def once(view: Callable[..., HttpResponse], request: HttpRequest, *args, **kwargs) -> HttpResponse:
    """The view's answer, a redirect as ``{"url": …}``; nothing of a refused one stays, so that it may be sent again."""
    op = op_of(request)
    with transaction.atomic():
        made = take(op, request.user.pk, request.path)
        if made:
            return _again(made, request)
        answer = view(request, *args, **kwargs)
        if answer.status_code >= 400:
            transaction.set_rollback(True)
            return answer
        said = _said(answer)
        Operation.objects.filter(pk=op).update(answer=said)
    return private(JsonResponse(said))


def op_of(request: HttpRequest) -> uuid.UUID:
    """The id of what is sent. Refusal where it is none."""
    try:
        return uuid.UUID(request.headers[HEADER])
    except ValueError:
        raise Refusal(_("Mã của lần gửi này không đúng dạng. Tải lại trang rồi nhập lại.")) from None


def _again(made: Operation, request: HttpRequest) -> HttpResponse:
    if (made.user_id, made.path) != (request.user.pk, request.path):
        raise Conflict(_("Mã của lần gửi này đã dùng cho việc khác. Tải lại trang rồi nhập lại."))
    return private(JsonResponse(made.answer))


def _said(answer: HttpResponse) -> dict:
    if 300 <= answer.status_code < 400:
        return {"url": answer["Location"]}
    is_json = answer.get("Content-Type", "").startswith("application/json")
    return json.loads(answer.content) if is_json else {}
