from django.urls import path

from apps.awareness import api, views, wave_views

urlpatterns = [
    # /notices/
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/publish/", views.publish_notice, name="publish_notice"),
    path("notices/<int:pk>/withdraw/", views.withdraw_notice, name="withdraw_notice"),
    # /reports/
    path("reports/", views.reports, name="reports"),
    path("reports/make/", views.make_report, name="make_report"),
    path("reports/recipients/", views.set_recipients, name="report_recipients"),
    path("reports/<int:pk>/", views.report, name="report"),
    path("reports/<int:pk>/pdf/", views.report_pdf, name="report_pdf"),
    path("reports/<int:pk>/send/", views.send_report, name="send_report"),
    # /waves/ messages to the customers of a case
    path("waves/of/<int:number>/", wave_views.case_waves, name="case_waves"),
    path("waves/of/<int:number>/<slug:kind>/", wave_views.draft_wave, name="draft_wave"),
    path("waves/<int:pk>/", wave_views.wave, name="wave"),
    path("waves/<int:pk>/start/", wave_views.start_wave, name="start_wave"),
    path("waves/<int:pk>/stop/", wave_views.stop_wave, name="stop_wave"),
    # for customers
    path("gone/<str:key>/", wave_views.gone, name="gone"),
    path("changes/", views.changes, name="changes"),
]

api_urlpatterns = [
    path("notices/", api.Notices.as_view()),
]
