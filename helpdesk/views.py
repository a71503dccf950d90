"""Pages of the house itself: home, first set-up, keys, health, and what is said when something is wrong."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from helpdesk import services
from helpdesk.api.problems import problem_details
from helpdesk.cache import valkey_answers
from helpdesk.changes import changes, tables
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.forms import FirstAdminForm, PreferencesForm, TokenForm
from helpdesk.http import PageRequest
from helpdesk.models import ApiToken, Role, User
from helpdesk.palette import places
from helpdesk.permissions import require

HOMES = {
    Role.AGENT: "queue",
    Role.LEAD: "queue",
    Role.OWNER: "needs_you",
    Role.ANALYST: "signals",
    Role.ADMIN: "queue",
    Role.CUSTOMER: "portal",
}


def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(HOMES.get(Role(request.user.role), "portal"))
    if not User.objects.exclude(role=Role.SYSTEM).exists():
        return redirect("setup")
    return redirect("portal")


@never_cache
def setup(request: HttpRequest) -> HttpResponse:
    """The first administrator of an empty helpdesk."""
    if User.objects.exclude(role=Role.SYSTEM).exists():
        return redirect("login")
    form = FirstAdminForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            admin = services.create_first_admin(
                **form.cleaned_data, language=translation.get_language() or "", at=timezone.now()
            )
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            login(request, admin, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("home")
    return render(request, "helpdesk/setup.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def palette(request: PageRequest) -> HttpResponse:
    """Go anywhere by its name: the rows for whoever types, the page for whoever has no scripts."""
    if not request.user.is_staff_member:
        raise NotAllowed
    text = request.GET.get("q", "")
    context = {"text": text, "places": places(text, user=request.user)}
    return render(
        request, "helpdesk/_places.html" if "at" in request.GET else "helpdesk/palette.html", context
    )


@login_required
@require_GET
def set_up_changes(request: PageRequest) -> HttpResponse:
    """Who changed what in how the desk is set up, and from what to what."""
    require(request.user, "helpdesk.changes")
    kind = request.GET.get("kind", "")
    kinds = [(name, called) for name, (_model, called) in tables().items()]
    context = {"rows": changes(kind=kind), "kinds": kinds, "kind": kind}
    return render(request, "helpdesk/changes.html", context)


@login_required
def tokens(request: PageRequest) -> HttpResponse:
    """The keys of programs; a new key is shown once, here."""
    require(request.user, "helpdesk.tokens")
    form, key = TokenForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        key = services.issue_token(**form.cleaned_data, by=request.user, at=timezone.now())
        form = TokenForm()
    rows = ApiToken.objects.select_related("user__department").order_by("-created_at")
    context = {"form": form, "key": key, "tokens": rows}
    return render(request, "helpdesk/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke_token(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "helpdesk.tokens")
    services.revoke_token(token=get_object_or_404(ApiToken, pk=pk), by=request.user, at=timezone.now())
    return redirect("tokens")


@login_required
def preferences(request: PageRequest) -> HttpResponse:
    """How I like it: language and time zone, kept with the account; theme and rows, kept in this browser."""
    require(request.user, "helpdesk.prefer")
    names = ("language", "time_zone", "follow_mentions", "show_presence")
    known = {name: getattr(request.user, name) for name in names}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        services.set_preferences(**form.cleaned_data, by=request.user)
        with translation.override(request.user.language or None):
            messages.success(request, translation.gettext("Kept: pages and letters read so from now on."))
        return redirect("preferences")
    return render(request, "helpdesk/preferences.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """For load balancers: this process answers, and reaches its database. Work goes on without the cache, so that its
    absence is told and takes no process out of service."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok", "cache": "ok" if valkey_answers() else "away"})


@login_required
def style_guide(request: PageRequest) -> HttpResponse:
    require(request.user, "helpdesk.configure")
    from helpdesk.style_guide import sample

    return render(request, "helpdesk/style_guide.html", sample())


# --- what is said when something is wrong -------------------------------------------------------------


class RefusalsAsPages:
    """Middleware: a service's refusal that no form caught becomes a page that says what was wrong."""

    def __init__(self, get_response: object) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)  # type: ignore[operator, no-any-return]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        template = {NotAllowed.status: "403.html", NotFound.status: "404.html"}.get(error.status, "400.html")
        return render(request, template, {"detail": error.detail}, status=error.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status, detail = 400, _("The request can't be read.")
    if isinstance(exception, RequestDataTooBig):
        status, detail = 413, _("The request is larger than 25 MB.")
    if request.path.startswith("/api/"):
        return problem_details(request, status, "bad-request", detail)
    return render(request, "400.html", {"detail": detail}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_details(request, 404, "not-found", _("There is nothing at this address."))
    return render(request, "404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_details(request, 403, "not-allowed", _("You may not do this."))
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_details(
            request, 500, "fault", _("A fault of ours. It is logged under this request id.")
        )
    return render(request, "500.html", status=500)
