"""Does it help? What was looked for in vain, how each article fares, and how many did not need to write."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from apps.output.help_centre.queries import help_report
from helpdesk.http import PageRequest
from helpdesk.permissions import require

READ = "output.help_report"
PERIODS = {"30": _("30 days"), "90": _("90 days"), "365": _("A year")}


@login_required
@require_GET
def report(request: PageRequest) -> HttpResponse:
    require(request.user, READ)
    days = request.GET.get("days", "90")
    days = days if days in PERIODS else "90"
    context = {
        "report": help_report(since=timezone.now() - timedelta(days=int(days))),
        "days": days,
        "periods": PERIODS.items(),
    }
    return render(request, "output/help_centre/report.html", context)
