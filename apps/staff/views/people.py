"""The team: load, skills and absence on one page; one form for each person; and who is away when."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.staff import services
from apps.staff.forms.people import AbsenceForm, AvailabilityForm, SkillForm
from apps.staff.models import Availability, Skill
from apps.staff.queries import people as queries
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Absence, Role, User
from helpdesk.permissions import may, require


@login_required
@require_GET
def people(request: PageRequest) -> HttpResponse:
    """Who is here, what they can do and how full their table is: one's own department, or all for administrators."""
    require(request.user, "staff.view")
    department = None if request.user.role in {Role.ADMIN, Role.ANALYST} else request.user.department
    context = {
        "colleagues": queries.colleagues(department=department, at=timezone.now()),
        "may_manage": may(request.user, "staff.manage"),
    }
    return render(request, "staff/people.html", context)


@login_required
def person(request: PageRequest, pk: int) -> HttpResponse:
    """One person: capacity and skills."""
    require(request.user, "staff.manage")
    user = _colleague(request.user, pk)
    form = AvailabilityForm(request.POST if request.method == "POST" else None, initial=_capacity(user))
    if request.method == "POST" and form.is_valid():
        services.set_availability(user=user, **form.cleaned_data, by=request.user)
        return redirect("people")
    return _show(request, user, form=form, skill_form=SkillForm())


@login_required
@require_POST
def grant_skill(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    user = _colleague(request.user, pk)
    skill_form = SkillForm(request.POST)
    if skill_form.is_valid():
        try:
            services.grant_skill(user=user, **skill_form.cleaned_data, by=request.user)
        except DomainError as error:
            skill_form.add_error(error.pointer or None, error.detail)
        else:
            return redirect("person", pk=user.pk)
    return _show(request, user, form=AvailabilityForm(initial=_capacity(user)), skill_form=skill_form)


@login_required
@require_POST
def withdraw_skill(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    skill = get_object_or_404(Skill, pk=pk)
    _colleague(request.user, skill.user_id)
    services.withdraw_skill(skill=skill, by=request.user)
    return redirect("person", pk=skill.user_id)


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
    context = {"form": form, "absences": rows, "now": timezone.now()}
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


def _capacity(user: User) -> dict[str, int]:
    row = Availability.objects.filter(user=user).first()
    return {"capacity": row.capacity if row else 20}


def _colleague(by: User, pk: int) -> User:
    """Leads look after their own department, administrators after all."""
    colleagues = User.objects.filter(role__in=queries.WORKERS)
    if by.role == Role.LEAD:
        colleagues = colleagues.filter(department=by.department_id)
    return get_object_or_404(colleagues, pk=pk)


def _show(request: PageRequest, user: User, *, form: AvailabilityForm, skill_form: SkillForm) -> HttpResponse:
    skills = Skill.objects.filter(user=user).select_related("issue", "product")
    context = {"person": user, "form": form, "skill_form": skill_form, "skills": skills}
    status = 422 if form.errors or skill_form.errors else 200
    return render(request, "staff/person.html", context, status=status)
