"""Time in the box beside a ticket, and who spent how much of it."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries
from apps.response.timekeeping import services
from apps.response.timekeeping.forms import TimeForm
from apps.response.timekeeping.models import TimeEntry
from apps.response.timekeeping.queries import time_box, totals
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

SPANS = (7, 30, 90)


@login_required
def time_panel(request: PageRequest, number: int) -> HttpResponse:
    """The box: the sum, a timer, and a form to write minutes down."""
    require(request.user, "response.view")
    ticket = queries.ticket_in_full(number, user=request.user)
    form = TimeForm(request.POST if request.method == "POST" else None)

    def book(given: dict[str, Any]) -> None:
        services.book_time(ticket=ticket, **given, by=request.user, at=timezone.now())

    booked = request.method == "POST" and done(form, book)
    return _box(request, number, TimeForm() if booked else form)


@login_required
@require_POST
def timer(request: PageRequest, number: int) -> HttpResponse:
    """Start, stop, or stop and forget: which, says the button."""
    require(request.user, services.VERB)
    act: dict[str, Any] = {
        "ticket": queries.ticket_in_full(number, user=request.user), "by": request.user, "at": timezone.now(),
    }  # fmt: skip
    if request.POST.get("act") == "start":
        tried(request, lambda: services.start_timer(**act))
    else:
        what, keep = request.POST.get("what", ""), request.POST.get("act") != "forget"
        tried(request, lambda: services.stop_timer(**act, what=what, keep=keep))
    return _box(request, number)


@login_required
@require_POST
def strike_time(request: PageRequest, number: int, pk: int) -> HttpResponse:
    require(request.user, services.VERB)
    ticket = queries.ticket_in_full(number, user=request.user)
    entry = get_object_or_404(TimeEntry.objects.select_related("ticket"), pk=pk, ticket=ticket)
    why = request.POST.get("why", "")
    tried(request, lambda: services.strike_out(entry=entry, why=why, by=request.user, at=timezone.now()))
    return _box(request, number)


def _box(request: PageRequest, number: int, form: TimeForm | None = None) -> HttpResponse:
    if not request.htmx and request.method == "POST":
        return redirect("ticket", number=number)
    ticket = queries.ticket_in_full(number, user=request.user)
    context = {
        "ticket": ticket,
        "box": time_box(ticket, user=request.user),
        "form": form or TimeForm(),
        "may_book": may(request.user, services.VERB),
        "may_strike_all": may(request.user, "response.manage"),
    }
    return render(request, "response/_time.html", context)


@login_required
@require_GET
def time_spent(request: PageRequest) -> HttpResponse:
    """Who worked how long, and about what."""
    require(request.user, "staff.plan")
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, SPANS) else SPANS[1]
    now = timezone.now()
    span: dict[str, Any] = {"user": request.user, "since": now - timedelta(days=days), "until": now}
    tables = [totals(by, **span) for by in ("person", "issue")]
    context = {"people": tables[0], "issues": tables[1], "days": days, "spans": SPANS}
    return render(request, "response/time_spent.html", context)
