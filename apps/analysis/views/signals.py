"""The inbox of signals."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import services
from apps.analysis.judgements import JUDGEMENTS
from apps.analysis.models import Signal
from apps.analysis.queries.signals import PILES, inbox, signal_page
from apps.analysis.signal_forms import DismissForm, SnoozeForm
from apps.analysis.views.charts import as_chart_file
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.marked import inside
from helpdesk.models import User
from helpdesk.permissions import require


@login_required
@require_GET
def signals(request: PageRequest) -> HttpResponse:
    """What stands out and waits for a judgement, or one of the piles of what was judged."""
    require(request.user, "analysis.judge")
    pile = request.GET.get("show", "new")
    return _inbox(request, pile if pile in PILES else "new")


@login_required
@require_GET
def signal(request: PageRequest, number: int) -> HttpResponse:
    """One signal with its weeks, its words and its history."""
    require(request.user, "analysis.judge")
    page = signal_page(_signal(number), user=request.user)
    context = {"page": page, "row": page.row, "inbox": page.inbox, **_forms(request.user)}
    return render(request, "analysis/signal.html", context)


@login_required
@require_GET
def signal_chart(request: PageRequest, number: int, kind: str) -> HttpResponse:
    """The weeks of a signal as a file."""
    require(request.user, "analysis.judge")
    page = signal_page(_signal(number), user=request.user)
    source = page.row.provenance.address
    return as_chart_file(request, page.chart, name=f"signal-{number}-weeks", kind=kind, source=source)


def _signal(number: int) -> Signal:
    rows = Signal.objects.select_related("issue", "case", "into", "judged_by", "release")
    return get_object_or_404(rows, pk=number)


@login_required
@require_POST
def judge_signal(request: PageRequest, number: int, judgement: str) -> HttpResponse:
    """Promote, merge, snooze or dismiss one signal."""
    require(request.user, "analysis.judge")
    row = get_object_or_404(Signal, pk=number)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if judgement == "promote":
        case = services.promote_signal(signal=row, **who)
        messages.success(request, _("%(number)s is open.") % {"number": case.number})
        return redirect("case", number=case.pk)
    chosen = JUDGEMENTS[judgement]
    form = chosen.form(request.POST, user=request.user)
    if not done(form, lambda given: chosen.service(signal=row, **given, **who)):
        return _inbox(request, "new", status=422, form=form, failed=row.pk)
    messages.success(
        request,
        _("“%(label)s” is %(state)s.")
        % {"label": row.label, "state": inside(Signal.objects.get(pk=row.pk).get_state_display())},
    )
    return redirect("signals")


def _inbox(request: PageRequest, pile: str, *, status: int = 200, **more: Any) -> HttpResponse:
    found = inbox(user=request.user, pile=pile, number=request.GET.get("page"))
    tabs = [
        {"label": label, "url": f"?show={name}", "current": name == pile, "count": found.counts[name]}
        for name, label in (
            ("new", _("To judge")),
            ("snoozed", _("Snoozed")),
            ("cases", _("In cases")),
            ("dismissed", _("Dismissed")),
        )
    ]
    context = {"inbox": found, "tabs": tabs, **_forms(request.user), **more}
    return render(request, "analysis/signals.html", context, status=status)


def _forms(user: User) -> dict[str, Any]:
    return {"snooze": SnoozeForm(user=user), "dismiss": DismissForm(user=user)}
