from django.urls import path

from apps.awareness import api, api_campaigns, api_maturity, api_outreach, api_waves
from apps.awareness.views import campaigns, letters, maturity, notices, outreach, reports, waves

urlpatterns = [
    # /notices/
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/publish/", notices.publish_notice, name="publish_notice"),
    path("notices/<int:pk>/withdraw/", notices.withdraw_notice, name="withdraw_notice"),
    # /reports/
    path("reports/", reports.reports, name="reports"),
    path("reports/make/", reports.make_report, name="make_report"),
    path("reports/recipients/", reports.set_recipients, name="report_recipients"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/pdf/", reports.report_pdf, name="report_pdf"),
    path("reports/<int:pk>/send/", reports.send_report, name="send_report"),
    # /waves/ messages to the customers of a case
    path("waves/of/<int:number>/", waves.case_waves, name="case_waves"),
    path("waves/of/<int:number>/<slug:kind>/", waves.draft_wave, name="draft_wave"),
    path("waves/<int:pk>/", waves.wave, name="wave"),
    path("waves/<int:pk>/words/<slug:language>/", waves.wave_text, name="wave_text"),
    path("waves/<int:pk>/words/<slug:language>/remove/", waves.remove_wave_text, name="remove_wave_text"),
    path("waves/<int:pk>/start/", waves.start_wave, name="start_wave"),
    path("waves/<int:pk>/stop/", waves.stop_wave, name="stop_wave"),
    # /outreach/ telling customers before they ask
    path("outreach/", outreach.outreaches, name="outreaches"),
    path("outreach/<int:pk>/", outreach.outreach, name="outreach"),
    path("outreach/<int:pk>/start/", outreach.start_outreach, name="start_outreach"),
    path("outreach/<int:pk>/stop/", outreach.stop_outreach, name="stop_outreach"),
    # /customers/ what they are written of our own accord
    path("customers/<int:pk>/letters/", letters.customer_letters, name="customer_letters"),
    # /campaigns/ asking customers to tell us
    path("campaigns/", campaigns.campaign_list, name="campaigns"),
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.edit_campaign, name="edit_campaign"),
    path("campaigns/<int:pk>/code.svg", campaigns.campaign_code, name="campaign_code"),
    path("campaigns/<int:pk>/rate/<int:number>/", campaigns.take_over_rate, name="take_over_rate"),
    # /standards/maturity/
    path("standards/maturity/", maturity.assessment, name="maturity"),
    path("standards/maturity/grades.csv", maturity.maturity_file, {"kind": "csv"}, name="maturity_csv"),
    path("standards/maturity/grades.xlsx", maturity.maturity_file, {"kind": "xlsx"}, name="maturity_xlsx"),
    # for customers
    path("c/<str:key>/", campaigns.asked, name="asked"),
    path("gone/<str:key>/", waves.gone, name="gone"),
    path("changes/", notices.changes, name="changes"),
    path("no-letters/<str:key>/", outreach.stop_letters, name="stop_letters"),
]

api_urlpatterns = [
    path("notices/", api.Notices.as_view()),
    path("notices/all/", api.AllNotices.as_view()),
    path("notices/<int:pk>/", api.OneNotice.as_view()),
    path("waves/", api_waves.Waves.as_view()),
    path("waves/<int:pk>/", api_waves.OneWave.as_view()),
    path("waves/<int:pk>/words/<slug:language>/", api_waves.WaveWords.as_view()),
    path("outreach/", api_outreach.Outreaches.as_view(), name="api_outreaches"),
    path("outreach/<int:pk>/", api_outreach.OneOutreach.as_view(), name="api_outreach"),
    path("maturity/", api_maturity.Maturity.as_view(), name="api_maturity"),
    path("maturity/assessments/", api_maturity.Assessments.as_view(), name="api_assessments"),
    path("campaigns/", api_campaigns.Campaigns.as_view(), name="api_campaigns"),
    path("campaigns/<int:pk>/", api_campaigns.OneCampaign.as_view(), name="api_campaign"),
]
