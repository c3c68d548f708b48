from django.urls import path

from hoctap.desk.reports import batch, deeds, exports, intake, papers, sheets, views

urlpatterns = [
    path("bao-cao/gui-nhieu/", batch.send_many, name="reports-send"),
    path("bao-cao/<int:pk>/", views.report, name="report"),
    path("bao-cao/<int:pk>/hoat-dong/", deeds.of_report, name="report-deeds"),
    path("bao-cao/<int:pk>/ban/<int:number>/", views.revision, name="report-revision"),
    path("bao-cao/<int:pk>/ban/<int:number>/bao-cao.<str:kind>", papers.sent, name="report-paper"),
    path("bao-cao/<int:pk>/du-thao.<str:kind>", papers.draft, name="report-draft-paper"),
    path("bao-cao/<int:pk>/da-xem/", views.seen, name="report-seen"),
    path("bao-cao/<int:pk>/nhap/", views.draft, name="report-draft"),
    path("bao-cao/<int:pk>/trinh/", views.present, name="report-present"),
    path("bao-cao/<int:pk>/gui/", views.send, name="report-send"),
    path("bao-cao/<int:pk>/nhap-thay/", views.enter, name="report-enter"),
    path("bao-cao/<int:pk>/thu-hoi/", views.withdraw, name="report-withdraw"),
    path("bao-cao/<int:pk>/tra-lai/", views.give_back, name="report-return"),
    path("bao-cao/<int:pk>/duyet/", views.accept, name="report-accept"),
    path("bao-cao/<int:pk>/bieu.xlsx", sheets.download, name="report-xlsx"),
    path("bao-cao/<int:pk>/nhan-excel/", sheets.upload, name="report-upload"),
    path("bao-cao/<int:pk>/nhan-nhieu-tep/", intake.new, name="intake-new"),
    path("nhan-tep/<int:pk>/", intake.progress, name="intake"),
    path("tong-hop/<int:pk>/xuat/", exports.new, name="export-new"),
    path("xuat-so-lieu/<int:pk>/", exports.progress, name="export"),
    path("xuat-so-lieu/<int:pk>/tep/", exports.download, name="export-file"),
    path("bao-cao/<int:pk>/tep/<int:file_pk>/", sheets.attachment, name="report-file"),
]
