from django.urls import URLPattern, URLResolver, path

from apps.staff import api, api_dealing, api_staffing, api_suggestion
from apps.staff.accounts import api as accounts_api
from apps.staff.accounts import views as accounts
from apps.staff.accounts import views_passwords as passwords
from apps.staff.views import dealing, people, person, staffing, suggestion, training

urlpatterns = [
    # /people/
    path("people/", people.people, name="people"),
    path("people/away/", people.absences, name="absences"),
    path("people/away/<int:pk>/end/", people.end_absence, name="end_absence"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/skills/", person.grant_skill, name="grant_skill"),
    path("people/skills/<int:pk>/withdraw/", person.withdraw_skill, name="withdraw_skill"),
    path("people/<int:pk>/courses/", person.assign_course, name="assign_course"),
    path("people/courses/<int:pk>/excuse/", person.excuse_from_course, name="excuse_from_course"),
    path("people/<int:pk>/certificates/", person.grant_certificate, name="grant_certificate"),
    path("people/certificates/<int:pk>/withdraw/", person.withdraw_certificate, name="withdraw_certificate"),
    path("people/<int:pk>/notes/", person.write_note, name="write_coaching_note"),
    path("people/notes/<int:pk>/answer/", person.answer_note, name="answer_coaching_note"),
    # /people/dealing/
    path("people/dealing/", dealing.dealing, name="dealing"),
    path("people/dealing/pause/", dealing.pause_dealing, name="pause_dealing"),
    path("people/dealing/<slug:slug>/", dealing.set_dealing, name="set_dealing"),
    # /people/forecast/
    path("people/forecast/", staffing.forecast, name="forecast"),
    path("people/forecast/hours.csv", staffing.forecast_file, {"kind": "csv"}, name="forecast_csv"),
    path("people/forecast/hours.xlsx", staffing.forecast_file, {"kind": "xlsx"}, name="forecast_xlsx"),
    path("people/forecast/rules/", staffing.staffing_rules, name="staffing_rules"),
    path("people/forecast/rules/<int:pk>/withdraw/", staffing.withdraw_staffing, name="withdraw_staffing"),
    # /training/
    path("training/", training.training, name="training"),
    path("training/<int:pk>/start/", training.start_course, name="start_course"),
    path("training/<int:pk>/pass/", training.pass_course, name="pass_course"),
    path("training/courses/new/", training.new_course, name="new_course"),
    path("training/courses/<int:pk>/", training.course, name="course"),
    path("training/courses/<int:pk>/edit/", training.edit_course, name="edit_course"),
    path("training/courses/<int:pk>/retire/", training.retire_course, name="retire_course"),
    path("training/rules/", training.rules, name="training_rules"),
    path("training/rules/usual/", training.usual_rules, name="usual_training_rules"),
    path("training/rules/<int:pk>/withdraw/", training.withdraw_rule, name="withdraw_training_rule"),
    # /suggestions/
    path("suggestions/", suggestion.suggestions, name="suggestions"),
    path("suggestions/new/", suggestion.new_suggestion, name="new_suggestion"),
    path("suggestions/<int:pk>/", suggestion.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/voice/<slug:name>/", suggestion.voice, name="voice"),
    path("suggestions/<int:pk>/answer/<slug:name>/", suggestion.answer_suggestion, name="answer_suggestion"),
    # /admin/
    path("admin/accounts/", accounts.accounts, name="accounts"),
    path("admin/accounts/<int:pk>/", accounts.account, name="account"),
    path("admin/accounts/<int:pk>/switch/", accounts.switch_account, name="switch_account"),
    path("admin/accounts/<int:pk>/password/", accounts.send_password, name="send_password"),
    path("admin/roles/", accounts.role_list, name="role_list"),
    path("admin/departments/", accounts.department_list, name="department_list"),
    path("admin/departments/<slug:slug>/", accounts.department_list, name="edit_department"),
    # Passwords
    path("login/forgotten/", passwords.forgotten_password, name="forgotten_password"),
    path("login/choose/<str:key>/", passwords.choose_password, name="choose_password"),
    path("settings/password/", passwords.change_password, name="change_password"),
]
api_urlpatterns: list[URLPattern | URLResolver] = [
    path("dealing/", api_dealing.Dealings.as_view()),
    path("colleagues/", accounts_api.Colleagues.as_view()),
    path("colleagues/<int:pk>/", accounts_api.OneColleague.as_view()),
    path("colleagues/<int:pk>/invite/", accounts_api.InviteColleague.as_view()),
    path("roles/", accounts_api.Roles.as_view()),
    path("departments/", accounts_api.Departments.as_view()),
    path("departments/<slug:slug>/", accounts_api.OneDepartment.as_view()),
    path("dealing/<slug:slug>/", api_dealing.OneDealing.as_view()),
    path("courses/", api.Courses.as_view(), name="api_courses"),
    path("courses/<int:pk>/", api.OneCourse.as_view(), name="api_course"),
    path("course-assignments/", api.Assignments.as_view(), name="api_course_assignments"),
    path("course-assignments/<int:pk>/", api.OneAssignment.as_view(), name="api_course_assignment"),
    path("certificates/", api.Certificates.as_view(), name="api_certificates"),
    path("certificates/<int:pk>/", api.OneCertificate.as_view(), name="api_certificate"),
    path("staffing/forecast/", api_staffing.Forecast.as_view(), name="api_staffing_forecast"),
    path("staffing/rules/", api_staffing.Rules.as_view(), name="api_staffing_rules"),
    path("skills/", api.Skills.as_view(), name="api_skills"),
    path("skills/<int:pk>/", api.OneSkill.as_view(), name="api_skill"),
    path("suggestions/", api_suggestion.Suggestions.as_view(), name="api_suggestions"),
    path("suggestions/<int:pk>/", api_suggestion.OneSuggestion.as_view(), name="api_suggestion"),
    path("suggestions/<int:pk>/voice/", api_suggestion.OneVoice.as_view(), name="api_voice"),
    path("suggestions/<int:pk>/<slug:name>/", api_suggestion.Answer.as_view(), name="api_answer_suggestion"),
]
