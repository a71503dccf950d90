"""Training: one's own list, the courses and their editor, and the rules by which news gives courses to people."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.analysis.deadlines import today
from apps.staff import services
from apps.staff.forms.training import CourseForm, GiveForm, RuleForm
from apps.staff.models import Assignment, Course, TrainingRule
from apps.staff.queries import training as queries
from apps.staff.queries.people import in_charge_of
from helpdesk.acting import done, tried
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
@require_GET
def training(request: PageRequest) -> HttpResponse:
    """What one has to do, has done and holds; and what there is to learn."""
    require(request.user, "staff.learn")
    context = {
        "learning": queries.learning_of(request.user, today=today(timezone.now())),
        "courses": queries.offered(),
        "may_manage": may(request.user, "staff.manage"),
    }
    return render(request, "staff/training.html", context)


@login_required
@require_POST
def start_course(request: PageRequest, pk: int) -> HttpResponse:
    row = _assignment(request, pk)
    tried(request, lambda: services.start_course(assignment=row, by=request.user, at=timezone.now()))
    return redirect("course", pk=row.course_id)


@login_required
@require_POST
def pass_course(request: PageRequest, pk: int) -> HttpResponse:
    """Passed, or read: one's own goes back to one's list, somebody else's to their page."""
    row = _assignment(request, pk)
    said = _("Confirmed: you have read it.") if row.course.is_briefing else _("Passed. It is written down.")
    tried(request, lambda: services.pass_course(assignment=row, by=request.user, at=timezone.now()), said)
    return redirect("training") if row.user_id == request.user.pk else redirect("person", pk=row.user_id)


def _assignment(request: PageRequest, pk: int) -> Assignment:
    require(request.user, "staff.learn")
    rows = Assignment.objects.filter(Q(user=request.user) | Q(user__in=in_charge_of(request.user)))
    return get_object_or_404(rows.select_related("course"), pk=pk)


# --- /training/courses/


@login_required
def course(request: PageRequest, pk: int) -> HttpResponse:
    """One course to take; for leads also who has it, and a form to give it to people."""
    require(request.user, "staff.learn")
    may_manage = may(request.user, "staff.manage")
    row = get_object_or_404(Course.objects.all() if may_manage else queries.courses_for(request.user), pk=pk)
    form = GiveForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST":
        require(request.user, "staff.manage")

        def give(given: dict[str, Any]) -> None:
            services.assign_course_to(course=row, **given, by=request.user, at=timezone.now())

        if done(form, give):
            messages.success(request, _("It stands on their lists now."))
            return redirect("course", pk=row.pk)
    context = {"course": row, "form": form, "may_manage": may_manage} | _standing(request, row, may_manage)
    return render(request, "staff/course.html", context, status=422 if form.errors else 200)


def _standing(request: PageRequest, row: Course, may_manage: bool) -> dict[str, Any]:
    """How it stands with the reader, and with those the reader looks after."""
    on = today(timezone.now())
    mine = Assignment.objects.filter(user=request.user, course=row).order_by("-pk").first()
    takers = queries.takers(row, in_charge_of(request.user), today=on) if may_manage else ()
    return {
        "mine": queries.ToDo(mine, mine.is_overdue(on)) if mine else None,
        "takers": takers,
        "topics": row.topics.select_related("issue", "product"),
    }


@login_required
def new_course(request: PageRequest) -> HttpResponse:
    return _edit(request, None)


@login_required
def edit_course(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    return _edit(request, get_object_or_404(Course.objects.kept(), pk=pk))


@login_required
@require_POST
def retire_course(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    row = get_object_or_404(Course.objects.kept(), pk=pk)
    tried(
        request,
        lambda: services.retire_course(course=row, by=request.user),
        _("Nobody is given it any more."),
    )
    return redirect("course", pk=row.pk)


def _edit(request: PageRequest, row: Course | None) -> HttpResponse:
    require(request.user, "staff.manage")
    form = CourseForm(request.POST if request.method == "POST" else None, initial=_words_of(row))
    saved: list[Course] = []

    def save(given: dict[str, Any]) -> None:
        about = {"issues": given["issues"], "products": given["products"]}
        words, now = form.words, timezone.now()
        saved.append(services.save_course(words=words, **about, course=row, by=request.user, at=now))

    if request.method == "POST" and done(form, save):
        messages.success(request, _("Saved."))
        return redirect("course", pk=saved[0].pk)
    context = {"course": row, "form": form}
    return render(request, "staff/edit_course.html", context, status=422 if form.errors else 200)


def _words_of(row: Course | None) -> dict[str, Any]:
    if row is None:
        return {}
    topics = list(row.topics.all())
    about = {
        "issues": [t.issue_id for t in topics if t.issue_id],
        "products": [t.product_id for t in topics if t.product_id],
    }
    return {name: getattr(row, name) for name in CourseForm.base_fields if hasattr(row, name)} | about


# --- /training/rules/


@login_required
def rules(request: PageRequest) -> HttpResponse:
    """Which news gives whom what to learn."""
    require(request.user, "staff.manage")
    form = RuleForm(request.POST if request.method == "POST" else None)

    def add(given: dict[str, Any]) -> None:
        services.add_rule(**given, by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, add):
        messages.success(request, _("The rule holds from now on."))
        return redirect("training_rules")
    context = {"form": form, "rules": queries.rules(), "criteria": queries.criteria_heard()}
    return render(request, "staff/training_rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def withdraw_rule(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "staff.manage")
    services.withdraw_rule(rule=get_object_or_404(TrainingRule, pk=pk), by=request.user)
    return redirect("training_rules")


@login_required
@require_POST
def usual_rules(request: PageRequest) -> HttpResponse:
    """The two rules every new helpdesk begins with."""
    require(request.user, "staff.manage")
    services.lay_out_rules(by=request.user, at=timezone.now())
    return redirect("training_rules")
