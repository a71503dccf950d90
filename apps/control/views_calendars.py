"""The pages of calendars: hours, holidays, own days off out of a file, and a moment that is tried."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.control import calendars as holidays
from apps.control import ics, services
from apps.control.clock import week as read_week
from apps.control.forms_promises import ONE_PROMISE, CalendarForm, DaysOffForm, OneDayOffForm, TryForm
from apps.control.models import Calendar
from apps.control.trying import Tried, spoken, telling_moments, try_out
from helpdesk.errors import DomainError, Invalid
from helpdesk.http import PageRequest
from helpdesk.permissions import require

A_YEAR = 365


@login_required
@require_GET
def calendars(request: PageRequest) -> HttpResponse:
    require(request.user, "control.manage")
    today = timezone.localdate()
    rows = [(row, _week(row), _free_days(row, today)[:1]) for row in Calendar.objects.all()]
    return render(request, "control/calendars.html", {"rows": rows})


@login_required
def calendar(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """One calendar, new or known; what is typed is tried out before it is kept."""
    require(request.user, "control.manage")
    row = get_object_or_404(Calendar, pk=pk) if pk else None
    posted = request.POST if request.method == "POST" else None
    form = CalendarForm(posted, initial=CalendarForm.of(row) if row else None)
    trial = TryForm(posted, prefix="try")
    is_trial = posted is not None and "try" in posted
    if posted is not None and form.is_valid() and not is_trial:
        try:
            kept = services.save_calendar(calendar=row, **form.values(), by=request.user)
        except DomainError as error:
            form.add_error("monday" if error.pointer == "week" else error.pointer or None, error.detail)
        else:
            messages.success(
                request, _("Kept. What runs already keeps its due time until it is counted anew.")
            )
            return redirect("calendar", pk=kept.pk)
    return _page(request, row, form=form, trial=trial, is_trial=is_trial)


@login_required
@require_POST
def days_off(request: PageRequest, pk: int) -> HttpResponse:
    """Read a file of days off and show what is in it; or keep what was shown, a single day, or give days back."""
    require(request.user, "control.manage")
    row = get_object_or_404(Calendar, pk=pk)
    if back := request.POST.getlist("back"):
        services.give_days_back(calendar=row, days=_dates(back), by=request.user)
        messages.success(request, _("Working days again."))
        return redirect("calendar", pk=row.pk)
    if "day" in request.POST:
        one = OneDayOffForm(request.POST)
        if not one.is_valid():
            return _page(request, row, one=one)
        return _keep(request, row, {one.cleaned_data["day"]: one.cleaned_data["name"]})
    if kept := request.POST.getlist("keep"):
        names = {day: request.POST.get(f"name-{day}", "") for day in kept}
        return _keep(request, row, {day: names[day.isoformat()] for day in _dates(kept)})
    form = DaysOffForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, off=form)
    reading = ics.read(form.cleaned_data["text"], today=timezone.localdate())
    return _page(request, row, off=form, reading=reading)


def _keep(request: PageRequest, row: Calendar, days: dict[date, str]) -> HttpResponse:
    new = services.take_days_off(calendar=row, days=days, by=request.user)
    messages.success(request, _("%(new)s days off are new.") % {"new": new})
    return redirect("calendar", pk=row.pk)


@login_required
@require_POST
def drop_calendar(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "control.manage")
    row = get_object_or_404(Calendar, pk=pk)
    try:
        services.drop_calendar(calendar=row, by=request.user)
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("calendar", pk=row.pk)
    messages.success(request, _("“%(row)s” is gone.") % {"row": row})
    return redirect("calendars")


def _page(
    request: PageRequest, row: Calendar | None, *, form: CalendarForm | None = None, trial: TryForm | None = None,
    off: DaysOffForm | None = None, one: OneDayOffForm | None = None, reading: ics.Reading | None = None,
    is_trial: bool = False,
) -> HttpResponse:  # fmt: skip
    form = form or CalendarForm(initial=CalendarForm.of(row) if row else None)
    trial = trial or TryForm(prefix="try")
    today = timezone.localdate()
    tried, promised, refused = _tried(row, form, trial)
    context = {
        "calendar": row,
        "form": form,
        "trial": trial,
        "tried": tried,
        "promised": promised,
        "refused": refused,
        "week": _week(row) if row else [],
        "free": _free_days(row, today) if row else [],
        "own": [(day, row.names_of_days.get(day.isoformat(), "")) for day in row.days_off] if row else [],
        "off": off or DaysOffForm(),
        "one": one or OneDayOffForm(),
        "reading": reading,
        "may_change": services.may_change(user=request.user, calendar=row),
    }
    wrong = any(bound is not None and bound.errors for bound in (form, off, one)) and not is_trial
    return render(request, "control/calendar.html", context, status=422 if wrong else 200)


def _tried(
    row: Calendar | None, form: CalendarForm, trial: TryForm
) -> tuple[list[Tried], list[tuple[str, str]], str]:
    """When a promise would be due by what is typed, or why nothing can be said."""
    at = timezone.now()
    if not form.is_bound:
        if row is None:
            return [], [], ""
        draft = row
    else:
        form.is_valid()
        draft = Calendar(**form.values(), pk=row.pk if row else None, days_off=row.days_off if row else [])
        try:
            services.check_calendar(calendar=draft)
        except Invalid as error:
            return [], [], error.detail
    given = trial.cleaned_data if trial.is_bound and trial.is_valid() else {}
    promised = given.get("minutes")
    minutes = ONE_PROMISE if promised is None else int(promised)
    hours = draft.hours(around=at.date())
    moment = trial.moment(draft.time_zone) if trial.is_bound else None
    found = try_out(hours, [minutes], [moment] if moment else telling_moments(hours, at=at))
    return found, [(_("Due"), spoken(minutes))], ""


def _week(row: Calendar) -> list[tuple[str, str, float]]:
    """Each weekday, what was typed, and for how many hours somebody is there on it."""
    spans = read_week(row.week)
    return [
        (str(day), row.week[n], sum(end - start for start, end in spans[n]) / 60)
        for n, day in enumerate(holidays.WEEKDAYS)
    ]


def _free_days(row: Calendar, today: date) -> list[tuple[date, str, bool]]:
    """The holidays and own days off of the next twelve months, in order; True: an own one."""
    end = today + timedelta(days=A_YEAR)
    public = holidays.named_holidays(row.country, row.subdivision, start=today)
    own = {day: row.names_of_days.get(day.isoformat(), "") for day in row.days_off if today <= day < end}
    return sorted(
        [(day, name, False) for day, name in public if day not in own]
        + [(day, name, True) for day, name in own.items()]
    )


def _dates(texts: list[str]) -> list[date]:
    try:
        return [date.fromisoformat(text) for text in texts]
    except ValueError as error:
        raise Invalid(_("A day looks like 2026-12-24."), pointer="keep") from error
