from django.urls import path

from apps.analysis import api, views

urlpatterns = [
    # /signals/
    path("signals/", views.signals, name="signals"),
    path("signals/run/", views.run_now, name="run_analysis"),
    path(
        "signals/<int:number>/promote/", views.judge_signal, {"judgement": "promote"}, name="promote_signal"
    ),
    path("signals/<int:number>/merge/", views.judge_signal, {"judgement": "merge"}, name="merge_signal"),
    path("signals/<int:number>/snooze/", views.judge_signal, {"judgement": "snooze"}, name="snooze_signal"),
    path(
        "signals/<int:number>/dismiss/", views.judge_signal, {"judgement": "dismiss"}, name="dismiss_signal"
    ),
    # /cases/
    path("cases/", views.board, name="board"),
    path("cases/search/", views.case_search, name="case_search"),
    path("cases/new/", views.new_case, name="new_case"),
    path("cases/<int:number>/", views.case, name="case"),
    path("cases/<int:number>/<slug:name>/", views.act_on_case, name="act_on_case"),
    path("needs-you/", views.needs_you, name="needs_you"),
    # /o/<key>/ the owner, without an account
    path("o/<str:key>/", views.owner_page, name="owner_page"),
    path("o/<str:key>/<slug:name>/", views.act_by_link, name="act_by_link"),
    # /analysis/
    path("analysis/", views.analysis, name="analysis"),
    path("analysis/pareto.csv", views.pareto_csv, name="pareto_csv"),
    path("analysis/assumptions/", views.assumptions, name="assumptions"),
    path("analysis/ownership/", views.ownership, name="ownership"),
    path("analysis/ownership/<int:number>/remove/", views.remove_ownership, name="remove_ownership"),
    # /t/<number>/
    path("t/<int:number>/root-cause/", views.rca_panel, name="rca_panel"),
    path("t/<int:number>/root-cause/link/", views.link_case, name="link_case"),
    path("t/<int:number>/root-cause/flag/", views.flag, name="flag_case"),
]

api_urlpatterns = [
    path("signals/", api.Signals.as_view()),
    path("signals/<int:number>/", api.OneSignal.as_view()),
    path("cases/", api.Cases.as_view()),
    path("cases/<int:number>/", api.OneCase.as_view()),
    path("cases/<int:number>/evidence/", api.Evidence.as_view()),
    path("cases/<int:number>/<slug:name>/", api.ActOnCase.as_view()),
    path("analysis/pareto/", api.Pareto.as_view()),
    path("analysis/exposure/", api.ExposureOfADay.as_view()),
]
