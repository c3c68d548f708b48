from django.urls import path

from hoctap.desk.directives import acts, composing, papers, progress, reading, views

urlpatterns = [
    path("van-ban/", views.register, name="directives"),
    path("van-ban/vao-so/", views.new, name="directive-new"),
    path("van-ban/doc/", reading.new, name="reading-new"),
    path("van-ban/doc/<int:pk>/", reading.reading, name="reading"),
    path("van-ban/doc/<int:pk>/hoan-tac/", reading.undo, name="reading-undo"),
    path("van-ban/doc/<int:pk>/ban-hanh/", reading.issue, name="reading-issue"),
    path("van-ban/doc/<int:pk>/bo/", reading.drop, name="reading-drop"),
    path("van-ban/<int:pk>/doc/", reading.read_document, name="directive-read"),
    path("van-ban/soan/", composing.compose_new, name="directive-compose-new"),
    path("van-ban/<int:pk>/soan/", composing.compose, name="directive-compose"),
    path("van-ban/<int:pk>/", views.document, name="directive"),
    path("van-ban/<int:pk>/noi-nhan/", views.deliveries, name="directive-deliveries"),
    path("van-ban/<int:pk>/trien-khai/", progress.progress, name="directive-progress"),
    path("van-ban/<int:pk>/sua/", views.edit, name="directive-edit"),
    path("van-ban/<int:pk>/tep/<int:file_pk>/", views.attachment, name="directive-file"),
    path("van-ban/<int:pk>/van-ban.<str:kind>", papers.paper, name="directive-paper"),
    path("van-ban/<int:pk>/da-xem/", acts.seen, name="directive-seen"),
    path("van-ban/<int:pk>/da-nhan/", acts.acknowledge, name="directive-acknowledge"),
    path("van-ban/<int:pk>/gui/", acts.send, name="directive-send"),
    path("van-ban/<int:pk>/ban-hanh/", acts.issue, name="directive-issue"),
    path("van-ban/<int:pk>/thu-hoi/", acts.recall, name="directive-recall"),
    path("van-ban/<int:pk>/thay-the/", acts.supersede, name="directive-supersede"),
    path("van-ban/<int:pk>/can-cu/<int:citation_pk>/", acts.link, name="citation-link"),
]
