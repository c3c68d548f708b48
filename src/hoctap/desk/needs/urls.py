"""Addresses of training needs, headcounts, shares and targets."""

from django.urls import path

from hoctap.desk.needs import answering, heads, own, plan, shares, surveys, targets

urlpatterns = [
    path("nhu-cau/", surveys.index, name="needs"),
    path("nhu-cau/mo/", surveys.new, name="survey-new"),
    path("nhu-cau/ty-le/", shares.show, name="shares"),
    path("nhu-cau/ty-le/tinh/", shares.reckon, name="shares-count"),
    path("nhu-cau/ty-le.xlsx", shares.download, name="shares-xlsx"),
    path("nhu-cau/chi-tieu/<int:pk>/", targets.measure, name="target-measure"),
    path("nhu-cau/so-nguoi/", heads.show, name="headcounts"),
    path("nhu-cau/so-nguoi/ghi/", heads.add, name="headcount-add"),
    path("nhu-cau/so-nguoi/bo/<int:pk>/", heads.drop, name="headcount-drop"),
    path("nhu-cau/so-nguoi.xlsx", heads.download, name="headcounts-xlsx"),
    path("nhu-cau/so-nguoi/nhap/", heads.upload, name="headcounts-import"),
    path("nhu-cau/so-nguoi/nhap/ghi/", heads.carry_out, name="headcounts-import-run"),
    path("nhu-cau/k/<str:token>/", answering.form, name="need-answer"),
    path("nhu-cau/<int:pk>/", surveys.show, name="survey"),
    path("nhu-cau/<int:pk>.xlsx", surveys.download, name="survey-xlsx"),
    path("nhu-cau/<int:pk>/tinh/", surveys.reckon, name="survey-count"),
    path("nhu-cau/<int:pk>/ngay-cuoi/", surveys.end, name="survey-end"),
    path("nhu-cau/<int:pk>/khai/", own.state, name="survey-state"),
    path("nhu-cau/<int:pk>/khong-co/", own.exemption, name="survey-exempt"),
    path("nhu-cau/<int:pk>/bo-tra-loi/", own.forget, name="survey-forget"),
    path("nhu-cau/<int:pk>/ke-hoach/<int:topic_pk>/", plan.make, name="survey-plan"),
]
