from django.urls import URLPattern, URLResolver, path

from apps.staff.views import people

urlpatterns = [
    # /people/
    path("people/", people.people, name="people"),
    path("people/away/", people.absences, name="absences"),
    path("people/away/<int:pk>/end/", people.end_absence, name="end_absence"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/skills/", people.grant_skill, name="grant_skill"),
    path("people/skills/<int:pk>/withdraw/", people.withdraw_skill, name="withdraw_skill"),
]
api_urlpatterns: list[URLPattern | URLResolver] = []
