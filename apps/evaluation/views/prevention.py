"""The pages of prevention: departments side by side with their guards, and each quarter's statements."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as column
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.deadlines import today
from apps.analysis.export import Table, Value
from apps.analysis.views.files import as_download
from apps.evaluation import services
from apps.evaluation.acts import act_on
from apps.evaluation.forms import BonusRuleForm, StatementActForm
from apps.evaluation.models import BonusRule
from apps.evaluation.queries.departments import departments_for
from apps.evaluation.queries.quarters import Quarter, last_whole, quarters_up_to
from apps.evaluation.queries.scoreboard import Row, board, newest_board, statements_for
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Department
from helpdesk.permissions import may, require

COLUMNS = (
    column("department"), column("quarter"), column("score"), column("contacts caused"), column("contact cost"),
    column("fixes decided"), column("promised"), column("proven"), column("saved low"), column("saved likely"),
    column("saved high"), column("dearest open case"), column("days to answer"), column("answered on time"),
    column("handed over"), column("actions on time"), column("actions due"), column("fixes kept"),
    column("fixes standing"), column("guards broken"), column("guards in doubt"), column("would pay"),
)  # fmt: skip


@login_required
def prevention(request: PageRequest) -> HttpResponse:
    """Every department this person answers for, in one quarter; an administrator sets the bonus rules here."""
    require(request.user, "evaluation.view")
    may_reward = may(request.user, "evaluation.reward")
    if request.method == "POST":
        require(request.user, "evaluation.reward")
    form = BonusRuleForm(request.POST if request.method == "POST" else None) if may_reward else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.set_bonus_rule(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            messages.success(request, _("The rule is set. Statements drafted from now on carry it."))
            return redirect("prevention")
    at = timezone.now()
    departments = departments_for(request.user)
    if _asked(request):
        quarter = _quarter(request)
        found = board(quarter, departments=departments, at=at)
    else:
        quarter, found = newest_board(departments=departments, at=at)
    context = {
        "quarter": quarter,
        "choices": quarters_up_to(Quarter.of(today(at))),
        "is_over": at >= quarter.until,
        "rows": found.rows,
        "counted": found.counted,
        "form": form,
        "rules": BonusRule.objects.select_related("department") if may_reward else [],
        "may_reward": may_reward,
        "statements": {row.pk for row in statements_for(request.user).filter(quarter=quarter.first)},
    }
    return render(request, "evaluation/prevention.html", context, status=422 if form and form.errors else 200)


@login_required
@require_GET
def scores_file(request: PageRequest, kind: str) -> HttpResponse:
    """A row a department, for a spreadsheet."""
    require(request.user, "evaluation.view")
    quarter, at = _quarter(request), timezone.now()
    found = board(quarter, departments=departments_for(request.user), at=at)
    source = f"/standards/prevention/?quarter={quarter.name} at {found.as_of.isoformat(timespec='seconds')}"
    return as_download(
        Table(f"prevention-{quarter.name}", COLUMNS, [_cells(row) for row in found.rows], source), kind
    )


@login_required
@require_POST
def withdraw_rule(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "evaluation.reward")
    services.withdraw_bonus_rule(rule=get_object_or_404(BonusRule, pk=pk), by=request.user)
    messages.success(request, _("The rule is withdrawn."))
    return redirect("prevention")


@login_required
@require_POST
def draft(request: PageRequest, slug: str) -> HttpResponse:
    require(request.user, "evaluation.reward")
    department = get_object_or_404(Department, slug=slug)
    made = services.draft_statement(
        department=department, quarter=_quarter(request), by=request.user, at=timezone.now()
    )
    return redirect("statement", pk=made.pk)


@login_required
def statement(request: PageRequest, pk: int) -> HttpResponse:
    """One statement as it was reckoned, with what was done about it; an administrator acts on it here."""
    require(request.user, "evaluation.view")
    row = get_object_or_404(statements_for(request.user), pk=pk)
    form = StatementActForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, "evaluation.reward")
        if form.is_valid():
            try:
                act_on(statement=row, **form.cleaned_data, by=request.user, at=timezone.now())
            except DomainError as error:
                form.add_error("reason" if error.pointer == "reason" else None, error.detail)
            else:
                return redirect("statement", pk=pk)
    context = {
        "statement": row,
        "form": form,
        "may_reward": may(request.user, "evaluation.reward"),
        "acts": row.acts.all(),
    }
    return render(request, "evaluation/statement.html", context, status=422 if form.errors else 200)


def _asked(request: PageRequest) -> str:
    return request.GET.get("quarter") or request.POST.get("quarter") or ""


def _quarter(request: PageRequest) -> Quarter:
    """The one asked for, else the last that is over. Raises NotFound for what is none, or has not begun."""
    asked = _asked(request)
    if not asked:
        return last_whole(timezone.now())
    try:
        quarter = Quarter.read(asked)
    except ValueError as error:
        raise NotFound from error
    if quarter.first > today(timezone.now()) or quarter.first.year < 2000:
        raise NotFound
    return quarter


def _cells(row: Row) -> list[Value]:
    deeds, charged = row.deeds, row.account
    states = [reading.state.value for reading in row.guards]
    return [
        row.department.name, row.quarter.name, row.score.value, charged.contacts if charged else 0,
        charged.cost if charged else None, deeds.tried, deeds.promised, deeds.proven, deeds.saved_low, deeds.saved,
        deeds.saved_high, deeds.dearest, deeds.days_to_answer, deeds.handed_over.good, deeds.handed_over.all,
        deeds.actions.good, deeds.actions.all, deeds.fixes.good, deeds.fixes.all, states.count("broken"),
        states.count("in_doubt"), row.would_pay,
    ]  # fmt: skip
