from django.urls import URLPattern, URLResolver, path

from apps.evaluation import views

urlpatterns = [
    # /standards/
    path("standards/", views.standards, name="standards"),
    path("standards/goals/<int:pk>/withdraw/", views.withdraw_goal, name="withdraw_goal"),
]
api_urlpatterns: list[URLPattern | URLResolver] = []
