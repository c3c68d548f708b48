"""When a page cannot be given: what happened, why, what to do. In the look of the screens, without the database."""

import logging
import random
import sys

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from hoctap.desk.render import is_htmx, private
from hoctap.desk.signin.kept import SKIPPED, keep
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.kernel.limits import was_cut_off, was_lost, was_not_storable

log = logging.getLogger("hoctap.requests")

RETRY_SECONDS = 60
AGAIN = (5, 15)  # seconds after which a page without a database is asked for again, by chance


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, SessionInterrupted):  # the session could not be written: no fault of the request
        return server_error(request)
    return _answer(
        request,
        400,
        _("Không hiểu được yêu cầu này"),
        _("Địa chỉ trang hoặc nội dung gửi lên không đúng dạng Hoctap nhận được, hoặc quá lớn."),
        _("Quay lại trang trước, xem lại chỗ đã nhập rồi gửi lại."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = (
        str(exception)
        if exception and str(exception)
        else _("Vị trí của anh/chị không có quyền làm việc này.")
    )
    return _answer(
        request,
        403,
        _("Vị trí này không được phép"),
        said,
        _("Nếu anh/chị có vị trí khác thì đổi vị trí làm việc; nếu không, hỏi người quản trị của đơn vị."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        404,
        _("Không tìm thấy trang này"),
        _("Địa chỉ chưa đúng, nội dung không còn, hoặc nằm ngoài phạm vi của vị trí anh/chị đang làm việc."),
        _("Xem lại địa chỉ, hoặc đi tiếp từ Bàn làm việc."),
    )


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        429,
        _("Gửi quá nhiều lần"),
        _("Cùng một việc được gửi quá nhiều lần trong thời gian ngắn; Hoctap tạm dừng để bảo vệ tài khoản."),
        _("Chờ một phút rồi thử lại."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if without := _without_database(request, error):  # outside of any view: the session, the seat
        return without
    return _answer(
        request,
        500,
        _("Hoctap gặp lỗi"),
        _("Việc vừa làm có thể chưa được lưu. Lỗi đã được ghi lại với số dưới đây."),
        _(
            "Quay lại trang trước, xem việc đó đã được lưu chưa, rồi làm lại nếu chưa; nếu vẫn gặp trang này, "
            "báo số trên cho người quản trị."
        ),
    )


def too_slow(request: HttpRequest) -> HttpResponse:
    """The database was told to stop: what the statement was part of is undone as a whole."""
    answer = _answer(
        request,
        503,
        _("Máy chủ đang bận"),
        _("Việc này cần nhiều thời gian hơn mức cho phép nên Hoctap đã dừng lại; không có gì được ghi dở."),
        _("Chờ một phút rồi thử lại. Nếu vẫn gặp trang này, báo cho người quản trị."),
    )
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def lost(request: HttpRequest) -> HttpResponse:
    """There is no database just now: it is being started again, or another one takes its place."""
    seconds = random.randint(*AGAIN)
    reads = request.method in ("GET", "HEAD") and not is_htmx(request)
    answer = _answer(
        request,
        503,
        _("Hoctap tạm ngừng trong giây lát"),
        _("Cơ sở dữ liệu không trả lời: đang khởi động lại hoặc mất kết nối."),
        _("Trang tự mở lại sau %(seconds)s giây.") % {"seconds": seconds}
        if reads
        else _("Việc vừa làm có thể chưa được lưu. Chờ một phút, xem đã được lưu chưa rồi làm lại nếu chưa."),
        again=seconds if reads else 0,
    )
    answer["Retry-After"] = str(seconds)
    return answer


def no_room(request: HttpRequest, seconds: int) -> HttpResponse:
    """Too many are reading at once; the page comes again by itself."""
    answer = _answer(
        request,
        503,
        _("Nhiều người đang xem cùng lúc"),
        _("Hoctap nhường chỗ cho việc gửi báo cáo, nên chưa mở được trang này ngay."),
        _("Trang tự mở lại sau %(seconds)s giây.") % {"seconds": seconds},
        again=seconds,
    )
    answer["Retry-After"] = str(seconds)
    return answer


def file_gone(request: HttpRequest, name: str) -> HttpResponse:
    """A kept file is no longer in the store, as when a bucket came back from an older copy."""
    return _answer(
        request,
        404,
        _("Tệp này không còn trong kho tệp"),
        _(
            "Hoctap đã giữ tệp %(name)s, nhưng kho tệp của máy chủ không còn tệp đó. Chỉ tệp này không mở được; "
            "văn bản, báo cáo và số liệu không mất gì."
        )
        % {"name": name},
        _(
            "Báo cho người vận hành máy chủ: lệnh hoctap check kể tên mọi tệp đang thiếu, để chép lại từ bản sao lưu."
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was opened before signing in or out: offer to send the same fields again, if they came from us.

    A form from a foreign site (Origin and Referer are checked before the token) is never offered back.
    """
    held = keep(request) if _from_us(request, reason) and not is_htmx(request) else None
    if held and any(request.POST.get(name) for name in SKIPPED[1:]):
        held = None  # a password is never written into a page
    return _answer(
        request,
        403,
        _("Trang mở đã lâu nên chưa gửi được"),
        _("Sau khi mở trang, trình duyệt này đã đăng nhập hoặc đăng xuất lại nên Hoctap chưa nhận. "
          "Chưa có gì được lưu."),
        _("Nội dung đã nhập vẫn còn. Bấm nút dưới đây để gửi lại.") if held else _("Tải lại trang rồi gửi lại."),
        held=held,
    )  # fmt: skip


def _from_us(request: HttpRequest, reason: str) -> bool:
    stale = reason.startswith(("CSRF cookie not set", "CSRF token"))
    return stale and bool(request.headers.get("Origin") or request.is_secure())


class RefusalMiddleware:
    """The last net: a refusal that no screen turned into words beside its field becomes a page of its own; so do a
    statement that took too long, a database that is gone and the address of a button that somebody opens by hand."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code == 405 and request.method == "GET":
            return _answer(
                request,
                405,
                _("Địa chỉ này không mở trực tiếp được"),
                _("Đây là nơi nhận một nút bấm, không phải một trang."),
                _("Quay lại trang trước, hoặc đi tiếp từ Bàn làm việc."),
            )
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if without := _without_database(request, exception):
            return without
        if was_not_storable(exception):
            return _not_storable(request, exception)
        if not isinstance(exception, Refusal):
            return None
        return _answer(
            request,
            409 if isinstance(exception, Conflict) else 422,
            _("Chưa làm được việc này"),
            exception.message,
            _("Chưa có gì thay đổi. Quay lại trang trước, nội dung đã nhập vẫn còn."),
            places=exception.places,
        )


def _not_storable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A NUL from a spoilt paste, a number beyond all sense, where no screen saw it: said, never an error page."""
    match = request.resolver_match
    log.warning("%s was sent what no database stores", match and match.view_name, exc_info=error)
    return _answer(
        request,
        422,
        _("Chưa làm được việc này"),
        _("Nội dung gửi lên có ký tự lạ, hoặc có số quá lớn, nên không lưu được."),
        _("Chưa có gì thay đổi. Quay lại trang trước, gõ lại phần vừa dán rồi gửi lại."),
    )


def _without_database(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for what the database did not do; None when it is not at fault."""
    match = request.resolver_match
    if was_cut_off(error):
        log.warning("a statement of %s was cut off", match and match.view_name)
        return too_slow(request)
    if was_lost(error):
        log.warning("no database for %s: %s", match and match.view_name, error)
        return lost(request)
    return None


def _answer(
    request: HttpRequest, status: int, title: str, why: str, then: str, held=None, places=(), again=0
) -> HttpResponse:
    context = {
        "status": status,
        "title": title,
        "why": why,
        "then": then,
        "held": held,
        "places": places,
        "again": again,
    }
    context["number"] = getattr(request, "request_id", "") if status == 500 else ""
    if is_htmx(request):
        text = " ".join([why, *(f"{place}: {what}" for place, what in places), then])
        return private(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))
    return private(HttpResponse(render_to_string("errors/page.html", context, request), status=status))
