"""One person: what they carry, know, learn and hold, and what was talked about with them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.analysis.deadlines import today
from apps.staff import services
from apps.staff.forms.coaching import AnswerForm, CoachingForm
from apps.staff.forms.people import AvailabilityForm, SkillForm
from apps.staff.forms.training import AssignForm, CertificateForm, ExcuseForm, WithdrawForm
from apps.staff.models import Assignment, Availability, Certificate, CoachingNote, Skill
from apps.staff.queries.coaching import notes_about
from apps.staff.queries.people import WORKERS, in_charge_of, staff
from apps.staff.queries.training import learning_of, reviews_of
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.models import User
from helpdesk.permissions import may, require


@login_required
def person(request: PageRequest, pk: int) -> HttpResponse:
    """Everything about one person, for who looks after them; their own page for themselves, to read."""
    require(request.user, "staff.learn")
    user = _person(request.user, pk)
    if request.method != "POST":
        return _show(request, user)
    require(request.user, "staff.manage")
    form = _capacity_form(request, user, request.POST)

    def act(given: dict[str, Any]) -> None:
        services.set_availability(user=user, **given, by=request.user)

    if done(form, act):
        messages.success(request, _("Saved."))
        return redirect("people")
    return _show(request, user, {"capacity": form})


# --- skills and certificates


@login_required
@require_POST
def grant_skill(request: PageRequest, pk: int) -> HttpResponse:
    def act(user: User, given: dict[str, Any]) -> None:
        services.grant_skill(user=user, **given, by=request.user)

    return _post(request, pk, "skill", act, _("The skill is noted."))


@login_required
@require_POST
def withdraw_skill(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    skill = get_object_or_404(Skill.objects.filter(user__in=in_charge_of(request.user)), pk=pk)
    services.withdraw_skill(skill=skill, by=request.user)
    return redirect("person", pk=skill.user_id)


@login_required
@require_POST
def grant_certificate(request: PageRequest, pk: int) -> HttpResponse:
    def act(user: User, given: dict[str, Any]) -> None:
        services.grant_certificate(user=user, **given, by=request.user, at=timezone.now())

    return _post(request, pk, "certificate", act, _("The certificate is entered."))


@login_required
@require_POST
def withdraw_certificate(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    row = get_object_or_404(Certificate.objects.filter(user__in=in_charge_of(request.user)), pk=pk)
    form = WithdrawForm(request.POST)

    def act() -> None:
        why = form.cleaned_data["why"] if form.is_valid() else ""
        services.withdraw_certificate(certificate=row, why=why, by=request.user, at=timezone.now())

    tried(request, act, _("The certificate is withdrawn."))
    return redirect("person", pk=row.user_id)


# --- training


@login_required
@require_POST
def assign_course(request: PageRequest, pk: int) -> HttpResponse:
    def act(user: User, given: dict[str, Any]) -> None:
        services.assign_course(user=user, **given, by=request.user, at=timezone.now())

    return _post(request, pk, "course", act, _("It stands on their list now."))


@login_required
@require_POST
def excuse_from_course(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    row = get_object_or_404(Assignment.objects.filter(user__in=in_charge_of(request.user)), pk=pk)
    form = ExcuseForm(request.POST)

    def act() -> None:
        excuse = form.cleaned_data["excuse"] if form.is_valid() else ""
        services.excuse_from_course(assignment=row, excuse=excuse, by=request.user, at=timezone.now())

    tried(request, act, _("They need not do it."))
    return redirect("person", pk=row.user_id)


# --- coaching


@login_required
@require_POST
def write_note(request: PageRequest, pk: int) -> HttpResponse:
    def act(user: User, given: dict[str, Any]) -> None:
        services.write_coaching_note(user=user, **given, by=request.user, at=timezone.now())

    return _post(request, pk, "note", act, _("The note is written."))


@login_required
@require_POST
def answer_note(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.learn")
    note = get_object_or_404(CoachingNote.objects.visible_to(request.user), pk=pk)
    form = AnswerForm(request.POST, auto_id=f"id_answer_{note.pk}_%s")

    def act(given: dict[str, Any]) -> None:
        services.answer_coaching_note(note=note, **given, by=request.user, at=timezone.now())

    if done(form, act):
        messages.success(request, _("Your answer stands below the note."))
        return redirect("person", pk=note.user_id)
    return _show(request, note.user, {"answer": form}, answered=note)


# --- the page


def _person(by: User, pk: int) -> User:
    """Who looks after them, and themselves."""
    mine = staff().filter(pk=by.pk)
    return get_object_or_404((in_charge_of(by) | mine).select_related("department"), pk=pk)


def _post(
    request: PageRequest, pk: int, name: str, act: Callable[[User, dict[str, Any]], None], said: str
) -> HttpResponse:
    """One of the forms of the page: done, or shown again with what is wrong and all that was typed."""
    require(request.user, "staff.manage")
    user = get_object_or_404(in_charge_of(request.user).select_related("department"), pk=pk)
    form = FORMS[name](request, user, request.POST)
    if done(form, lambda given: act(user, given)):
        messages.success(request, said)
        return redirect("person", pk=user.pk)
    return _show(request, user, {name: form})


def _capacity_form(request: PageRequest, user: User, data: Any = None) -> forms.Form:
    row = Availability.objects.filter(user=user).first()
    initial = {"capacity": row.capacity if row else 20}
    return AvailabilityForm(data, initial=initial, auto_id="id_capacity_%s")


def _note_form(request: PageRequest, user: User, data: Any = None) -> forms.Form:
    notes = CoachingNote.objects.visible_to(request.user).filter(user=user).select_related("user")
    return CoachingForm(
        data, notes=notes, initial={"follows": request.GET.get("follows")}, auto_id="id_note_%s"
    )


FORMS: dict[str, Callable[..., forms.Form]] = {
    "capacity": _capacity_form,
    "skill": lambda request, user, data=None: SkillForm(data, auto_id="id_skill_%s"),
    "course": lambda request, user, data=None: AssignForm(data, auto_id="id_course_%s"),
    "certificate": lambda request, user, data=None: CertificateForm(data, auto_id="id_certificate_%s"),
    "note": _note_form,
}


def _show(
    request: PageRequest, user: User, faulty: dict[str, forms.Form] | None = None, *,
    answered: CoachingNote | None = None,
) -> HttpResponse:  # fmt: skip
    given = faulty or {}
    by, on = request.user, today(timezone.now())
    is_self = by.pk == user.pk
    manages = may(by, "staff.manage") and (not is_self or in_charge_of(by).filter(pk=by.pk).exists())
    context: dict[str, Any] = {
        "person": user,
        "is_self": is_self,
        "manages": manages,
        "answers_tickets": user.role in WORKERS,
        "skills": Skill.objects.filter(user=user).select_related("issue", "product"),
        "learning": learning_of(user, today=on),
        "notes": notes_about(user, seen_by=by),
        "reviews": reviews_of(user) if manages else [],
        "answer": given.get("answer") or AnswerForm(),
        "answered": answered,
    }
    if manages:
        context["forms"] = {name: given.get(name) or make(request, user) for name, make in FORMS.items()}
    return render(request, "staff/person.html", context, status=422 if given else 200)
