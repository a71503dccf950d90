"""The page that says what a customer's words do to a ticket that is over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response.reopening import services
from apps.response.reopening.forms import ReopenForm
from apps.response.reopening.queries import policies_in_force
from apps.response.views.acts import act
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Department, Ticket
from helpdesk.permissions import require


@login_required
def reopen_policies(request: PageRequest) -> HttpResponse:
    """What counts for the company and each department, and the form that changes one: `?for=` which."""
    require(request.user, "response.manage")
    posted = request.POST if request.method == "POST" else None
    rows = policies_in_force(request.user)
    slug = request.GET.get("for", "")
    mine = next((row for row in rows if row.may_change), rows[0])
    chosen = next((row for row in rows if row.department and row.department.slug == slug), mine)
    form = ReopenForm(posted, user=request.user, initial=ReopenForm.of(chosen.policy, chosen.department))
    if posted is not None and form.is_valid():
        try:
            services.save_policy(**form.terms, by=request.user)
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Kept."))
            return redirect("reopen_policies")
    context = {"rows": rows, "form": form}
    return render(request, "response/reopening.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def forget_reopen_policy(request: PageRequest, slug: str) -> HttpResponse:
    require(request.user, "response.manage")
    department = get_object_or_404(Department, slug=slug)
    services.forget_policy(department=department, by=request.user)
    messages.success(request, _("%(name)s does as the company does.") % {"name": department})
    return redirect("reopen_policies")


@login_required
@require_POST
def deny_thanks(request: PageRequest, number: int, pk: int) -> HttpResponse:
    def do(ticket: Ticket) -> None:
        message = get_object_or_404(ticket.messages.select_related("ticket"), pk=pk)
        services.deny_thanks(message=message, by=request.user, at=timezone.now())

    return act(request, number, do)
