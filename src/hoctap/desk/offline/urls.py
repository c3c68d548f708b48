from django.urls import path

from hoctap.desk.offline import views

urlpatterns = [path("sw.js", views.worker, name="service_worker")]
