"""A small house around the frame, so that the frame is tested whatever the rooms do."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpResponse
from django.urls import include, path

from hoctap.desk.access import needs
from hoctap.desk.errors import too_many
from hoctap.desk.home.views import seat
from hoctap.desk.render import page
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.orgs import roles


@needs(roles.VIEW)
def room(request):
    return page(request, "frame/room.html", "part", said=request.GET.get("said", ""))


@needs(roles.VIEW, methods=("GET", "POST"))
def keep(request):
    """Takes one sentence; shows what it took."""
    if request.method == "POST":
        messages.success(request, f"Đã nhận: {request.POST['cau']}", extra_tags="undo:/phong/")
        return page(request, "frame/room.html", "part", said=request.POST["cau"])
    return page(request, "frame/room.html", "part", said="")


@needs(roles.GRANT_SEAT)
def admins(request):
    return HttpResponse("quản trị")


def broken(request):
    raise RuntimeError("deliberate")


def refused(request):
    if request.GET.get("kind") == "conflict":
        raise Conflict("Chị Hà vừa sửa dòng 1.7.")
    raise Refusal("Tệp bao-cao-p5.xlsx có 1 ô chưa đúng.", [("Bieu!E12", "Ô này chỉ nhận số nguyên từ 0.")])


def odd(request):
    raise SuspiciousOperation("deliberate")


def closed(request):
    raise PermissionDenied("Vị trí của anh/chị không có quyền “Gia hạn”.")


urlpatterns = [
    path("", room, name="desk"),
    path("van-ban/", room, name="directives"),
    path("dot-bao-cao/", room, name="rounds"),
    path("hoat-dong/", room, name="activities"),
    path("ghi-nhanh/", room, name="capture"),
    path("don-vi/", room, name="units"),
    path("the/", room, name="card-typed"),
    path("cua-toi/", room, name="mine"),
    path("tin/", room, name="notices"),
    path("phong/", keep, name="keep"),
    path("quan-tri/", admins, name="admins"),
    path("hong/", broken),
    path("tu-choi/", refused),
    path("la/", odd),
    path("cam/", closed),
    path("nhieu/", too_many),
    path("vi-tri/", seat, name="seats"),
    path("", include("hoctap.desk.offline.urls")),
    path("", include("hoctap.desk.signin.urls")),
]

handler400 = "hoctap.desk.errors.bad_request"
handler403 = "hoctap.desk.errors.forbidden"
handler404 = "hoctap.desk.errors.not_found"
handler429 = "hoctap.desk.errors.too_many"
handler500 = "hoctap.desk.errors.server_error"
