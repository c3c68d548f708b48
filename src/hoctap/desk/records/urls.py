from django.urls import path

from hoctap.desk.records import exchange, views

urlpatterns = [
    path("nguoi/<int:pk>/hoc-tap/", views.record, name="person-record"),
    path("nguoi/<int:pk>/hoc-tap.pdf", views.paper, name="person-record-paper"),
    path("nguoi/<int:pk>/hoc-tap/noi-khac/", views.enter, name="person-completion"),
    path(
        "nguoi/<int:pk>/hoc-tap/noi-khac/<int:completion_pk>/bo/",
        views.remove,
        name="person-completion-remove",
    ),
    path(
        "nguoi/<int:pk>/hoc-tap/noi-khac/<int:completion_pk>/tep/",
        views.evidence,
        name="person-completion-file",
    ),
    path("ket-qua-hoc/nhap-excel/", exchange.upload, name="completions-import"),
    path("ket-qua-hoc/nhap-excel/ghi/", exchange.carry_out, name="completions-import-run"),
    path("ket-qua-hoc/mau.xlsx", exchange.blank, name="completions-blank"),
]
