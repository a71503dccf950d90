"""The desk's own fields on a ticket: shown beside it, and filled in."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.intake.custom_fields.checking import definitions, place_of, shown
from apps.intake.custom_fields.forms import PREFIX, add_fields, values_in
from apps.response import queries, services
from apps.response.views.acts import to_ticket
from apps.response.views.queue import asked_of
from helpdesk.acting import refuse
from helpdesk.custom_fields import asked, missing, texts
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def own_fields_panel(request: PageRequest, number: int) -> HttpResponse:
    """The box beside the conversation. Empty where the desk has no field for this ticket."""
    require(request.user, "response.view")
    ticket = queries.ticket_in_full(number, user=request.user)
    known = definitions()
    needed = {one.key for one in missing(known, place_of(ticket), ticket.custom, at="solve")}
    rows = [
        (one, ", ".join(texts(ticket.custom.get(one.key))), one.key in needed) for one in shown(known, ticket)
    ]
    may_fill = may(request.user, "response.classify") and ticket.merged_into_id is None
    context = {"ticket": ticket, "rows": rows, "may_fill": may_fill, "asked": urlencode(asked_of(request))}
    return render(request, "response/_own_fields.html", context)


@login_required
def own_fields(request: PageRequest, number: int) -> HttpResponse:
    """A form of them; with `?then=solve` the ticket is solved once all it needs is filled in."""
    require(request.user, "response.classify")
    ticket = queries.ticket_in_full(number, user=request.user)
    solve = request.GET.get("then") == "solve" and may(request.user, "response.solve")
    form = _form(request, ticket, solve)
    if request.method == "POST" and form.is_valid():
        act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
        try:
            ticket = services.fill_in(ticket=ticket, values=values_in(form), only_known=True, **act)
            form = _form(request, ticket, solve)  # what was filled in may ask for more
            if form.is_valid():
                if solve:
                    services.solve(ticket=ticket, **act)
                messages.success(request, _("Saved."))
                return to_ticket(request, number)
        except DomainError as error:
            refuse(form, error, {error.pointer: error.pointer.replace("custom/", PREFIX)})
    then = {"then": "solve"} if solve else {}
    context = {
        "ticket": ticket, "form": form, "asked": urlencode(asked_of(request) | then), "what": "own_fields",
        "title": _("Fields"), "button": _("Save and solve") if solve else _("Save"), "current_section": "queue",
    }  # fmt: skip
    return render(request, "response/change.html", context, status=422 if form.errors else 200)


def _form(request: PageRequest, ticket: Ticket, solve: bool) -> forms.Form:
    form = forms.Form(request.POST if request.method == "POST" else None)
    concerned = asked(definitions(), place_of(ticket), ticket.custom)
    add_fields(form, concerned, ticket.custom, [one.key for one in concerned if solve and one.needed])
    return form
