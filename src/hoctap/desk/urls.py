"""Officers' addresses, one include per room."""

from django.urls import include, path

urlpatterns = [
    path("", include("hoctap.desk.home.urls")),
    path("", include("hoctap.desk.activities.urls")),
    path("", include("hoctap.desk.attendance.urls")),
    path("", include("hoctap.desk.directives.urls")),
    path("", include("hoctap.desk.obligations.urls")),
    path("", include("hoctap.desk.offline.urls")),
    path("", include("hoctap.desk.orgs.urls")),
    path("", include("hoctap.desk.reports.urls")),
    path("", include("hoctap.desk.rollup.urls")),
    path("", include("hoctap.desk.signin.urls")),
]
