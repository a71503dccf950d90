"""The box beside a ticket that says how each of its issues is answered: what to ask, what may be given, what was."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries, services
from apps.response.forms import FactForm, RemedyForm
from apps.response.models import Approval, GivenRemedy
from apps.response.queries.remedies import guidance_box
from apps.response.views.acts import first_error
from helpdesk.acting import STRANGER
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Remedy, Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def guidance_panel(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.view")
    return _box(request, queries.ticket_in_full(number, user=request.user))


@login_required
@require_POST
def give(request: PageRequest, number: int) -> HttpResponse:
    """Give something, or ask for approval: which, says the button."""
    ticket = _ticket(request, number)
    form = RemedyForm(request.POST)
    if not form.is_valid():
        return _box(request, ticket, refusal=first_error(form))
    given, now = form.cleaned_data, timezone.now()
    if request.POST.get("act") == "ask":
        wanted = {name: given[name] for name in ("remedy", "amount", "issue", "offer")}
        return _tried(
            request,
            ticket,
            lambda: services.ask_approval(
                ticket=ticket, why=given["reason"], **wanted, by=request.user, at=now
            ),
            _("Asked. You find the answer here, and in your mail."),
        )
    return _tried(
        request,
        ticket,
        lambda: services.give_remedy(ticket=ticket, **given, by=request.user, at=now),
        _("Recorded."),
    )


@login_required
@require_POST
def strike_remedy(request: PageRequest, number: int, pk: int) -> HttpResponse:
    ticket = _ticket(request, number)
    row = get_object_or_404(GivenRemedy.objects.select_related("ticket"), pk=pk, ticket=ticket)
    why = request.POST.get("why", "")
    return _tried(
        request,
        ticket,
        lambda: services.strike_remedy(given=row, why=why, by=request.user, at=timezone.now()),
    )


@login_required
@require_POST
def note_fact(request: PageRequest, number: int) -> HttpResponse:
    """What was found out about one question."""
    ticket = _ticket(request, number)
    form = FactForm(request.POST)
    if not form.is_valid():
        return _box(request, ticket, refusal=first_error(form))
    return _tried(
        request,
        ticket,
        lambda: services.note_fact(ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()),
    )


@login_required
@require_POST
def go_on_with_approval(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """The agent's part of an approval: answer the question, take it back, or give what was approved."""
    ticket = _ticket(request, number)
    row = get_object_or_404(Approval.objects.select_related("ticket"), pk=pk, ticket=ticket)
    act: dict[str, Any] = {"approval": row, "by": request.user, "at": timezone.now()}
    match request.POST.get("act"):
        case "give":
            return _tried(request, ticket, lambda: services.use_approval(**act), _("Recorded."))
        case "withdraw":
            return _tried(request, ticket, lambda: services.withdraw_approval(**act))
    why = request.POST.get("why", "")
    return _tried(request, ticket, lambda: services.explain_approval(**act, why=why))


def _ticket(request: PageRequest, number: int) -> Ticket:
    require(request.user, "response.view")
    return queries.ticket_in_full(number, user=request.user)


def _tried(request: PageRequest, ticket: Ticket, do: Callable[[], object], said: str = "") -> HttpResponse:
    try:
        do()
        services.keep_played(ticket=ticket, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.status in STRANGER and error.code != services.AboveAuthority.code:
            raise
        return _box(request, ticket, refusal=error.detail)
    return _box(request, ticket, said=said)


def _box(request: PageRequest, ticket: Ticket, *, refusal: str = "", said: str = "") -> HttpResponse:
    if not request.htmx and request.method == "POST" and not refusal:
        return redirect("ticket", number=ticket.pk)
    stands = ticket.merged_into_id is None
    context = {
        "ticket": ticket,
        "box": guidance_box(ticket, user=request.user, at=timezone.now()),
        "refusal": refusal,
        "said": said,
        # What was typed is kept where it was refused.
        "typed": request.POST if refusal else {},
        "remedies": Remedy.choices,
        "may_give": stands and may(request.user, "response.solve"),
        "may_note": stands and may(request.user, "response.note"),
        "may_reply": stands and may(request.user, "response.reply"),
        "may_manage": may(request.user, "response.manage"),
    }
    return render(request, "response/_guidance.html", context, status=422 if refusal else 200)
