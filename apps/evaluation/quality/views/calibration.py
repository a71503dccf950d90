"""Calibration: sessions, one session, one of its answers to be scored or compared."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.evaluation.models import CalibrationSession
from apps.evaluation.quality import services
from apps.evaluation.quality.forms import CalibrationForm, DiscussionForm, MarksForm
from apps.evaluation.quality.queries import calibration as queries
from apps.evaluation.quality.views.acts import press, show
from helpdesk.errors import DomainError, NotAllowed, NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require


@login_required
def quality_calibration(request: PageRequest) -> HttpResponse:
    """The sessions, and the form that opens one."""
    require(request.user, "evaluation.review")
    form = CalibrationForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        try:
            session = services.open_calibration(**form.cleaned_data, by=request.user, at=timezone.now())
        except DomainError as error:
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("It is open. Everybody on the panel finds it here."))
            return redirect("calibration_session", pk=session.pk)
    rows = CalibrationSession.objects.visible_to(request.user).select_related("department", "opened_by")
    rows = rows.annotate(answers=Count("items", distinct=True), seats=Count("panel", distinct=True))
    context = {"rows": rows[:50], "form": form}
    return show(
        request, "calibration", context, tab="quality_calibration", status=422 if form.errors else 200
    )


@login_required
def calibration_session(request: PageRequest, pk: int) -> HttpResponse:
    """How far the panel means the same, for who has scored; to the others, what is left to score."""
    require(request.user, "evaluation.review")
    session = queries.session_in_full(pk, user=request.user)
    configures = may(request.user, "helpdesk.configure")
    page = queries.session_page(session, user=request.user, configures=configures)
    form = None
    if page.may_speak:
        given = request.POST if request.method == "POST" else None
        form = DiscussionForm(given, initial={"words": session.discussion})
    if request.method == "POST":
        if form is None:
            raise services.NotOnThePanel if page.hears else services.ScoreFirst
        if form.is_valid():
            services.note_discussion(session=session, words=form.cleaned_data["words"], by=request.user)
            messages.success(request, _("Kept."))
            return redirect("calibration_session", pk=pk)
    context = {"page": page, "session": session, "form": form}
    return show(
        request, "session", context, tab="quality_calibration", status=422 if form and form.errors else 200
    )


@login_required
def calibration_item(request: PageRequest, pk: int, place: int) -> HttpResponse:
    """One answer, to be scored blind, and afterwards compared."""
    require(request.user, "evaluation.review")
    session = queries.session_in_full(pk, user=request.user)
    page = queries.item_page(session, place, user=request.user)
    given = request.POST if request.method == "POST" else None
    form = None
    if page.may_score or page.may_agree:
        form = MarksForm(given, criteria=page.criteria, marks=page.agreed if page.may_agree else None)
    if request.method == "POST":
        if form is None:
            raise services.SessionClosed if not session.is_open else services.AlreadyScored
        if form.is_valid() and _write(request, page, form):
            return redirect("calibration_session", pk=pk)
    context = {"page": page, "session": session, "form": form}
    return show(
        request, "item", context, tab="quality_calibration", status=422 if form and form.errors else 200
    )


@login_required
@require_POST
def close_calibration(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "evaluation.review")
    session = queries.session_in_full(pk, user=request.user)
    return press(
        request,
        lambda: services.close_calibration(session=session, by=request.user, at=timezone.now()),
        _("Closed. Everybody sees everything."), "calibration_session", pk=pk,
    )  # fmt: skip


def _write(request: PageRequest, page: queries.ItemPage, form: MarksForm) -> bool:
    write = services.score_item if page.may_score else services.agree_on_item
    try:
        write(item=page.item, marks=form.marks(), by=request.user, at=timezone.now())
    except (NotAllowed, NotFound):
        raise
    except DomainError as error:
        form.refuse(error.pointer, error.detail)
        return False
    messages.success(request, _("Kept."))
    return True
