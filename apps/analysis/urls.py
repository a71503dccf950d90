from django.urls import path

from apps.analysis import (
    api,
    api_assumptions,
    api_calendar,
    api_evidence,
    api_issue,
    api_ledger,
    api_saved_views,
    api_signals,
)
from apps.analysis.trackers import api as tracker_api
from apps.analysis.trackers import views as trackers
from apps.analysis.views import (
    calendar,
    cases,
    departments,
    evidence,
    exposure,
    issue,
    ledger,
    overview,
    owner,
    panel,
    run,
    saved_views,
    settings,
    signals,
    spread,
)

urlpatterns = [
    # /signals/
    path("signals/", signals.signals, name="signals"),
    path("signals/<int:number>/", signals.signal, name="signal"),
    path("signals/<int:number>/weeks.<slug:kind>", signals.signal_chart, name="signal_chart"),
    path("signals/run/", run.run_now, name="run_analysis"),
    path("signals/run/<int:number>/", run.run_progress, name="run_progress"),
    path(
        "signals/<int:number>/promote/", signals.judge_signal, {"judgement": "promote"}, name="promote_signal"
    ),
    path("signals/<int:number>/merge/", signals.judge_signal, {"judgement": "merge"}, name="merge_signal"),
    path("signals/<int:number>/snooze/", signals.judge_signal, {"judgement": "snooze"}, name="snooze_signal"),
    path(
        "signals/<int:number>/dismiss/", signals.judge_signal, {"judgement": "dismiss"}, name="dismiss_signal"
    ),
    # /cases/
    path("cases/", cases.board, name="board"),
    path("cases/search/", cases.case_search, name="case_search"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/evidence/", evidence.evidence, name="evidence"),
    path("cases/<int:number>/evidence/<slug:name>/", evidence.act_on_evidence, name="act_on_evidence"),
    path("cases/<int:number>/spread/", spread.spread, name="spread"),
    path("cases/<int:number>/spread/<slug:name>/", spread.act_on_spread, name="act_on_spread"),
    path("cases/<int:number>/charts/<slug:name>.<slug:kind>", cases.case_chart, name="case_chart"),
    path("cases/<int:number>/<slug:name>/", cases.act_on_case, name="act_on_case"),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("needs-you/", cases.needs_you, name="needs_you"),
    # /o/<key>/ the owner, without an account
    path("o/<str:key>/", owner.owner_page, name="owner_page"),
    path("o/<str:key>/evidence/", owner.evidence_by_link, name="evidence_by_link"),
    path("o/<str:key>/<slug:name>/", owner.act_by_link, name="act_by_link"),
    # /analysis/
    path("analysis/", overview.analysis, name="analysis"),
    path("analysis/views/", saved_views.saved_views, name="saved_views"),
    path("analysis/views/<int:pk>/", saved_views.open_view, name="open_view"),
    path("analysis/views/<int:pk>/share/", saved_views.share_view, name="share_view"),
    path("analysis/views/<int:pk>/mail/", saved_views.mail_view, name="mail_view"),
    path("analysis/views/<int:pk>/forget/", saved_views.forget_view, name="forget_view"),
    path("analysis/pareto.csv", overview.pareto_file, {"kind": "csv"}, name="pareto_csv"),
    path("analysis/pareto.xlsx", overview.pareto_file, {"kind": "xlsx"}, name="pareto_xlsx"),
    path("analysis/charts/<slug:name>.<slug:kind>", overview.chart_file, name="analysis_chart"),
    path("analysis/keep/", overview.keep, name="keep_assumptions"),
    path("analysis/issues/<str:code>/", issue.issue, name="issue_analysis"),
    path("analysis/issues/<str:code>/<slug:name>.<slug:kind>", issue.issue_chart, name="issue_chart"),
    path("analysis/ledger/", ledger.ledger, name="ledger"),
    path("analysis/ledger.csv", ledger.ledger_file, {"kind": "csv"}, name="ledger_csv"),
    path("analysis/ledger.xlsx", ledger.ledger_file, {"kind": "xlsx"}, name="ledger_xlsx"),
    path("analysis/exposure/", exposure.exposure, name="exposure"),
    path("analysis/calendar/", calendar.calendar, name="calendar"),
    path("analysis/calendar/import/", calendar.import_calendar, name="import_calendar"),
    path("analysis/calendar/<int:number>/withdraw/", calendar.withdraw_entry, name="withdraw_entry"),
    path("analysis/assumptions/", settings.assumptions, name="assumptions"),
    path("analysis/ownership/", settings.ownership, name="ownership"),
    path("analysis/ownership/<int:number>/remove/", settings.remove_ownership, name="remove_ownership"),
    # /admin/trackers/
    path("admin/trackers/", trackers.trackers, name="trackers"),
    path("admin/trackers/<int:pk>/", trackers.tracker, name="tracker"),
    path("admin/trackers/<int:pk>/secret/", trackers.new_hook_secret, name="new_hook_secret"),
    path("admin/trackers/<int:pk>/try/", trackers.try_tracker, name="try_tracker"),
    path("admin/trackers/<int:pk>/switch/", trackers.switch_tracker, name="switch_tracker"),
    # /hooks/ what trackers call, signed
    path("hooks/github/<str:key>/", trackers.tracker_hook, {"kind": "github"}, name="github_hook"),
    path("hooks/jira/<str:key>/", trackers.tracker_hook, {"kind": "jira"}, name="jira_hook"),
    # /t/<number>/
    path("t/<int:number>/root-cause/", panel.rca_panel, name="rca_panel"),
    path("t/<int:number>/root-cause/link/", panel.link_case, name="link_case"),
    path("t/<int:number>/root-cause/helped/", panel.use_workaround, name="use_workaround"),
    path("t/<int:number>/root-cause/flag/", panel.flag, name="flag_case"),
]

api_urlpatterns = [
    path("signals/", api.Signals.as_view()),
    path("signals/<int:number>/", api.OneSignal.as_view()),
    path("signals/<int:number>/<slug:name>/", api_signals.JudgeSignal.as_view()),
    path("cases/", api.Cases.as_view()),
    path("cases/<int:number>/", api.OneCase.as_view()),
    path("cases/<int:number>/evidence/", api_evidence.CaseEvidence.as_view()),
    path("cases/<int:number>/tickets/", api.Evidence.as_view()),
    path("cases/<int:number>/<slug:name>/", api.ActOnCase.as_view()),
    path(
        "schemas/theme-evidence.json",
        api_evidence.ThemeEvidenceSchema.as_view(),
        name="theme_evidence_schema",
    ),
    path("trackers/", tracker_api.Trackers.as_view()),
    path("trackers/<int:pk>/", tracker_api.OneTracker.as_view()),
    path("trackers/<int:pk>/try/", tracker_api.TryTracker.as_view()),
    path("trackers/<int:pk>/secret/", tracker_api.NewHookSecret.as_view()),
    path("analysis/assumptions/", api_assumptions.Assumptions.as_view()),
    path("analysis/pareto/", api.Pareto.as_view()),
    path("analysis/ledger/", api_ledger.Ledger.as_view()),
    path("analysis/figures/", api.AnalysisFigures.as_view()),
    path("analysis/issues/<str:code>/", api_issue.IssueAnalysis.as_view()),
    path("analysis/calendar/", api_calendar.Calendar.as_view()),
    path("analysis/exposure/", api.ExposureOfADay.as_view()),
    path("analysis/views/", api_saved_views.SavedViews.as_view()),
    path("analysis/views/<int:pk>/", api_saved_views.OneView.as_view()),
    path("analysis/views/<int:pk>/mail/", api_saved_views.ViewByMail.as_view()),
]
