"""Calls on pages: about something new, about a ticket, and those of a customer."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.intake.custom_fields.forms import PREFIX
from apps.intake.queries import customers_like, last_tickets
from apps.response import queries
from apps.response.calls import services
from apps.response.calls.forms import CallForm, NewCallForm
from apps.response.calls.models import CallDirection
from apps.response.calls.queries import calls_of
from apps.response.services import keep_played
from helpdesk.acting import done, refuse
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Customer, Ticket
from helpdesk.permissions import may, require


@login_required
def phone_note(request: PageRequest) -> HttpResponse:
    """Who calls is found or named, what they say is noted: it becomes a ticket, or goes on one they have open."""
    require(request.user, services.TAKE)
    caller, at = _caller(request), timezone.now()
    form = NewCallForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        at=at,
        initial={"customer": caller},
    )
    if request.method == "POST" and form.is_valid():
        try:
            ticket = services.take_contact(opening=form.opening, call=form.call, by=request.user, at=at)
        except DomainError as error:
            refuse(form, error, {error.pointer: error.pointer.replace("custom/", PREFIX)})
        else:
            return _opened(request, ticket)
    who = request.GET.get("who", "")
    context = {
        "form": form,
        "caller": caller,
        "who": who,
        "found": customers_like(who),
        "tickets": last_tickets(caller, request.user) if caller else [],
    }
    return render(request, "response/calls/phone_note.html", context, status=422 if form.errors else 200)


def _caller(request: PageRequest) -> Customer | None:
    chosen = number_in(request.POST.get("customer") or request.GET.get("customer", ""))
    return Customer.objects.filter(pk=chosen).first() if chosen else None


def _opened(request: PageRequest, ticket: Ticket) -> HttpResponse:
    if ticket.is_visible_to(request.user):
        return redirect("ticket", number=ticket.pk)
    said = _("#%(number)s was opened for %(department)s.")
    messages.success(request, said % {"number": ticket.pk, "department": ticket.department})
    return redirect("phone_note")


@login_required
def log_call(request: PageRequest, number: int) -> HttpResponse:
    """A call about this ticket; `?direction=in` where the customer rang."""
    require(request.user, services.VERB)
    ticket = queries.ticket_in_full(number, user=request.user)
    came_in = request.GET.get("direction") == CallDirection.IN
    form = CallForm(
        request.POST if request.method == "POST" else None,
        may_solve=may(request.user, "response.solve"),
        initial={
            "direction": CallDirection.IN if came_in else CallDirection.OUT,
            "number": ticket.customer.phone,
        },
    )

    def log(given: dict[str, Any]) -> None:
        act: dict[str, Any] = {"ticket": ticket, "by": request.user, "at": timezone.now()}
        services.log_call(call=form.call, about=given["about"], **act)
        keep_played(**act)

    if request.method == "POST" and done(form, log):
        messages.success(request, _("The call is logged."))
        return redirect("ticket", number=number)
    context = {"ticket": ticket, "form": form, "current_section": "queue"}
    return render(request, "response/calls/log_call.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def customer_calls(request: PageRequest, pk: int) -> HttpResponse:
    """The box on a customer's page: the newest fifty calls."""
    require(request.user, "response.view")
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    context = {
        "customer": customer,
        "calls": calls_of(customer, user=request.user),
        "may_call": may(request.user, services.TAKE) and customer.anonymised_at is None,
    }
    return render(request, "response/calls/_customer_calls.html", context)
