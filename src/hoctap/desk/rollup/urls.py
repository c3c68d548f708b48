from django.urls import path

from hoctap.desk.rollup import deeds, views

urlpatterns = [
    path("tong-hop/<int:pk>/", views.consolidation, name="consolidation"),
    path("tong-hop/<int:pk>/so/<int:position>/", views.figure, name="figure"),
    path("tong-hop/<int:pk>/hoat-dong/", deeds.below, name="consolidation-deeds"),
    path("tong-hop/<int:pk>/hoat-dong/<int:activity_pk>/", deeds.move, name="consolidation-deed"),
    path("tong-hop/<int:pk>/lap/", views.draw, name="snapshot-draw"),
    path("tong-hop/<int:pk>/ban/<int:number>/", views.snapshot, name="snapshot"),
    path("tong-hop/<int:pk>/ban/<int:number>/ky/", views.sign, name="snapshot-sign"),
    path("tong-hop/<int:pk>/ban/<int:number>/tong-hop.<str:kind>", views.paper, name="snapshot-paper"),
]
