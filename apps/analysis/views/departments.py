"""What each department has to do in the loop, and how it fares."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.analysis import services
from apps.analysis.forms_ownership import WorkLimitForm
from apps.analysis.queries.cases import money_from
from apps.analysis.queries.department import department_from, department_page
from apps.analysis.queries.department import departments as departments_of
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.models import Department
from helpdesk.permissions import may, require


@login_required
@require_GET
def departments(request: PageRequest) -> HttpResponse:
    """Every department that owns a case."""
    require(request.user, "analysis.view")
    rows = departments_of(user=request.user, at=timezone.now())
    context = {
        "rows": rows,
        "money_from": money_from(row.dearest for row in rows if row.dearest),
    }
    return render(request, "analysis/departments.html", context)


@login_required
def department(request: PageRequest, slug: str) -> HttpResponse:
    """One department: its queue by money or by age, how it answers, and promised against proven. Administrators say
    here how much it should have at work."""
    require(request.user, "analysis.view")
    row, at = get_object_or_404(Department, slug=slug), timezone.now()
    form = WorkLimitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and done(
        form,
        lambda given: services.set_work_limit(department=row, cases=given["cases"], by=request.user, at=at),
    ):
        messages.success(request, _("Noted. It is shown wherever cases are routed to this department."))
        return redirect("department", slug=slug)
    context = _page(request, row, at=at) | {
        "form": form,
        "may_limit": may(request.user, "helpdesk.configure"),
    }
    return render(request, "analysis/department.html", context, status=422 if form.errors else 200)


def _page(request: PageRequest, row: Department, *, at: datetime) -> dict[str, Any]:
    by = request.GET.get("by", "money")
    page = department_page(row, user=request.user, by=by, at=at)
    tabs = [
        {"label": label, "url": f"?by={name}", "current": name == by, "count": ""}
        for name, label in (("money", _("By money at risk")), ("age", _("By age")))
    ]
    return {
        "page": page,
        "tabs": tabs,
        "provenance": department_from(page, user=request.user, at=at),
        "money_from": money_from(one.case for one in page.queue),
    }
