"""The pages of rules by which waiting tickets end by themselves, and the mark that keeps one open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response.closing import services
from apps.response.closing.forms import ClosingRuleForm
from apps.response.closing.queries import preview, rules
from apps.response.views.acts import act
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def closing_rules(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """Every rule, and the form that makes or changes one; of one rule, what it would do now."""
    require(request.user, "response.manage")
    row = get_object_or_404(rules(), pk=pk) if pk else None
    posted = request.POST if request.method == "POST" else None
    form = ClosingRuleForm(posted, user=request.user, initial=ClosingRuleForm.of(row) if row else None)
    if posted is not None and form.is_valid():
        try:
            saved = services.save_rule(rule=row, **form.terms, by=request.user)
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Kept. Look at what it would do today."))
            return redirect("closing_rule", pk=saved.pk)
    planned = preview(row, at=timezone.now()) if row else []
    context = {"rows": list(rules()), "form": form, "rule": row, "planned": planned}
    return render(request, "response/closing.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def switch_closing_rule(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.manage")
    on = request.POST.get("on") == "1"
    services.switch_rule(rule=get_object_or_404(rules(), pk=pk), on=on, by=request.user)
    messages.success(request, _("Switched on.") if on else _("Switched off."))
    return redirect("closing_rule", pk=pk)


@login_required
@require_POST
def forget_closing_rule(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.manage")
    services.forget_rule(rule=get_object_or_404(rules(), pk=pk), by=request.user)
    messages.success(request, _("The rule is gone."))
    return redirect("closing_rules")


@login_required
@require_POST
def keep_open(request: PageRequest, number: int) -> HttpResponse:
    on = request.POST.get("on") != "0"
    return act(
        request,
        number,
        lambda ticket: services.keep_open(ticket=ticket, on=on, by=request.user, at=timezone.now()),
    )
