"""Passwords: chosen by a letter's link, asked for where one signs in, changed by who knows the old one."""

from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from apps.intake.knocks import knock
from apps.staff.accounts import services
from apps.staff.accounts.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from helpdesk.acting import done
from helpdesk.errors import NotAllowed
from helpdesk.http import PageRequest
from helpdesk.models import User

ASKED_AN_HOUR = 20
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
def choose_password(request: HttpRequest, key: str) -> HttpResponse:
    """The page behind a letter's link. Looking at it uses nothing up."""
    user = services.user_by_key(key=key)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if done(form, lambda given: services.choose_password(key=key, **given, at=timezone.now())):
        login(request, User.objects.get(pk=user.pk), backend=BACKEND)
        return redirect("home")
    context = {"form": form, "person": user}
    return render(request, "staff/choose_password.html", context, status=422 if form.errors else 200)


@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The same is said whoever asks, so that nobody learns who works here."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        knock("password", request.META.get("REMOTE_ADDR", ""), limit=ASKED_AN_HOUR)
        email = form.cleaned_data["email"]
        services.ask_for_password_link(email=email, by=User.objects.system(), at=timezone.now())
        return render(request, "staff/forgotten_password.html", {"asked": email})
    return render(
        request, "staff/forgotten_password.html", {"form": form}, status=422 if form.errors else 200
    )


@login_required
def change_password(request: PageRequest) -> HttpResponse:
    """One's own, by who knows the old one."""
    if not request.user.is_staff_member:
        raise NotAllowed
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if done(form, lambda given: services.change_password(**given, by=request.user, at=timezone.now())):
        # This browser stays signed in; all others are not any more.
        update_session_auth_hash(request, User.objects.get(pk=request.user.pk))
        messages.success(request, _("Your password is changed. Other browsers are signed out."))
        return redirect("preferences")
    return render(request, "staff/change_password.html", {"form": form}, status=422 if form.errors else 200)
