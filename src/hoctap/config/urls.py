"""Every address of Hoctap. Screens live in desk; nothing here decides anything."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoctap.desk.urls")),
]

handler400 = "hoctap.desk.errors.bad_request"
handler403 = "hoctap.desk.errors.forbidden"
handler404 = "hoctap.desk.errors.not_found"
handler429 = "hoctap.desk.errors.too_many"  # allauth looks it up here
handler500 = "hoctap.desk.errors.server_error"
