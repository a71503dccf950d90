"""The pages of standards (goals, what was measured, who answers for which contacts) and of the quality of coding."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.evaluation import queries, services
from apps.evaluation.forms import GoalForm
from apps.evaluation.models import Goal
from apps.evaluation.queries import figures
from apps.evaluation.queries.departments import compares_all, departments_for
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
def standards(request: PageRequest) -> HttpResponse:
    """Every measure against its goal: the company, and the departments this person answers for."""
    require(request.user, "evaluation.view")
    goals, chosen = list(Goal.objects.all()), None
    form = None
    if may(request.user, "evaluation.manage"):
        chosen = _chosen(request, goals)
        form = GoalForm(
            request.POST if request.method == "POST" else None,
            user=request.user,
            initial=_initial(request, chosen),
        )
    if request.method == "POST":
        if form is None:
            require(request.user, "evaluation.manage")
        elif form.is_valid() and _set(request, form):
            return redirect("standards")
    context = _page(request, goals) | {"form": form, "chosen": chosen}
    return render(request, "evaluation/standards.html", context, status=422 if form and form.errors else 200)


@login_required
@require_POST
def withdraw_goal(request: PageRequest, pk: int) -> HttpResponse:
    services.withdraw_goal(goal=get_object_or_404(Goal, pk=pk), by=request.user)
    return redirect("standards")


@login_required
@require_GET
def coding_quality(request: PageRequest) -> HttpResponse:
    """How far codes can be trusted: two readers, the four kinds of other, issues too alike or too large."""
    require(request.user, "evaluation.view")
    months = _months(request)
    quality = queries.coding_quality(queries.window(months=months, at=timezone.now()))
    context = {
        "quality": quality,
        "provenance": figures.quality_from(quality, months=months),
        "months": months,
        "choices": queries.MONTHS,
        "may_read": may(request.user, "response.read_again"),
        "may_settle": may(request.user, "response.settle"),
    }
    return render(request, "evaluation/coding_quality.html", context)


@login_required
@require_GET
def coding_readings(request: PageRequest) -> HttpResponse:
    """The tickets behind a number of that page, as far as this person may see them."""
    require(request.user, "evaluation.view")
    asked = {name: request.GET.get(name, "") for name in ("issue", "other")}
    rows = queries.readings_behind(user=request.user, **asked)
    return render(request, "evaluation/coding_readings.html", {"rows": rows, "asked": asked})


def _set(request: PageRequest, form: GoalForm) -> bool:
    try:
        goal = services.set_goal(**form.values(), by=request.user, at=timezone.now())
    except DomainError as error:
        form.add_error("percent" if error.pointer == "target" else error.pointer or None, error.detail)
        return False
    messages.success(request, _("The goal is set. %(goal)s.") % {"goal": goal})
    return True


def _page(request: PageRequest, goals: list[Goal]) -> dict[str, object]:
    """Ten queries besides the goals, whatever the number of departments; six where tickets are counted beforehand."""
    months, now = _months(request), timezone.now()
    counted = queries.read_counted(now, since=queries.window(months=months, at=now).months[0])
    window = queries.window(months=months, at=counted.at if counted else now)
    departments, judged = departments_for(request.user), queries.judged_cases(window)
    reports = queries.reports(window, departments=departments, goals=goals, judged=judged, counted=counted)
    accounts = queries.accounts(window, departments=departments, judged=judged, counted=counted)
    return {
        "window": window,
        "months": months,
        "choices": queries.MONTHS,
        "repeat_days": queries.REPEAT_DAYS,
        "counted": counted,
        "reports": reports,
        "accounts": accounts,
        "provenance": figures.standards_from(
            reports, accounts, window, months=months, all_departments=compares_all(request.user)
        ),
    }


def _months(request: PageRequest) -> int:
    asked = request.GET.get("months", "")
    return int(asked) if asked in map(str, queries.MONTHS) else figures.USUAL_MONTHS


def _chosen(request: PageRequest, goals: Iterable[Goal]) -> Goal | None:
    """The goal whose link was pressed, to be changed or withdrawn."""
    measure, department = request.GET.get("measure"), request.GET.get("department", "")
    return next((g for g in goals if g.measure == measure and str(g.department_id or "") == department), None)


def _initial(request: PageRequest, chosen: Goal | None) -> dict[str, object]:
    if chosen is not None:
        percent = round(chosen.target * 100, 1)
        return {"measure": chosen.measure, "department": chosen.department_id, "percent": f"{percent:g}"}
    return {"measure": request.GET.get("measure"), "department": request.GET.get("department")}
