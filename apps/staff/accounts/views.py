"""Accounts and departments, for administrators."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.staff.accounts import queries, services
from apps.staff.accounts.forms import ColleagueForm, DepartmentForm
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import require

VERB = "staff.accounts"


@login_required
def accounts(request: PageRequest) -> HttpResponse:
    """Who may sign in, and as what; the link of a new one is shown once, for desks whose mail is not set up yet."""
    require(request.user, VERB)
    added: User | None = None
    empty = ColleagueForm(initial={"time_zone": request.user.time_zone})
    form = ColleagueForm(request.POST) if request.method == "POST" else empty

    def add(given: dict[str, Any]) -> None:
        nonlocal added
        added = services.add_colleague(**given, by=request.user, at=timezone.now())

    if done(form, add):
        form = empty
    context = {
        "rows": queries.colleagues(), "form": form, "added": added,
        "link": services.password_link(user=added) if added else "",
    }  # fmt: skip
    return render(request, "staff/accounts.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def role_list(request: PageRequest) -> HttpResponse:
    """What each role may do, for who chooses one."""
    require(request.user, VERB)
    context = {"roles": queries.roles(), "acts": queries.acts_of_roles()}
    return render(request, "staff/role_list.html", context)


@login_required
def account(request: PageRequest, pk: int) -> HttpResponse:
    """One colleague: what they are called, and what they do here."""
    require(request.user, VERB)
    user = _found(pk)
    form = ColleagueForm(request.POST if request.method == "POST" else None, initial=ColleagueForm.of(user))
    act: dict[str, Any] = {"user": user, "by": request.user, "at": timezone.now()}
    if done(form, lambda given: services.change_colleague(**given, **act)):
        messages.success(request, _("Kept."))
        return redirect("accounts")
    context = {"colleague": user, "form": form}
    return render(request, "staff/account.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def switch_account(request: PageRequest, pk: int) -> HttpResponse:
    """Whoever has left signs in no more; or they are back."""
    require(request.user, VERB)
    user, on = _found(pk), request.POST.get("on") == "1"
    said = (
        _("%(name)s may sign in again.") if on else
        _("%(name)s signs in no more. Their open tickets went to others.")
    )  # fmt: skip
    tried(
        request,
        lambda: services.switch_colleague(user=user, on=on, by=request.user, at=timezone.now()),
        said % {"name": user.name},
    )
    return redirect("accounts")


@login_required
@require_POST
def send_password(request: PageRequest, pk: int) -> HttpResponse:
    """A letter with a link to choose a password."""
    require(request.user, VERB)
    user = _found(pk)
    services.send_password_link(user=user, by=request.user, at=timezone.now())
    messages.success(request, _("%(name)s gets a letter to choose a password.") % {"name": user.name})
    return redirect("account", pk=pk)


def _found(pk: int) -> User:
    return get_object_or_404(queries.colleagues(), pk=pk)


@login_required
def department_list(request: PageRequest, slug: str = "") -> HttpResponse:
    """Every department, and the form that makes or changes one."""
    require(request.user, VERB)
    row = get_object_or_404(queries.departments(), slug=slug) if slug else None
    form = DepartmentForm(request.POST if request.method == "POST" else None, department=row)
    act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    save = partial(services.change_department, department=row) if row else services.add_department
    if done(form, lambda given: save(**given, **act)):
        messages.success(request, _("Kept."))
        return redirect("department_list")
    context = {"rows": queries.departments(), "form": form, "department": row}
    return render(request, "staff/department_list.html", context, status=422 if form.errors else 200)
