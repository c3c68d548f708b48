from django.urls import path

from hoctap.desk.activities import calendar, capture, editing, evidence, views

urlpatterns = [
    path("ghi-nhanh/", capture.capture, name="capture"),
    path("ghi-nhanh/dan/", capture.paste, name="capture-paste"),
    path("hoat-dong/", views.activities, name="activities"),
    path("hoat-dong/lich/", calendar.month, name="activities-month"),
    path("hoat-dong/lich/ngay/", calendar.agenda, name="activities-agenda"),
    path("hoat-dong/ghi/", editing.new, name="activity-new"),
    path("hoat-dong/<int:pk>/", views.activity, name="activity"),
    path("hoat-dong/<int:pk>/sua/", editing.edit, name="activity-edit"),
    path("hoat-dong/<int:pk>/huy/", editing.cancel, name="activity-cancel"),
    path("hoat-dong/<int:pk>/bo-huy/", editing.reinstate, name="activity-reinstate"),
    path("hoat-dong/<int:pk>/lam-lai/", editing.again, name="activity-again"),
    path("hoat-dong/<int:pk>/buoi/", editing.add, name="activity-session-add"),
    path("hoat-dong/<int:pk>/buoi/<int:session_pk>/", editing.correct, name="activity-session"),
    path("hoat-dong/<int:pk>/buoi/<int:session_pk>/doi/", editing.move, name="activity-session-move"),
    path("hoat-dong/<int:pk>/buoi/<int:session_pk>/xong/", editing.settle, name="activity-session-settle"),
    path("hoat-dong/<int:pk>/minh-chung/", evidence.add, name="activity-evidence"),
    path("hoat-dong/<int:pk>/minh-chung/<int:evidence_pk>/", evidence.shown, name="activity-photo"),
    path(
        "hoat-dong/<int:pk>/minh-chung/<int:evidence_pk>/bo/",
        evidence.remove,
        name="activity-evidence-remove",
    ),
    path("hoat-dong/<int:pk>/tep/", evidence.begin, name="activity-upload"),
    path("hoat-dong/<int:pk>/tep/<uuid:token>/", evidence.piece, name="activity-upload-piece"),
]
