"""The calendar of what happened in the company: what causes are held against."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.analysis import services
from apps.analysis.calendar_forms import CalendarEntryForm, CalendarFileForm
from apps.analysis.models import CalendarEntry
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.permissions import may, require

A_PAGE, FAULTS_SHOWN = 50, 20


@login_required
def calendar(request: PageRequest) -> HttpResponse:
    """What is entered, the newest first; and one more."""
    require(request.user, "analysis.view")
    form = CalendarEntryForm(request.POST if request.method == "POST" else None)
    who: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    if request.method == "POST" and done(form, lambda given: services.add_entry(**given, **who)):
        messages.success(request, _("Noted."))
        return redirect("calendar")
    return _page(request, form=form)


@login_required
@require_POST
def import_calendar(request: PageRequest) -> HttpResponse:
    """Many at once, from a table; one faulty row, and none is brought in."""
    require(request.user, "analysis.case")
    file = CalendarFileForm(request.POST, request.FILES)
    if not file.is_valid():
        return _page(request, file=file)
    try:
        new = services.import_entries(rows=file.cleaned_data["file"], by=request.user, at=timezone.now())
    except services.FaultyRows as error:
        for line, reason in error.faults[:FAULTS_SHOWN]:
            file.add_error("file", _("Line %(line)s: %(reason)s") % {"line": line, "reason": reason})
        return _page(request, file=file)
    messages.success(
        request,
        _("%(new)s new, the others were there already.") % {"new": new}
        if new
        else _("All of them were there."),
    )
    return redirect("calendar")


@login_required
@require_POST
def withdraw_entry(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "analysis.case")
    entry = get_object_or_404(CalendarEntry, pk=number)
    services.withdraw_entry(entry=entry, by=request.user, at=timezone.now())
    return redirect("calendar")


def _page(
    request: PageRequest, *, form: CalendarEntryForm | None = None, file: CalendarFileForm | None = None
) -> HttpResponse:
    rows = CalendarEntry.objects.standing().select_related("product", "added_by")
    form, file = form or CalendarEntryForm(), file or CalendarFileForm()
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "file": file,
        "may_enter": may(request.user, "analysis.case"),
    }
    wrong = form.errors or file.errors
    return render(request, "analysis/calendar.html", context, status=422 if wrong else 200)
