from django.urls import path

from hoctap.desk.obligations import keeping, tasks, views

urlpatterns = [
    path("dot-bao-cao/", views.rounds, name="rounds"),
    path("dot-bao-cao/<int:pk>/", views.board, name="round"),
    path("dot-bao-cao/mo/<int:directive_pk>/", views.open_round, name="round-open"),
    path("dot-bao-cao/<int:pk>/dong/", views.close, name="round-close"),
    path("dot-bao-cao/<int:pk>/mo-lai/", views.reopen, name="round-reopen"),
    path("viec/", tasks.mine, name="tasks"),
    path("van-ban/<int:pk>/viec/", tasks.tasks, name="directive-tasks"),
    path("dot-bao-cao/<int:pk>/tan-suat/", keeping.frequency, name="round-frequency"),
    path("dot-bao-cao/<int:pk>/theo-doi/", keeping.follow, name="round-follow"),
    path("dot-bao-cao/<int:pk>/theo-doi/<int:follower_pk>/thoi/", keeping.unfollow, name="round-unfollow"),
    path("bao-cao/<int:pk>/giao-xuong/", views.cascade, name="round-cascade"),
    path("bao-cao/<int:pk>/gia-han/", views.extend, name="obligation-extend"),
    path("bao-cao/<int:pk>/nhac/", views.remind, name="obligation-remind"),
    path("noi-nhan/<int:pk>/da-nhan/", views.acknowledge, name="recipient-acknowledge"),
]
