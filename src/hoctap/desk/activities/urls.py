from django.urls import path

from hoctap.desk.activities import views

urlpatterns = [
    path("hoat-dong/", views.activities, name="activities"),
    path("hoat-dong/<int:pk>/", views.activity, name="activity"),
]
