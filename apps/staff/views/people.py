"""The team: load, skills, certificates and gaps on one page; and who is away when."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.deadlines import today
from apps.staff import services
from apps.staff.forms.people import AbsenceForm
from apps.staff.models import DealtTo
from apps.staff.queries import people as queries
from apps.staff.queries import team
from apps.staff.queries.coaching import follow_ups
from apps.staff.queries.training import unread_news
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Absence, Role
from helpdesk.permissions import may, require


@login_required
@require_GET
def people(request: PageRequest) -> HttpResponse:
    """Who is here, what they can do and how full their table is: one's own department, or all for administrators."""
    require(request.user, "staff.view")
    department = None if request.user.role in {Role.ADMIN, Role.ANALYST} else request.user.department
    now, may_manage = timezone.now(), may(request.user, "staff.manage")
    colleagues = queries.colleagues(department=department, at=now)
    context = {
        "colleagues": colleagues,
        "matrix": team.matrix(colleagues, at=now),
        "gaps": team.gaps(colleagues, department=department, at=now),
        "may_manage": may_manage,
        "may_let_in": may(request.user, "staff.accounts"),
    }
    if may_manage:
        context["unread"] = unread_news([colleague.user.pk for colleague in colleagues])
        context["follow_ups"] = follow_ups(request.user, today=today(now))
    return render(request, "staff/people.html", context)


@login_required
def absences(request: PageRequest) -> HttpResponse:
    """When one is away oneself and who stands in; leads and administrators see to others' as well."""
    require(request.user, "staff.be_away")
    form = AbsenceForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.enter_absence(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer or None, error.detail)
        else:
            return redirect("absences")
    rows = queries.absences(request.user, at=timezone.now())
    context = {
        "form": form,
        "absences": rows,
        "now": timezone.now(),
        "paused": DealtTo.objects.filter(user=request.user, paused_at__isnull=False).exists(),
    }
    return render(request, "staff/absences.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def end_absence(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.be_away")
    row = get_object_or_404(Absence.objects.filter(user__in=queries.in_care_of(request.user)), pk=pk)
    try:
        services.end_absence(absence=row, by=request.user, at=timezone.now())
    except services.AbsenceOver as error:
        messages.info(request, error.detail)
    return redirect("absences")
