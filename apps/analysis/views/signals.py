"""The inbox of signals."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import forms, services
from apps.analysis.models import Signal
from apps.analysis.queries.signals import inbox
from apps.analysis.views.shared import done
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
@require_GET
def signals(request: PageRequest) -> HttpResponse:
    """What stands out and waits for a judgement."""
    require(request.user, "analysis.judge")
    context = {
        "inbox": inbox(user=request.user),
        "snooze": forms.SnoozeForm(),
        "dismiss": forms.DismissForm(),
    }
    return render(request, "analysis/signals.html", context)


@login_required
@require_POST
def judge_signal(request: PageRequest, number: int, judgement: str) -> HttpResponse:
    """Promote, merge, snooze or dismiss one signal."""
    require(request.user, "analysis.judge")
    signal = get_object_or_404(Signal, pk=number)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if judgement == "promote":
        case = services.promote_signal(signal=signal, **who)
        messages.success(request, f"{case.number} is open.")
        return redirect("case", number=case.pk)
    form: forms.MergeForm | forms.SnoozeForm | forms.DismissForm
    service: Callable[..., None]
    if judgement == "merge":
        form, service = forms.MergeForm(request.POST, user=request.user), services.merge_signal
    elif judgement == "snooze":
        form, service = forms.SnoozeForm(request.POST), services.snooze_signal
    else:
        form, service = forms.DismissForm(request.POST), services.dismiss_signal
    if not done(form, lambda given: service(signal=signal, **given, **who)):
        context = {
            "inbox": inbox(user=request.user),
            "snooze": forms.SnoozeForm(),
            "dismiss": forms.DismissForm(),
            "form": form,
        }
        return render(request, "analysis/signals.html", context, status=422)
    messages.success(
        request, f"“{signal.label}” is {Signal.objects.get(pk=signal.pk).get_state_display().lower()}."
    )
    return redirect("signals")
