"""One issue: its course, what was done about it, who came back, and in whose words."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.analysis.issue_figures import SPANS, WITHIN, IssueAsked
from apps.analysis.page_state import PageState
from apps.analysis.queries.issue_page import charts_of_issue, issue_page
from apps.analysis.views.charts import as_chart_file
from apps.analysis.views.overview import editions, tabs
from helpdesk import panels
from helpdesk.http import PageRequest
from helpdesk.models import Issue
from helpdesk.permissions import require


@login_required
@require_GET
def issue(request: PageRequest, code: str) -> HttpResponse:
    """Everything there is to know about why customers write about one thing."""
    require(request.user, "analysis.view")
    row, state = get_object_or_404(Issue, code=code), PageState.read(IssueAsked, request.GET.dict())
    page = issue_page(row, state.asked, user=request.user, at=state.at(timezone.now()))
    context = {
        "page": page,
        "issue": row,
        "figures": page.figures,
        "query": state.query,
        "is_past": state.as_of is not None,
        "tabs": {
            "days": tabs(state, "days", SPANS),
            "within": tabs(state, "within", {days: _("%(span)s days") % {"span": days} for days in WITHIN}),
            "release": tabs(state, "release", editions(list(page.releases), state.asked.release)),
        },
        "panels": panels.boxes("issue", user=request.user, code=code),
    }
    return render(request, "analysis/issue.html", context)


@login_required
@require_GET
def issue_chart(request: PageRequest, code: str, name: str, kind: str) -> HttpResponse:
    """One chart of the page as a file."""
    require(request.user, "analysis.view")
    row, state = get_object_or_404(Issue, code=code), PageState.read(IssueAsked, request.GET.dict())
    charts, where = charts_of_issue(row, state.asked, user=request.user, at=state.at(timezone.now()))
    return as_chart_file(request, charts.get(name), name=f"{code}-{name}", kind=kind, source=where.address)
