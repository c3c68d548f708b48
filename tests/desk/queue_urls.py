"""The house with one more door, which notes in the journal what is handed in."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path

from hoctap.desk.access import needs
from hoctap.desk.errors import server_error
from hoctap.kernel import journal
from hoctap.kernel.errors import Refusal
from hoctap.orgs import roles


@needs(roles.VIEW, methods=("POST",))
def door(request):
    said = request.POST["cau"]
    journal.record("door", seat=request.seat, said=said)
    if said == "sai":
        raise Refusal("Thiếu ngày học. Ghi ngày rồi gửi lại.")
    if said == "vấp":
        return HttpResponse(status=500)
    if said == "hong":
        return HttpResponse(status=503)
    if said == "lưu ý":
        return JsonResponse({"notes": ["Một người đã xóa."]})
    return redirect("desk")


urlpatterns = [path("cua/", door, name="door"), path("", include("hoctap.desk.urls"))]
handler500 = server_error
