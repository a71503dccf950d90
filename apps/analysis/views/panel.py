"""The box on the ticket page: its case, its known error, and the way to raise one."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import forms, services
from apps.analysis.queries.panel import panel_of
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def rca_panel(request: PageRequest, number: int) -> HttpResponse:
    """The case and the known error behind a ticket, and the way to link or raise one."""
    require(request.user, "response.view")
    return _panel(request, get_object_or_404(Ticket.objects.visible_to(request.user), pk=number))


@login_required
@require_POST
def link_case(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = forms.LinkForm(request.POST, user=request.user)
    went_well = done(
        form, lambda given: services.link_ticket(ticket=ticket, **given, by=request.user, at=timezone.now())
    )
    return _after_panel(request, ticket, form, went_well)


@login_required
@require_POST
def use_workaround(request: PageRequest, number: int) -> HttpResponse:
    """The agent says whether the workaround helped this customer."""
    require(request.user, "response.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = forms.WorkaroundUseForm(request.POST, user=request.user)
    went_well = done(
        form,
        lambda given: services.use_workaround(ticket=ticket, **given, by=request.user, at=timezone.now()),
    )
    return _after_panel(request, ticket, form, went_well)


@login_required
@require_POST
def flag(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "response.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    form = forms.FlagForm(request.POST)
    went_well = done(
        form, lambda given: services.flag_case(ticket=ticket, **given, by=request.user, at=timezone.now())
    )
    return _after_panel(request, ticket, form, went_well)


def _after_panel(request: PageRequest, ticket: Ticket, form: Any, went_well: bool) -> HttpResponse:
    if went_well and not request.htmx:
        return redirect("ticket", number=ticket.pk)
    return _panel(request, ticket, None if went_well else form)


def _panel(request: PageRequest, ticket: Ticket, failed: Any = None) -> HttpResponse:
    context = {
        "panel": panel_of(ticket, user=request.user),
        "ticket": ticket,
        "failed": failed,
        "may_flag": may(request.user, "analysis.flag"),
    }
    return render(request, "analysis/_panel.html", context, status=422 if failed is not None else 200)
