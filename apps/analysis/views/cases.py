"""The board, one case, and what waits for a person."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis import forms, services
from apps.analysis.acts import Act
from apps.analysis.models import Case
from apps.analysis.queries.case_page import case_page
from apps.analysis.queries.cases import board as board_of
from apps.analysis.queries.cases import found_cases, money_from, needs_of
from apps.analysis.services.access import may_be_needed
from apps.analysis.views.charts import as_chart_file
from apps.analysis.views.shared import act_named, case_context, tell
from helpdesk import panels
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.models import Department, User
from helpdesk.permissions import may, require


@login_required
@require_GET
def board(request: PageRequest) -> HttpResponse:
    """Every case, or those of one department, by state and money at risk."""
    require(request.user, "analysis.view")
    asked = request.GET.get("department", "")
    department = get_object_or_404(Department, slug=asked) if asked else None
    columns = board_of(request.user, at=timezone.now(), department=department)
    context = {
        "departments": Department.objects.order_by("name"),
        "department": department,
        "columns": columns,
        "cards": sum(len(column.cards) for column in columns),
        "money_from": money_from(card.case for column in columns for card in column.cards),
        "may_open": may(request.user, "analysis.case"),
        "may_route": may(request.user, "analysis.route"),
    }
    return render(request, "analysis/board.html", context)


@login_required
def new_case(request: PageRequest) -> HttpResponse:
    """A case out of what somebody knows."""
    require(request.user, "analysis.case")
    form = forms.NewCaseForm(request.POST if request.method == "POST" else None)
    opened: list[Case] = []
    if request.method == "POST" and done(
        form, lambda given: opened.append(services.open_case(**given, by=request.user, at=timezone.now()))
    ):
        return redirect("case", number=opened[0].pk)
    return render(request, "analysis/new_case.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def case(request: PageRequest, number: int) -> HttpResponse:
    return _case_page(request, _readable_case(request.user, number))


@login_required
@require_GET
def case_chart(request: PageRequest, number: int, name: str, kind: str) -> HttpResponse:
    """A chart of a case as a file: its weeks, or a fishbone."""
    row = _readable_case(request.user, number)
    page = case_page(row, at=timezone.now())
    chart, source = page.charts.get(name), page.provenance.address
    return as_chart_file(request, chart, name=f"{row.number}-{name}", kind=kind, source=source)


@login_required
@require_POST
def act_on_case(request: PageRequest, number: int, name: str) -> HttpResponse:
    """One of the acts of `apps.analysis.acts` on a case; a form that is not right comes back with the page."""
    row, act = _readable_case(request.user, number), act_named(name)
    form = act.form(request.POST, case=row, user=request.user)
    if done(form, lambda given: act.perform(case=row, by=request.user, at=timezone.now(), **given)):
        tell(request, form, act, row)
        return redirect("case", number=row.pk)
    return _case_page(request, row, failed=(act, form))


def _case_page(
    request: PageRequest, row: Case, *, failed: tuple[Act, forms.CaseForm] | None = None
) -> HttpResponse:
    context = case_context(row, user=request.user, failed=failed, at=timezone.now())
    context["panels"] = panels.boxes("case", user=request.user, number=row.pk)
    return render(request, "analysis/case.html", context, status=422 if failed else 200)


def _readable_case(user: User, number: int) -> Case:
    """For whoever reads cases, and for who has something to do on this one: a refused form shows the page as well."""
    rows = Case.objects.visible_to(user).select_related(
        "owner_department", "owner", "deputy", "issue", "opened_by"
    )
    row = get_object_or_404(
        rows.select_related(
            "duplicate_of", "proposed_department", "risk_approved_by", "stand_in", "release", "notice"
        ),
        pk=number,
    )
    if not row.asks_of(user):
        require(user, "analysis.view")
    return row


@login_required
@require_GET
def case_search(request: PageRequest) -> HttpResponse:
    """The cases a search finds, below the tickets it finds."""
    require(request.user, "analysis.view")
    rows = found_cases(request.user, request.GET.get("q", "")[:200])
    return render(request, "analysis/_found.html", {"cases": rows})


@login_required
@require_GET
def needs_you(request: PageRequest) -> HttpResponse:
    may_be_needed(request.user)
    needs = needs_of(request.user, at=timezone.now())
    context = {"needs": needs, "money_from": money_from(need.case for need in needs if need.case)}
    return render(request, "analysis/needs_you.html", context)
