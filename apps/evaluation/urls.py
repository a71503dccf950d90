from django.urls import URLPattern, URLResolver, path

from apps.evaluation import api, views
from apps.evaluation.taxonomy import urls as taxonomy

urlpatterns = [
    # /standards/
    path("standards/", views.standards, name="standards"),
    path("standards/goals/<int:pk>/withdraw/", views.withdraw_goal, name="withdraw_goal"),
    # /coding-quality/
    path("coding-quality/", views.coding_quality, name="coding_quality"),
    path("coding-quality/readings/", views.coding_readings, name="coding_readings"),
    *taxonomy.urlpatterns,
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("coding-quality/", api.CodingQuality.as_view(), name="api_coding_quality"),
    *taxonomy.api_urlpatterns,
]
