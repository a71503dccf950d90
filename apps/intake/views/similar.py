"""The box on the ticket page: tickets like this one, and what solved them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from apps.intake.similar import similar_tickets
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import require


@login_required
@require_GET
def similar_panel(request: PageRequest, number: int) -> HttpResponse:
    """What the same customer sent besides, and how tickets like this one were answered."""
    require(request.user, "response.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    context = {"ticket": ticket, "similar": similar_tickets(ticket, request.user)}
    return render(request, "intake/_similar.html", context)
