"""Who else is here: beside the title of a ticket, and in the rows of a list."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.response.presence import services
from apps.response.presence.board import Doing
from apps.response.presence.queries import visited, visitors
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Ticket
from helpdesk.permissions import require

MOST = 100  # two pages of a list


@login_required
@require_POST
def presence(request: PageRequest, number: int) -> HttpResponse:
    """An open page says that it is there, what its person does, and hears who else is."""
    require(request.user, "response.view")
    at = timezone.now()
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    said = request.POST.get("doing", "")
    services.be_at(ticket=ticket, doing=Doing(said) if said in set(Doing) else None, by=request.user, at=at)
    people = visitors(ticket, besides=request.user, at=at)
    return render(request, "response/_here.html", {"people": people})


@login_required
@require_GET
def presence_in_list(request: PageRequest) -> HttpResponse:
    """Who is at which of these tickets, put into their rows. Rows nobody is at are cleared."""
    require(request.user, "response.view")
    asked = [number for number in map(number_in, request.GET.getlist("number")[:MOST]) if number]
    found = {row.number: row.people for row in visited(asked, user=request.user, at=timezone.now())}
    rows = [(number, found.get(number, ())) for number in asked]
    return render(request, "response/_here_in_list.html", {"rows": rows})
