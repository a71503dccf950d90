"""The analysis by hand, and how far it is."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from apps.analysis import services
from apps.analysis.models import AnalysisRun, RunState
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

WAIT, LOOK_EVERY = 2.0, 0.1  # seconds; most desks are done before anybody sees a bar


@login_required
@require_POST
def run_now(request: PageRequest) -> HttpResponse:
    """Have the analysis run; what takes longer than two seconds shows how far it is."""
    run = services.ask_for_run(by=request.user, at=timezone.now())
    for _ in range(round(WAIT / LOOK_EVERY)):
        if not run.is_at_work:
            return _found(request, run)
        time.sleep(LOOK_EVERY)
        run.refresh_from_db()
    return redirect("run_progress", number=run.pk)


@login_required
@require_GET
def run_progress(request: PageRequest, number: int) -> HttpResponse:
    """A bar that looks again every second, and leads on when there is something to see."""
    require(request.user, "analysis.run")
    run = get_object_or_404(AnalysisRun, pk=number)
    if run.state == RunState.DONE:
        return _found(request, run)
    return render(request, "analysis/run.html", {"run": run})


def _found(request: PageRequest, run: AnalysisRun) -> HttpResponse:
    messages.success(request, str(run.sentence))
    address = resolve_url("signals" if may(request.user, "analysis.judge") else "analysis")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
