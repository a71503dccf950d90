"""Several tickets into one, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.response import queries, services
from apps.response.forms import MergeSeveralForm
from apps.response.queries.merging import others_to_merge
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def merge_several(request: PageRequest, number: int) -> HttpResponse:
    """The customer's other tickets, to be ticked and taken into this one."""
    require(request.user, "response.merge")
    ticket = queries.ticket_in_full(number, user=request.user)
    others = others_to_merge(ticket, user=request.user)
    form = MergeSeveralForm(request.POST if request.method == "POST" else None, others=others)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            services.merge_all(tickets=chosen, into=ticket, by=request.user, at=timezone.now())
            services.keep_played(ticket=ticket, by=request.user, at=timezone.now())
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error("tickets", error.detail)
        else:
            said = ngettext(
                "%(count)s ticket is part of this one now.", "%(count)s tickets are part of this one now.", len(chosen)
            )  # fmt: skip
            messages.success(request, said % {"count": len(chosen)})
            return redirect("ticket", number=ticket.pk)
    context = {"ticket": ticket, "form": form, "others": others, "current_section": "queue"}
    return render(request, "response/merge_several.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def undo_merge(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.merge")
    ticket = queries.ticket_in_full(number, user=request.user)
    try:
        services.undo_merge(ticket=ticket, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.detail)
    else:
        messages.success(request, _("#%(number)s is a ticket of its own again.") % {"number": number})
    return redirect("ticket", number=number)
