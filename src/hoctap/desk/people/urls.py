from django.urls import path

from hoctap.desk.people import acts, cards, duplicates, exchange, requests, views

urlpatterns = [
    path("nguoi/", views.people, name="people"),
    path("nguoi/them/", views.enter, name="people-add"),
    path("nguoi/mau.xlsx", exchange.template, name="people-template"),
    path("nguoi/nhap-excel/", exchange.upload, name="people-import"),
    path("nguoi/nhap-excel/ghi/", exchange.carry_out, name="people-import-run"),
    path("nguoi/the/", cards.issue_many, name="people-cards"),
    path("nguoi/trung/", duplicates.duplicates, name="people-same"),
    path("nguoi/trung/gop/", duplicates.merge, name="people-merge"),
    path("nguoi/trung/khac/", duplicates.tell_apart, name="people-apart"),
    path("nguoi/trung/khac/<int:pk>/bo/", duplicates.untell_apart, name="people-apart-undo"),
    path("nguoi/gop/<int:pk>/tach/", duplicates.split, name="merge-undo"),
    path("nguoi/yeu-cau/", requests.requests, name="people-requests"),
    path("nguoi/yeu-cau/<int:pk>/tra-loi/", requests.answer, name="request-answer"),
    path("nguoi/yeu-cau/<int:pk>/xong/", requests.finish, name="request-finish"),
    path("nguoi/<int:pk>/", views.person, name="person"),
    path("nguoi/<int:pk>/sua/", acts.correct, name="person-edit"),
    path("nguoi/<int:pk>/don-vi/", acts.join, name="person-join"),
    path("nguoi/<int:pk>/roi/<int:membership_pk>/", acts.leave, name="person-leave"),
    path("nguoi/<int:pk>/dong-y/", acts.consent, name="person-consent"),
    path("nguoi/<int:pk>/dong-y/<int:consent_pk>/rut/", acts.withdraw, name="person-withdraw"),
    path("nguoi/<int:pk>/the/", cards.issue, name="person-card"),
    path("nguoi/<int:pk>/ma-pin/", cards.new_pin, name="person-pin"),
    path("nguoi/<int:pk>/thu-hoi-the/", cards.revoke, name="person-card-revoke"),
    path("nguoi/<int:pk>/bo-tai-khoan/", acts.untie, name="person-untie"),
    path("nguoi/<int:pk>/yeu-cau/", requests.note, name="person-request"),
    path("nguoi/<int:pk>/du-lieu.<str:kind>", requests.hand_over, name="person-data"),
    path("nguoi/<int:pk>/xoa/", requests.erase, name="person-erase"),
]
