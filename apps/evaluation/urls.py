from django.urls import URLPattern, URLResolver, path

from apps.evaluation import api, api_prevention
from apps.evaluation.quality import urls as quality
from apps.evaluation.taxonomy import urls as taxonomy
from apps.evaluation.views import issue, prevention, standards

urlpatterns = [
    # /standards/
    path("standards/", standards.standards, name="standards"),
    path("standards/goals/<int:pk>/withdraw/", standards.withdraw_goal, name="withdraw_goal"),
    # /standards/prevention/
    path("standards/prevention/", prevention.prevention, name="prevention"),
    path("standards/prevention/scores.csv", prevention.scores_file, {"kind": "csv"}, name="prevention_csv"),
    path(
        "standards/prevention/scores.xlsx", prevention.scores_file, {"kind": "xlsx"}, name="prevention_xlsx"
    ),
    path(
        "standards/prevention/rules/<int:pk>/withdraw/", prevention.withdraw_rule, name="withdraw_bonus_rule"
    ),
    path("standards/prevention/<slug:slug>/draft/", prevention.draft, name="draft_statement"),
    path("standards/statements/<int:pk>/", prevention.statement, name="statement"),
    # /coding-quality/
    path("coding-quality/", standards.coding_quality, name="coding_quality"),
    path("coding-quality/issues/<str:code>/", issue.coding, name="issue_coding"),
    path("coding-quality/readings/", standards.coding_readings, name="coding_readings"),
    *quality.urlpatterns,
    *taxonomy.urlpatterns,
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("coding-quality/", api.CodingQuality.as_view(), name="api_coding_quality"),
    path("prevention/", api_prevention.Prevention.as_view(), name="api_prevention"),
    path("incentive-statements/", api_prevention.Statements.as_view(), name="api_statements"),
    path("incentive-statements/<int:pk>/", api_prevention.OneStatement.as_view(), name="api_statement"),
    path("incentive-statements/<int:pk>/acts/", api_prevention.Acts.as_view(), name="api_statement_acts"),
    path("bonus-rules/", api_prevention.BonusRules.as_view(), name="api_bonus_rules"),
    *quality.api_urlpatterns,
    *taxonomy.api_urlpatterns,
]
