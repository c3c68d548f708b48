"""The project's addresses, and one page that does nothing: what every page pays on its way through the middleware."""

from django.http import HttpResponse
from django.urls import include, path

from hoctap.desk.access import open_to_all

urlpatterns = [
    path("nothing/", open_to_all()(lambda request: HttpResponse())),
    path("", include("hoctap.config.urls")),
]
