from django.urls import path

from apps.awareness import api, views

urlpatterns = [
    # /notices/
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/publish/", views.publish_notice, name="publish_notice"),
    path("notices/<int:pk>/withdraw/", views.withdraw_notice, name="withdraw_notice"),
    # for customers
    path("changes/", views.changes, name="changes"),
]

api_urlpatterns = [
    path("notices/", api.Notices.as_view()),
]
