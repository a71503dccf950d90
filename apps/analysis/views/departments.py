"""What each department has to do in the loop, and how it fares."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.queries.cases import money_from
from apps.analysis.queries.department import WORK_LIMIT, department_from, department_page
from apps.analysis.queries.department import departments as departments_of
from helpdesk.http import PageRequest
from helpdesk.models import Department
from helpdesk.permissions import require


@login_required
@require_GET
def departments(request: PageRequest) -> HttpResponse:
    """Every department that owns a case."""
    require(request.user, "analysis.view")
    rows = departments_of(user=request.user, at=timezone.now())
    context = {
        "rows": rows,
        "limit": WORK_LIMIT,
        "money_from": money_from(row.dearest for row in rows if row.dearest),
    }
    return render(request, "analysis/departments.html", context)


@login_required
@require_GET
def department(request: PageRequest, slug: str) -> HttpResponse:
    """One department: its queue by money or by age, how it answers, and promised against proven."""
    require(request.user, "analysis.view")
    row, by = get_object_or_404(Department, slug=slug), request.GET.get("by", "money")
    at = timezone.now()
    page = department_page(row, user=request.user, by=by, at=at)
    tabs = [
        {"label": label, "url": f"?by={name}", "current": name == by, "count": ""}
        for name, label in (("money", "By money at risk"), ("age", "By age"))
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "limit": WORK_LIMIT,
        "provenance": department_from(page, user=request.user, at=at),
        "money_from": money_from(one.case for one in page.queue),
    }
    return render(request, "analysis/department.html", context)
