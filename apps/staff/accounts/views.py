"""Accounts and departments, for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.staff.accounts import queries, services
from apps.staff.accounts.forms import ColleagueForm, DepartmentForm
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import require

VERB = "staff.accounts"


@login_required
def accounts(request: PageRequest) -> HttpResponse:
    """Who may sign in, and as what; the link of a new one is shown once, for desks whose mail is not set up yet."""
    require(request.user, VERB)
    added = None
    form = ColleagueForm(
        request.POST if request.method == "POST" else None, initial={"time_zone": request.user.time_zone}
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_colleague(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            form = ColleagueForm(initial={"time_zone": request.user.time_zone})
    context = {
        "rows": queries.colleagues(), "form": form, "added": added,
        "link": services.password_link(user=added) if added else "",
    }  # fmt: skip
    return render(request, "staff/accounts.html", context, status=422 if form.errors else 200)


@login_required
def account(request: PageRequest, pk: int) -> HttpResponse:
    """One colleague: what they are called, and what they do here."""
    require(request.user, VERB)
    user = _found(pk)
    form = ColleagueForm(request.POST if request.method == "POST" else None, initial=ColleagueForm.of(user))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_colleague(user=user, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
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
    try:
        services.switch_colleague(user=user, on=on, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        said = (
            _("%(name)s may sign in again.") if on else
            _("%(name)s signs in no more. Their open tickets went to others.")
        )  # fmt: skip
        messages.success(request, said % {"name": user.name})
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
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"by": request.user, "at": timezone.now()}
        try:
            if row is None:
                services.add_department(**given)
            else:
                services.change_department(department=row, **given)
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("Kept."))
            return redirect("department_list")
    context = {"rows": queries.departments(), "form": form, "department": row}
    return render(request, "staff/department_list.html", context, status=422 if form.errors else 200)
