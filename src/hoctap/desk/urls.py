"""Officers' addresses, one include per room."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoctap.desk.signin.urls")),
]
