"""How long words are kept, and what must be kept: rules and holds, under Admin."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.privacy import queries
from apps.output.privacy.forms import HoldForm, RuleForm
from apps.output.privacy.models import LegalHold, RetentionRule
from apps.output.privacy.services import retention as services
from helpdesk.acting import done, tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Customer, Ticket
from helpdesk.permissions import require


@login_required
@require_GET
def retention(request: PageRequest) -> HttpResponse:
    return _show(request)


@login_required
@require_POST
def add_rule(request: PageRequest) -> HttpResponse:
    form = RuleForm(request.POST)
    if done(form, lambda given: services.set_rule(**given, by=request.user, at=timezone.now())):
        messages.success(request, _("Kept. It does nothing until you switch it on."))
        return redirect("retention")
    return _show(request, form=form)


@login_required
@require_POST
def change_rule(request: PageRequest, pk: int) -> HttpResponse:
    """Switch a rule on or off, or take it away."""
    require(request.user, services.RETENTION)
    rule = RetentionRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    act, by, at = request.POST.get("act"), request.user, timezone.now()
    if act == "remove":
        tried(request, lambda: services.remove_rule(rule=rule, by=by, at=at), _("Taken away."))
    elif act in ("on", "off"):
        tried(request, lambda: services.switch_rule(rule=rule, is_on=act == "on", by=by, at=at), _("Saved."))
    return redirect("retention")


@login_required
@require_POST
def place_hold(request: PageRequest) -> HttpResponse:
    form = HoldForm(request.POST)
    if form.is_valid():
        number, email = form.cleaned_data["ticket"], form.cleaned_data["customer"].strip().lower()
        ticket = Ticket.objects.visible_to(request.user).filter(pk=number).first() if number else None
        known = Customer.objects.visible_to(request.user)
        customer = known.filter(addresses__email=email).first() if email else None
        if number and ticket is None:
            form.add_error("ticket", _("There is no such ticket."))
        elif email and customer is None:
            form.add_error("customer", _("There is no customer with this address."))
        elif done(
            form,
            lambda given: services.place_hold(
                ticket=ticket, customer=customer, reason=given["reason"], by=request.user, at=timezone.now()
            ),
        ):
            messages.success(request, _("Held: nothing of it goes."))
            return redirect("retention")
    return _show(request, hold_form=form)


@login_required
@require_POST
def lift_hold(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, services.RETENTION)
    hold = LegalHold.objects.filter(pk=pk).first()
    if hold is None:
        raise NotFound
    tried(request, lambda: services.lift_hold(hold=hold, by=request.user, at=timezone.now()), _("Lifted."))
    return redirect("retention")


def _show(request: PageRequest, **refused: forms.Form) -> HttpResponse:
    require(request.user, services.RETENTION)
    context = {
        "rules": queries.rules(at=timezone.now()),
        "holds": queries.holds(),
        "form": RuleForm(),
        "hold_form": HoldForm(),
    }
    return render(request, "output/retention.html", context | refused, status=422 if refused else 200)
