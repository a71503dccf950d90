"""What each department has to do in the loop, and how it fares."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.analysis.queries.department import WORK_LIMIT, department_page
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
    return render(request, "analysis/departments.html", {"rows": rows, "limit": WORK_LIMIT})


@login_required
@require_GET
def department(request: PageRequest, slug: str) -> HttpResponse:
    """One department: its queue by money or by age, how it answers, and promised against proven."""
    require(request.user, "analysis.view")
    row, by = get_object_or_404(Department, slug=slug), request.GET.get("by", "money")
    page = department_page(row, user=request.user, by=by, at=timezone.now())
    tabs = [
        {"label": label, "url": f"?by={name}", "current": name == by, "count": ""}
        for name, label in (("money", "By money at risk"), ("age", "By age"))
    ]
    context = {"page": page, "tabs": tabs, "limit": WORK_LIMIT}
    return render(request, "analysis/department.html", context)
