from django.urls import path

from hoctap.desk.attendance import enrolling, public, views

urlpatterns = [
    path("diem-danh/<int:pk>/", views.attendance, name="attendance"),
    path("diem-danh/<int:pk>/so-lieu/", views.state, name="attendance-state"),
    path("diem-danh/<int:pk>/man-hinh/", views.projector, name="attendance-projector"),
    path("diem-danh/<int:pk>/cho/", views.claims, name="attendance-claims"),
    path("diem-danh/<int:pk>/phieu/", views.sheet, name="attendance-sheet"),
    path("dang-ky/<int:pk>/danh-sach/", enrolling.roll, name="registrations"),
    path("d/", public.code, name="check-in-code"),
    path("d/<slug:secret>/", public.check_in, name="check-in"),
    path("dang-ky/<int:pk>/", public.register, name="register"),
    path("dang-ky/rut/<slug:token>/", public.give_up, name="give-up"),
    path("lich/<str:token>.ics", public.calendar, name="calendar"),
]
