"""The staffing forecast: who is needed when, what if, the same as a file, and what it is planned by."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as column
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.export import Table, Value
from apps.analysis.views.files import as_download
from apps.staff import services
from apps.staff.erlang import TooManyPeople
from apps.staff.forecast import NotEnoughHistory
from apps.staff.forms.staffing import LeversForm, StaffingForm
from apps.staff.models import StaffingRule
from apps.staff.queries import staffing as queries
from apps.staff.queries.forecast_page import forecast_page, week_starts
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Department
from helpdesk.permissions import may, require

COLUMNS = (
    column("day"), column("hour"), column("calls expected"), column("mails and forms expected"),
    column("needed on the line"), column("needed at the mail"), column("needed on the rota"),
    column("needed at least"), column("needed at most"), column("there"), column("missing"),
)  # fmt: skip


@login_required
@require_GET
def forecast(request: PageRequest) -> HttpResponse:
    """Contacts, people needed and people there, by day and hour."""
    require(request.user, "staff.plan")
    departments = queries.departments_of(request.user)
    department, weeks = _asked(request, departments)
    form = LeversForm(request.GET)
    levers = form.levers() if form.is_valid() else queries.Levers()
    week = _number(request, "week", range(weeks), 0)
    asked = partial(forecast_page, department, weeks=weeks, week=week, at=timezone.now())
    try:
        page = asked(levers=levers)
    except TooManyPeople as error:
        form.add_error(None, str(error))
        page = asked(levers=queries.Levers())
    context = {
        "page": page,
        "form": form if request.GET.keys() & form.fields.keys() else LeversForm(),
        "department": department,
        "departments": departments,
        "weeks": weeks,
        "choices": queries.WEEKS,
        "starts": enumerate(week_starts(page.basis, weeks)),
        "week": week,
        "query": _query(request),
        "rules": rules_address(department) if may(request.user, "staff.manage") else "",
    }
    return render(request, "staff/forecast.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def forecast_file(request: PageRequest, kind: str) -> HttpResponse:
    """A row an open hour, for a spreadsheet or a planning tool."""
    require(request.user, "staff.plan")
    department, weeks = _asked(request, queries.departments_of(request.user))
    form, at = LeversForm(request.GET), timezone.now()
    if not form.is_valid():
        raise Http404(_("Nothing can be planned with these numbers."))
    basis = queries.read_basis(department, weeks=weeks, at=at)
    try:
        plan = queries.make_plan(basis, form.levers())
    except (NotEnoughHistory, TooManyPeople) as error:
        raise Http404(str(error)) from error
    name = f"staffing-{department.slug if department else 'all'}-{plan.first}"
    source = _("staffing forecast as of %(at)s%(value)s") % {
        "at": at.isoformat(),
        "value": "?" + _query(request) if _query(request) else "",
    }
    return as_download(Table(name, COLUMNS, rows_of(plan), source), kind)


@login_required
def staffing_rules(request: PageRequest) -> HttpResponse:
    """What a department's people are planned by: targets, shrinkage, minutes."""
    require(request.user, "staff.manage")
    department = _department(request, queries.departments_of(request.user))
    rule = queries.rule_for(department)
    form = StaffingForm.filled(rule, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_staffing(
                department=department, planned=form.planned(), by=request.user, at=timezone.now()
            )
        except DomainError as error:
            if error.status == 403:
                raise
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Planned by these numbers from now on."))
            return redirect(_with(reverse("forecast"), department))
    context = {
        "form": form, "department": department, "rule": rule,
        "own": rule if rule.pk and rule.department_id == (department.pk if department else None) else None,
        "back": _with(reverse("forecast"), department),
    }  # fmt: skip
    return render(request, "staff/forecast_rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_staffing(request: PageRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(StaffingRule.objects.select_related("department"), pk=pk)
    services.withdraw_staffing(rule=rule, by=request.user)
    return redirect(_with(reverse("forecast"), rule.department))


def rows_of(plan: queries.Plan) -> list[list[Value]]:
    """Every open hour of the plan."""
    opened = plan.basis.open_share > 0
    rows: list[list[Value]] = []
    for number, day in enumerate(plan.days):
        for hour in opened[number].nonzero()[0].tolist():
            at = number, hour
            need, there = int(plan.need.rota[at]), float(plan.there[at])
            rows.append([
                day, f"{hour:02}:00", float(plan.live_hours[at]), float(plan.deferred_hours[at]),
                int(plan.need.live[at]), float(plan.need.deferred[at]), need, int(plan.low.rota[at]),
                int(plan.high.rota[at]), there, max(need - there, 0.0),
            ])  # fmt: skip
    return rows


def rules_address(department: Department | None) -> str:
    return _with(reverse("staffing_rules"), department)


def _with(address: str, department: Department | None) -> str:
    return f"{address}?department={department.slug}" if department else address


def _asked(request: PageRequest, departments: list[Department | None]) -> tuple[Department | None, int]:
    weeks = _number(request, "weeks", queries.WEEKS, queries.USUAL_WEEKS)
    return _department(request, departments), weeks


def _department(request: PageRequest, departments: list[Department | None]) -> Department | None:
    """The one asked for; without one asked for the first there is, which is all of them for who plans all."""
    slug = request.GET.get("department", "")
    if not slug and departments:
        return departments[0]
    found = [one for one in departments if one is not None and one.slug == slug]
    if not found:
        raise Http404(_("You plan no such department."))
    return found[0]


def _number(request: PageRequest, name: str, allowed: Any, usual: int) -> int:
    asked = request.GET.get(name, "")
    return int(asked) if asked in map(str, allowed) else usual


def _query(request: PageRequest) -> str:
    asked = request.GET.copy()
    asked.pop("week", None)
    return asked.urlencode()
