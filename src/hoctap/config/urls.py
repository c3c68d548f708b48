"""Every address of Hoctap. Screens live in desk; nothing here decides anything."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoctap.desk.urls")),
]
