"""Approvals: what waits for one's word, each on a page with its buttons, in the house or behind a letter's link."""

import csv

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.response import services
from apps.response.forms import ApprovalForm
from apps.response.models import Approval, GivenRemedy
from apps.response.models.remedy import YEAR
from apps.response.queries.remedies import approvals_answered, approvals_waiting
from apps.response.queries.remedy_figures import remedy_figures
from helpdesk.acting import done
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import may, require

FULL = ("ticket__customer", "issue", "offer", "asked_by", "answered_by")


@login_required
@require_GET
def approvals(request: PageRequest) -> HttpResponse:
    """What waits for this person, and what became of the others."""
    require(request.user, "response.view")
    context = {
        "waiting": approvals_waiting(request.user),
        "others": approvals_answered(request.user),
        "may_approve": may(request.user, services.APPROVE),
    }
    return render(request, "response/approvals.html", context)


@login_required
@require_GET
def remedies_given(request: PageRequest) -> HttpResponse:
    """What was given within a year; as a file with `?format=csv`."""
    require(request.user, "evaluation.view")
    now = timezone.now()
    figures = remedy_figures(user=request.user, since=now - YEAR, until=now)
    if request.GET.get("format") != "csv":
        return render(request, "response/remedy_figures.html", {"figures": figures})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="remedies.csv"'
    lines = csv.writer(answer)
    lines.writerow([_("month"), _("issue"), _("with money"), _("without money"), _("money")])
    for row in figures.months:
        lines.writerow([row.month.isoformat(), row.issue, row.with_money, row.without, row.money])
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def approval(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.view")
    row = get_object_or_404(Approval.objects.select_related(*FULL), pk=pk)
    if not row.is_visible_to(request.user):
        raise NotFound
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _answered(request, form, row, request.user):
        messages.success(request, _("Answered. The agent is told."))
        return redirect("approvals")
    context = _context(row, request.user, form)
    return render(request, "response/approval.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def approval_by_link(request: HttpRequest, key: str) -> HttpResponse:
    """The same by a letter's link, as the person the letter went to. To look at it does nothing."""
    asked = services.approval_by_key(key=key)
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _answered(request, form, asked.approval, asked.user):
        return redirect("approval_by_link", key=key)
    context = _context(asked.approval, asked.user, form) | {"key": key}
    return render(request, "response/approval_by_link.html", context, status=422 if form.errors else 200)


def _answered(request: HttpRequest, form: ApprovalForm, row: Approval, by: User) -> bool:
    now = timezone.now()
    if request.POST.get("act") == "ask":
        return done(
            form, lambda given: services.ask_back(approval=row, question=given["answer"], by=by, at=now)
        )
    approve = request.POST.get("act") == "approve"
    return done(
        form, lambda given: services.answer_approval(approval=row, approve=approve, **given, by=by, at=now)
    )


def _context(row: Approval, person: User, form: ApprovalForm) -> dict[str, object]:
    had = GivenRemedy.objects.lately_to(row.ticket.customer_id, at=timezone.now())
    return {
        "approval": row,
        "person": person,
        "form": form,
        "had": had.money(),
        "is_theirs": row.is_open and row.asked_by_id != person.pk and may(person, services.APPROVE),
    }
