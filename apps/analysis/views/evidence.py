"""The tickets that speak for a case: how each came to, and one click to say that it does not."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.acts import Act
from apps.analysis.forms import CaseForm
from apps.analysis.models import Case
from apps.analysis.queries.evidence import WAYS
from apps.analysis.views.shared import act_named, evidence_context, tell
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import require

ABOUT_EVIDENCE = frozenset({"exclude", "include", "link-alike", "link-by-hand"})


@login_required
@require_GET
def evidence(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.view")
    return _page(request, _visible(request.user, number))


@login_required
@require_POST
def act_on_evidence(request: PageRequest, number: int, name: str) -> HttpResponse:
    """An act on the evidence, and back to the list it stands in."""
    require(request.user, "analysis.view")
    row, act = _visible(request.user, number), act_named(name, ABOUT_EVIDENCE)
    form = act.form(request.POST, case=row, user=request.user)
    if done(form, lambda given: act.perform(case=row, by=request.user, at=timezone.now(), **given)):
        tell(request, form, act, row)
        way = request.GET.get("way", "")
        return redirect(reverse("evidence", args=[row.pk]) + (f"?way={way}" if way in WAYS else ""))
    return _page(request, row, failed=(act, form))


def _page(request: PageRequest, row: Case, *, failed: tuple[Act, CaseForm] | None = None) -> HttpResponse:
    context = evidence_context(row, user=request.user, asked=request.GET, failed=failed)
    return render(request, "analysis/evidence.html", context, status=422 if failed else 200)


def _visible(user: User, number: int) -> Case:
    rows = Case.objects.visible_to(user).select_related(
        "owner_department", "owner", "deputy", "issue", "notice"
    )
    return get_object_or_404(rows, pk=number)
