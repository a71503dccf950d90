from django.urls import URLPattern, URLResolver, path

from apps.staff import api_staffing, api_suggestion
from apps.staff.views import people, staffing, suggestion

urlpatterns = [
    # /people/
    path("people/", people.people, name="people"),
    path("people/away/", people.absences, name="absences"),
    path("people/away/<int:pk>/end/", people.end_absence, name="end_absence"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/skills/", people.grant_skill, name="grant_skill"),
    path("people/skills/<int:pk>/withdraw/", people.withdraw_skill, name="withdraw_skill"),
    # /people/forecast/
    path("people/forecast/", staffing.forecast, name="forecast"),
    path("people/forecast/hours.csv", staffing.forecast_file, {"kind": "csv"}, name="forecast_csv"),
    path("people/forecast/hours.xlsx", staffing.forecast_file, {"kind": "xlsx"}, name="forecast_xlsx"),
    path("people/forecast/rules/", staffing.staffing_rules, name="staffing_rules"),
    path("people/forecast/rules/<int:pk>/withdraw/", staffing.withdraw_staffing, name="withdraw_staffing"),
    # /suggestions/
    path("suggestions/", suggestion.suggestions, name="suggestions"),
    path("suggestions/new/", suggestion.new_suggestion, name="new_suggestion"),
    path("suggestions/<int:pk>/", suggestion.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/voice/<slug:name>/", suggestion.voice, name="voice"),
    path("suggestions/<int:pk>/answer/<slug:name>/", suggestion.answer_suggestion, name="answer_suggestion"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("staffing/forecast/", api_staffing.Forecast.as_view(), name="api_staffing_forecast"),
    path("staffing/rules/", api_staffing.Rules.as_view(), name="api_staffing_rules"),
    path("suggestions/", api_suggestion.Suggestions.as_view(), name="api_suggestions"),
    path("suggestions/<int:pk>/", api_suggestion.OneSuggestion.as_view(), name="api_suggestion"),
    path("suggestions/<int:pk>/voice/", api_suggestion.OneVoice.as_view(), name="api_voice"),
    path("suggestions/<int:pk>/<slug:name>/", api_suggestion.Answer.as_view(), name="api_answer_suggestion"),
]
