"""The same cause elsewhere: sister products, each looked at or not yet."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.acts import acts_for
from apps.analysis.forms import CaseForm
from apps.analysis.models import Case
from apps.analysis.queries.spread import spread_of
from apps.analysis.views.shared import act_named, tell
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import require

ABOUT_SISTERS = frozenset({"spread-action", "spread-note"})


@login_required
@require_GET
def spread(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.view")
    return _page(request, _visible(request.user, number))


@login_required
@require_POST
def act_on_spread(request: PageRequest, number: int, name: str) -> HttpResponse:
    require(request.user, "analysis.view")
    row, act = _visible(request.user, number), act_named(name, ABOUT_SISTERS)
    form = act.form(request.POST, case=row, user=request.user)
    if done(form, lambda given: act.perform(case=row, by=request.user, at=timezone.now(), **given)):
        tell(request, form, act, row)
        return redirect("spread", number=row.pk)
    return _page(request, row, failed=form)


def _page(request: PageRequest, row: Case, *, failed: CaseForm | None = None) -> HttpResponse:
    context = {
        "case": row,
        "spread": spread_of(row, at=timezone.now()),
        "inline": {act.name.replace("-", "_"): act for act in acts_for(row, request.user)},
        "form": failed,
    }
    return render(request, "analysis/spread.html", context, status=422 if failed else 200)


def _visible(user: User, number: int) -> Case:
    rows = Case.objects.visible_to(user).select_related(
        "owner_department", "owner", "deputy", "issue", "notice"
    )
    return get_object_or_404(rows, pk=number)
