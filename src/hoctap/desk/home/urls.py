from django.urls import path

from hoctap.desk.home import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("tin/", views.notices, name="notices"),
    path("tin/da-doc/", views.notices_read, name="notices-read"),
    path("vi-tri/", views.seat, name="seats"),
]
