"""The pages of whom we ask how it was, and of customers who said that they are not happy."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.control import queries_asking as queries
from apps.control import services
from apps.control.forms_asking import AskLimitsForm, AskRuleForm, FollowUpForm
from apps.control.models import AskDraw, AskRule, FollowUp
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Department, Ticket
from helpdesk.permissions import may, require

HEARD_DAYS = 90
DRAWS = 7
A_PAGE = 25


@login_required
def surveys(request: PageRequest) -> HttpResponse:
    """The rules and what they would do, who answered, and what was found by asking."""
    require(request.user, "control.manage")
    form = AskRuleForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_ask_rule(**form.values(), by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error("percent" if error.pointer == "share" else error.pointer or None, error.detail)
        else:
            messages.success(request, _("The rule is set."))
            return redirect("surveys")
    return _page(request, form, None)


@login_required
@require_POST
def set_limits(request: PageRequest) -> HttpResponse:
    require(request.user, "helpdesk.configure")
    form = AskLimitsForm(request.POST)
    if form.is_valid():
        services.set_ask_limits(**form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("The limits are set."))
        return redirect("surveys")
    return _page(request, AskRuleForm(user=request.user), form)


@login_required
@require_POST
def withdraw_rule(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "control.manage")
    row = get_object_or_404(AskRule.objects.select_related("department"), pk=pk)
    services.withdraw_ask_rule(rule=row, by=request.user)
    messages.success(request, _("The rule is withdrawn."))
    return redirect("surveys")


def _page(request: PageRequest, form: AskRuleForm, limits: AskLimitsForm | None) -> HttpResponse:
    """Eleven queries besides the forms, whatever the number of departments."""
    at, known = timezone.now(), queries.ask_limits()
    since = at - timedelta(days=HEARD_DAYS)
    usual = {"rest_days": known.rest_days, "most_a_day": known.most_a_day, "always": known.always}
    may_configure = may(request.user, "helpdesk.configure")
    whose = Department.objects.all() if may_configure else Department.objects.filter(members=request.user)
    context = {
        "form": form,
        "limits": known,
        "limits_form": limits or AskLimitsForm(initial=usual),
        "may_configure": may_configure,
        "rules": AskRule.objects.select_related("issue", "department", "set_by"),
        "dry": queries.dry_run(at=at),
        "heard": queries.heard(since=since, until=at, departments=list(whose)),
        "unheard": queries.unheard(since=since, until=at)[:20],
        "draws": AskDraw.objects.all()[:DRAWS],
        "days": HEARD_DAYS,
    }
    wrong = bool(form.errors or (limits and limits.errors))
    return render(request, "control/surveys.html", context, status=422 if wrong else 200)


@login_required
@require_GET
def follow_ups(request: PageRequest) -> HttpResponse:
    """Customers who are not happy with an answer, the longest waiting first."""
    require(request.user, "response.reply")
    return _follow_ups(request, None, None)


@login_required
@require_POST
def finish_follow_up(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.reply")
    seen = FollowUp.objects.filter(survey__ticket__in=Ticket.objects.visible_to(request.user))
    row = get_object_or_404(seen.select_related("survey__ticket"), pk=pk)
    form = FollowUpForm(request.POST)
    if form.is_valid():
        try:
            services.finish_follow_up(follow_up=row, **form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(None, error.detail)
        else:
            messages.success(request, _("Written down."))
            return redirect("follow_ups")
    return _follow_ups(request, row, form)


def _follow_ups(request: PageRequest, tried: FollowUp | None, form: FollowUpForm | None) -> HttpResponse:
    """Two queries for the list, and one for what was done lately."""
    seen = FollowUp.objects.filter(survey__ticket__in=Ticket.objects.visible_to(request.user))
    rows = seen.select_related("survey__ticket__customer", "survey__ticket__assignee", "done_by")
    waiting = rows.filter(done_at=None).order_by("opened_at", "pk")
    context = {
        "page": Paginator(waiting, A_PAGE).get_page(request.GET.get("page")),
        "done": rows.exclude(done_at=None).order_by("-done_at")[:10],
        "tried": tried,
        "form": form,
    }
    return render(request, "control/follow_ups.html", context, status=422 if form and form.errors else 200)
