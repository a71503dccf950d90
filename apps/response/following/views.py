"""The box of people around a ticket, and names while one types them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from apps.response import queries
from apps.response.following import services
from apps.response.following.queries import colleagues_like, followers_of
from helpdesk.acting import tried
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
@require_http_methods(["GET", "POST"])
def people_panel(request: PageRequest, number: int) -> HttpResponse:
    """Who takes part by mail and who follows; a button to follow, or to leave it."""
    require(request.user, "response.view")
    ticket = queries.ticket_in_full(number, user=request.user)
    if request.method == "POST":
        act = services.unfollow if request.POST.get("act") == "unfollow" else services.follow
        tried(request, lambda: act(ticket=ticket, by=request.user, at=timezone.now()))
        if not request.htmx:
            return redirect("ticket", number=number)
    followers = followers_of(ticket)
    context = {
        "ticket": ticket,
        "participants": ticket.participants.order_by("pk"),
        "followers": [row.user for row in followers],
        "follows": any(row.user_id == request.user.pk for row in followers),
    }
    return render(request, "response/_people.html", context)


@login_required
@require_GET
def complete_colleagues(request: PageRequest, number: int) -> HttpResponse:
    """Who could be meant by what stands after an @."""
    require(request.user, "response.note")
    ticket = queries.ticket_in_full(number, user=request.user)
    typed = request.GET.get("q", "")[:60]
    found = colleagues_like(ticket, typed, besides=[request.user.pk])
    return render(request, "response/_colleagues_found.html", {"people": found})
