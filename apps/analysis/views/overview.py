"""The analysis: rates and Pareto, with the numbers as a file."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.models import Case
from apps.analysis.queries.overview import MEASURES, PERIODS, overview
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
@require_GET
def analysis(request: PageRequest) -> HttpResponse:
    """Rates, Pareto and the money model."""
    require(request.user, "analysis.view")
    days, by = _asked(request.GET)
    found = overview(days=days, by=by, at=timezone.now(), user_cases=Case.objects.visible_to(request.user))
    context = {
        "overview": found,
        "periods": PERIODS,
        "measures": MEASURES.items(),
        "may_run": may(request.user, "analysis.run"),
        "may_assume": may(request.user, "analysis.assume"),
    }
    return render(request, "analysis/analysis.html", context)


@login_required
@require_GET
def pareto_csv(request: PageRequest) -> HttpResponse:
    """The numbers of the Pareto, for a spreadsheet."""
    require(request.user, "analysis.view")
    days, by = _asked(request.GET)
    found = overview(days=days, by=by, at=timezone.now(), user_cases=Case.objects.visible_to(request.user))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="pareto-{found.first}-{found.last}.csv"'
    table = csv.writer(response)
    table.writerow(["issue", "path", "tickets", "tickets before", "share", "rank", "money at risk a quarter"])
    for row in found.rows:
        money = "" if row.money is None else f"{row.money:.2f}"
        table.writerow(
            [
                _plain(row.label),
                row.path,
                f"{row.tickets:.0f}",
                f"{row.before:.0f}",
                f"{row.share:.4f}",
                row.rank,
                money,
            ]
        )
    return response


def _plain(word: str) -> str:
    """A spreadsheet must not take a label for a formula."""
    return f"'{word}" if word[:1] in "=+-@\t\r" else word


def _asked(query: QueryDict) -> tuple[int, str]:
    days, by = query.get("days", ""), query.get("by", "")
    return int(days) if days in map(str, PERIODS) else 90, by if by in MEASURES else "tickets"
