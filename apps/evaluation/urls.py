from django.urls import URLPattern, URLResolver, path

from apps.evaluation import api
from apps.evaluation.taxonomy import urls as taxonomy
from apps.evaluation.views import standards

urlpatterns = [
    # /standards/
    path("standards/", standards.standards, name="standards"),
    path("standards/goals/<int:pk>/withdraw/", standards.withdraw_goal, name="withdraw_goal"),
    # /coding-quality/
    path("coding-quality/", standards.coding_quality, name="coding_quality"),
    path("coding-quality/readings/", standards.coding_readings, name="coding_readings"),
    *taxonomy.urlpatterns,
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("coding-quality/", api.CodingQuality.as_view(), name="api_coding_quality"),
    *taxonomy.api_urlpatterns,
]
