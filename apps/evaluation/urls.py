from django.urls import URLPattern, URLResolver, path

from apps.evaluation import api, views
from apps.evaluation.taxonomy.urls import urlpatterns as taxonomy_urls

urlpatterns = [
    # /standards/
    path("standards/", views.standards, name="standards"),
    path("standards/goals/<int:pk>/withdraw/", views.withdraw_goal, name="withdraw_goal"),
    # /coding-quality/
    path("coding-quality/", views.coding_quality, name="coding_quality"),
    path("coding-quality/readings/", views.coding_readings, name="coding_readings"),
    *taxonomy_urls,
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    path("coding-quality/", api.CodingQuality.as_view(), name="api_coding_quality"),
]
