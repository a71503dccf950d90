"""What the analysis rests on: assumptions about money, and who owns what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.analysis import forms, services
from apps.analysis.deadlines import today
from apps.analysis.models import Assumption, OwnershipRule
from apps.analysis.views.shared import done
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def assumptions(request: PageRequest) -> HttpResponse:
    """The numbers of the money model, each with its source."""
    require(request.user, "analysis.assume")
    preset = request.method == "POST" and "name" in request.POST
    form = forms.AssumptionForm(request.POST if request.method == "POST" and not preset else None)
    chosen = forms.PresetForm(request.POST if preset else None)
    service = services.adopt_preset if preset else services.set_assumption
    if request.method == "POST" and done(
        chosen if preset else form, lambda given: service(**given, by=request.user, at=timezone.now())
    ):
        messages.success(request, "Noted. Money at risk is weighed with it from now on.")
        return redirect("assumptions")
    rows = Assumption.objects.select_related("issue", "set_by", "owner")
    in_force = set(rows.in_force(today(timezone.now())).values_list("pk", flat=True))
    context = {"form": form, "preset": chosen, "rows": rows, "in_force": in_force}
    return render(
        request, "analysis/assumptions.html", context, status=422 if form.errors or chosen.errors else 200
    )


@login_required
def ownership(request: PageRequest) -> HttpResponse:
    """Who owns the causes of what."""
    require(request.user, "analysis.route")
    form = forms.OwnershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(
        form, lambda given: services.add_ownership_rule(**given, by=request.user)
    ):
        return redirect("ownership")
    rules = OwnershipRule.objects.select_related("issue", "product", "department__head", "person", "deputy")
    context = {"form": form, "rules": rules.order_by("issue__path", "pk")}
    return render(request, "analysis/ownership.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove_ownership(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.route")
    services.remove_ownership_rule(rule=get_object_or_404(OwnershipRule, pk=number), by=request.user)
    return redirect("ownership")
