from django.urls import path

from hoctap.desk.orgs import changes, exchange, seats, views

urlpatterns = [
    path("don-vi/", views.units, name="units"),
    path("don-vi/danh-sach.xlsx", exchange.download, name="units-xlsx"),
    path("don-vi/nhap-excel/", exchange.upload, name="units-import"),
    path("don-vi/nhap-excel/ghi/", exchange.carry_out, name="units-import-run"),
    path("don-vi/<str:code>/", views.unit, name="unit"),
    path("don-vi/<str:code>/them/", changes.found, name="unit-found"),
    path("don-vi/<str:code>/doi-ten/", changes.rename, name="unit-rename"),
    path("don-vi/<str:code>/sua/", changes.edit, name="unit-edit"),
    path("don-vi/<str:code>/chuyen/", changes.move, name="unit-move"),
    path("don-vi/<str:code>/roi-tuyen/", changes.leave, name="unit-leave"),
    path("don-vi/<str:code>/giai-the/", changes.dissolve, name="unit-dissolve"),
    path("don-vi/<str:code>/cap-vi-tri/", seats.grant, name="seat-grant"),
    path("vi-tri/<int:pk>/thu-hoi/", seats.revoke, name="seat-revoke"),
    path("tro-giup/vai-tro/", views.role_help, name="help-roles"),
]
