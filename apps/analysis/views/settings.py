"""What the analysis rests on: assumptions about money, and who owns what."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.analysis import forms, services
from apps.analysis.deadlines import today
from apps.analysis.forms_ownership import OwnershipForm, WhoseForm
from apps.analysis.models import Assumption, OwnershipRule
from apps.analysis.queries.ownership import rules_in_order, who_would_own
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def assumptions(request: PageRequest) -> HttpResponse:
    """The numbers of the money model, each with its source."""
    require(request.user, "analysis.assume")
    given = request.POST if request.method == "POST" else None
    sent = "" if given is None else next((name for name in ("name", "asked") if name in given), "number")
    # Two forms may name a field alike: each has its own ids.
    form = forms.AssumptionForm(given if sent == "number" else None)
    chosen = forms.PresetForm(given if sent == "name" else None, auto_id="id_preset_%s")
    survey = forms.MultiplierForm(given if sent == "asked" else None, auto_id="id_survey_%s")
    doors: dict[str, tuple[Form, Callable[..., object]]] = {
        "number": (form, services.set_assumption),
        "name": (chosen, services.adopt_preset),
        "asked": (survey, services.measure_multiplier),
    }
    if sent and done(
        doors[sent][0], lambda given: doors[sent][1](**given, by=request.user, at=timezone.now())
    ):
        messages.success(request, _("Noted. Money at risk is weighed with it from now on."))
        return redirect("assumptions")
    rows = Assumption.objects.select_related("issue", "set_by", "owner")
    in_force = set(rows.in_force(today(timezone.now())).values_list("pk", flat=True))
    context = {"form": form, "preset": chosen, "survey": survey, "rows": rows, "in_force": in_force}
    wrong = form.errors or chosen.errors or survey.errors
    return render(request, "analysis/assumptions.html", context, status=422 if wrong else 200)


@login_required
def ownership(request: PageRequest) -> HttpResponse:
    """Who owns the causes of what, the more precise rule first; and whose one case would be, with the reason."""
    require(request.user, "analysis.route")
    form = OwnershipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(
        form, lambda given: services.add_ownership_rule(**given, by=request.user)
    ):
        return redirect("ownership")
    asked = WhoseForm(request.GET or None, auto_id="id_whose_%s")
    found = who_would_own(**asked.cleaned_data) if asked.is_valid() else None
    context = {"form": form, "asked": asked, "found": found, "rules": rules_in_order()}
    return render(request, "analysis/ownership.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def remove_ownership(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.route")
    services.remove_ownership_rule(rule=get_object_or_404(OwnershipRule, pk=number), by=request.user)
    return redirect("ownership")
