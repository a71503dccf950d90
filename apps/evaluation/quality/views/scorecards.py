"""The editor of scorecards: what is in use, the draft, older versions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.evaluation.models import Criterion, Scorecard
from apps.evaluation.quality import services
from apps.evaluation.quality.forms import CriterionForm, DepartmentForm, ScorecardForm
from apps.evaluation.quality.views.acts import press, show
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
@require_GET
def quality_scorecards(request: PageRequest) -> HttpResponse:
    """Every version this person may read, those in use first."""
    require(request.user, "evaluation.answer_review")
    rows = Scorecard.objects.visible_to(request.user).select_related(
        "department", "published_by", "drafted_by"
    )
    rows = rows.annotate(asked=Count("criteria")).order_by("department__name", "-version")
    edits = may(request.user, "evaluation.manage")
    context = {"rows": rows, "form": DepartmentForm(user=request.user) if edits else None}
    return show(request, "scorecards", context, tab="quality_scorecards")


@login_required
@require_POST
def draft_scorecard(request: PageRequest) -> HttpResponse:
    require(request.user, "evaluation.manage")
    form = DepartmentForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose your department."))
        return redirect("quality_scorecards")
    draft = services.draft_scorecard(**form.cleaned_data, by=request.user, at=timezone.now())
    return redirect("quality_scorecard", pk=draft.pk)


@login_required
def quality_scorecard(request: PageRequest, pk: int) -> HttpResponse:
    """One version: to be read, or as a draft to be edited."""
    scorecard = _found(request, pk)
    edits = scorecard.is_draft and may(request.user, "evaluation.manage")
    first = {"name": scorecard.name, "percent": f"{scorecard.pass_mark * 100:g}"}
    form = ScorecardForm(request.POST if request.method == "POST" else None, initial=first) if edits else None
    if request.method == "POST":
        require(request.user, "evaluation.manage")
        if form is None:
            raise services.ScorecardPublished
        if form.is_valid() and _describe(request, scorecard, form):
            return redirect("quality_scorecard", pk=pk)
    context = {"scorecard": scorecard, "criteria": scorecard.criteria.all(), "form": form}
    return show(
        request, "scorecard", context, tab="quality_scorecards", status=422 if form and form.errors else 200
    )


@login_required
def add_criterion(request: PageRequest, pk: int) -> HttpResponse:
    scorecard = _found(request, pk)
    require(request.user, "evaluation.manage")
    return _edit(request, scorecard, None)


@login_required
def edit_criterion(request: PageRequest, pk: int, number: int) -> HttpResponse:
    scorecard = _found(request, pk)
    require(request.user, "evaluation.manage")
    return _edit(request, scorecard, _criterion(scorecard, number))


@login_required
@require_POST
def move_criterion(request: PageRequest, pk: int, number: int) -> HttpResponse:
    criterion = _criterion(_found(request, pk), number)
    up = request.POST.get("up") == "1"
    return press(
        request,
        lambda: services.move_criterion(criterion=criterion, up=up, by=request.user),
        _("Moved."), "quality_scorecard", pk=pk,
    )  # fmt: skip


@login_required
@require_POST
def remove_criterion(request: PageRequest, pk: int, number: int) -> HttpResponse:
    criterion = _criterion(_found(request, pk), number)
    return press(
        request,
        lambda: services.remove_criterion(criterion=criterion, by=request.user),
        _("It is asked no more."), "quality_scorecard", pk=pk,
    )  # fmt: skip


@login_required
@require_POST
def publish_scorecard(request: PageRequest, pk: int) -> HttpResponse:
    scorecard = _found(request, pk)
    return press(
        request,
        lambda: services.publish_scorecard(scorecard=scorecard, by=request.user, at=timezone.now()),
        _("Published. What was reviewed before keeps its version."), "quality_scorecard", pk=pk,
    )  # fmt: skip


@login_required
@require_POST
def discard_scorecard(request: PageRequest, pk: int) -> HttpResponse:
    scorecard = _found(request, pk)
    return press(
        request,
        lambda: services.discard_scorecard(scorecard=scorecard, by=request.user),
        _("The draft is gone. What is in use stays."), "quality_scorecards",
    )  # fmt: skip


def _found(request: PageRequest, pk: int) -> Scorecard:
    require(request.user, "evaluation.answer_review")
    rows = Scorecard.objects.visible_to(request.user).select_related("department", "published_by")
    return get_object_or_404(rows, pk=pk)


def _criterion(scorecard: Scorecard, number: int) -> Criterion:
    return get_object_or_404(scorecard.criteria.select_related("scorecard"), pk=number)


def _describe(request: PageRequest, scorecard: Scorecard, form: ScorecardForm) -> bool:
    given = form.cleaned_data
    try:
        services.describe_scorecard(
            scorecard=scorecard, name=given["name"], pass_mark=given["percent"] / 100, by=request.user
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.add_error("percent" if error.pointer == "pass_mark" else error.pointer or None, error.detail)
        return False
    messages.success(request, _("Kept."))
    return True


def _edit(request: PageRequest, scorecard: Scorecard, criterion: Criterion | None) -> HttpResponse:
    form = CriterionForm(request.POST if request.method == "POST" else None, criterion=criterion)
    if form.is_valid():
        try:
            services.set_criterion(
                scorecard=scorecard, question=form.asked(), criterion=criterion, by=request.user
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("Kept in the draft."))
            return redirect("quality_scorecard", pk=scorecard.pk)
    context = {"form": form, "scorecard": scorecard, "criterion": criterion}
    return show(request, "criterion", context, tab="quality_scorecards", status=422 if form.errors else 200)
