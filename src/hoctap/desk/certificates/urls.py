from django.urls import path

from hoctap.desk.certificates import checking, views

urlpatterns = [
    path("chung-nhan/", checking.typed, name="certificate-find"),
    path("chung-nhan/khoa/<str:thumbprint>", checking.key, name="credential-key"),
    path("chung-nhan/<str:token>/", checking.certificate, name="certificate"),
    path("chung-nhan/<str:token>/tinh-trang.json", checking.status, name="certificate-status"),
    path(".well-known/jwks.json", checking.keys, name="credential-keys"),
    path("hoat-dong/<int:pk>/chung-nhan/", views.issue, name="certificates"),
    path("hoat-dong/<int:pk>/chung-nhan.pdf", views.download, name="certificates-pdf"),
    path(
        "hoat-dong/<int:pk>/chung-nhan/<int:certificate_pk>/thu-hoi/",
        views.revoke,
        name="certificates-revoke",
    ),
    path(
        "hoat-dong/<int:pk>/chung-nhan/<int:certificate_pk>/thay/", views.replace, name="certificates-replace"
    ),
]
