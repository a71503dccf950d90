"""What other points' pages show of coding quality."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.evaluation.queries.issue_coding import issue_coding
from apps.evaluation.queries.window import window
from helpdesk.http import PageRequest
from helpdesk.models import Issue
from helpdesk.permissions import require

MONTHS = 12


@login_required
@require_GET
def coding(request: PageRequest, code: str) -> HttpResponse:
    """How well people agree on one issue, and what they confuse it with: a box on the page of the issue."""
    require(request.user, "evaluation.view")
    found = issue_coding(get_object_or_404(Issue, code=code), window(months=MONTHS, at=timezone.now()))
    return render(request, "evaluation/_issue_coding.html", {"coding": found, "months": MONTHS})
