"""Every address of the house: each point brings its pages and its part of the API."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.i18n import set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from helpdesk import views
from helpdesk.api.changes import Changes
from helpdesk.api.preferences import Me

points = [import_module(f"apps.{point}.urls") for point in settings.POINTS]
# A point may add methods to an address of a point to its left: the rightmost answers, in the place of the leftmost. So
# tickets, which programs ask for most, are found first.
api = {str(pattern.pattern): pattern for point in points for pattern in point.api_urlpatterns}

urlpatterns = [
    # Programs call more often than people look: their addresses are tried first.
    path("api/v1/", include(list(api.values()))),
    path("api/v1/changes/", Changes.as_view()),
    path("api/v1/me/", Me.as_view(), name="api_me"),
    path("", views.home, name="home"),
    path("setup/", views.setup, name="setup"),
    path("login/", auth.LoginView.as_view(template_name="helpdesk/login.html"), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("health/", views.health, name="health"),
    path("palette/", views.palette, name="palette"),
    path("settings/", views.preferences, name="preferences"),
    path("language/", set_language, name="set_language"),
    path("style/", views.style_guide, name="style_guide"),
    # /admin/
    path("admin/changes/", views.set_up_changes, name="set_up_changes"),
    path("admin/tokens/", views.tokens, name="tokens"),
    path("admin/tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    # /api/
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api_docs"),
    *[pattern for point in points for pattern in point.urlpatterns],
]

handler400 = "helpdesk.views.bad_request"
handler403 = "helpdesk.views.not_allowed"
handler404 = "helpdesk.views.not_found"
handler500 = "helpdesk.views.server_error"
