from django.urls import path

from hoctap.desk.learners import books, entering, views

urlpatterns = [
    path("the/", entering.typed, name="card-typed"),
    path("the/thoat/", entering.out, name="card-out"),
    path("the/<str:token>/", entering.by_qr, name="card"),
    path("cua-toi/", views.mine, name="mine"),
    path("cua-toi/sach/", books.books, name="mine-books"),
    path("cua-toi/sach/<int:pk>/", books.correct, name="mine-book"),
    path("cua-toi/sach/<int:pk>/bo/", books.remove, name="mine-book-remove"),
    path("cua-toi/du-lieu/", views.data, name="mine-data"),
    path("cua-toi/du-lieu.json", views.take, {"kind": "json"}, name="mine-data-json"),
    path("cua-toi/du-lieu.xlsx", views.take, {"kind": "xlsx"}, name="mine-data-xlsx"),
    path("cua-toi/so-hoc-tap.pdf", views.paper, name="mine-paper"),
    path("cua-toi/chung-nhan/<int:pk>.pdf", views.certificate, name="mine-certificate"),
    path("cua-toi/chung-nhan/<int:pk>.jwt", views.credential, name="mine-credential"),
    path("cua-toi/dong-y/<int:pk>/rut/", views.withdraw, name="mine-withdraw"),
    path("cua-toi/gan-tai-khoan/", entering.tie, name="mine-tie"),
    path("cua-toi/bo-tai-khoan/", views.untie, name="mine-untie"),
    path("cua-toi/yeu-cau/", views.ask, name="mine-ask"),
]
