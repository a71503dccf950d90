from django.urls import URLPattern, URLResolver, path

from apps.staff import views

urlpatterns = [
    # /people/
    path("people/", views.people, name="people"),
    path("people/away/", views.absences, name="absences"),
    path("people/away/<int:pk>/end/", views.end_absence, name="end_absence"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/skills/", views.grant_skill, name="grant_skill"),
    path("people/skills/<int:pk>/withdraw/", views.withdraw_skill, name="withdraw_skill"),
]
api_urlpatterns: list[URLPattern | URLResolver] = []
