"""The page of the company's own states, and the act that gives one to a ticket."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response.statuses import services
from apps.response.statuses.forms import OwnStatusForm, StatusForm
from apps.response.statuses.queries import statuses_with_tickets
from apps.response.views.acts import act
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import TicketStatus
from helpdesk.permissions import require


@login_required
@require_POST
def set_status(request: PageRequest, number: int) -> HttpResponse:
    form = StatusForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.set_status(
            ticket=ticket,
            to=form.cleaned_data["status"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        ),
        form=form,
    )


@login_required
def statuses(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """Every state in the company's own words, and the form that makes or changes one."""
    require(request.user, "response.manage")
    row = get_object_or_404(TicketStatus.objects.select_related("department"), pk=pk) if pk else None
    posted = request.POST if request.method == "POST" else None
    form = OwnStatusForm(posted, user=request.user, initial=OwnStatusForm.of(row) if row else None)
    if posted is not None and form.is_valid():
        try:
            services.save_status(status=row, **form.cleaned_data, by=request.user)
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("Kept."))
            return redirect("statuses")
    context = {"rows": statuses_with_tickets(), "form": form, "status": row}
    return render(request, "response/statuses.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def retire_status(request: PageRequest, pk: int) -> HttpResponse:
    """Retire it, or take it back into use."""
    require(request.user, "response.manage")
    row = get_object_or_404(TicketStatus.objects.select_related("department"), pk=pk)
    if request.POST.get("restore"):
        services.restore_status(status=row, by=request.user)
        messages.success(request, _("“%(row)s” may be given to tickets again.") % {"row": row})
    else:
        services.retire_status(status=row, by=request.user, at=timezone.now())
        messages.success(request, _("“%(row)s” is retired. Tickets that have it keep it.") % {"row": row})
    return redirect("statuses")
