"""Recurring tickets: the list, one as a form with its next days, and the buttons that pause and remove."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.control.models import RecurringTicket
from apps.control.recurring import services
from apps.control.recurring.forms import RecurringForm
from apps.control.recurring.queries import made_of, next_of, recurring_rows, when_of
from apps.control.recurring.services import VERB
from apps.response.acting import ActsForm, read_acts
from apps.response.acting import written as written_act
from helpdesk.acting import refuse
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
@require_GET
def recurring_tickets(request: PageRequest) -> HttpResponse:
    require(request.user, VERB)
    return render(request, "control/recurring_tickets.html", {"rows": recurring_rows(request.user)})


@login_required
def recurring_ticket(request: PageRequest, pk: int | None = None) -> HttpResponse:
    """One as a form: its next days are looked at before it is kept."""
    require(request.user, VERB)
    row = _row(request, pk) if pk else None
    editor = _Editor(request, row)
    if request.method == "POST":
        saved = editor.do(is_trial=request.POST.get("do") == "preview")
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect("recurring_ticket", pk=saved.pk)
    return render(
        request, "control/recurring_ticket.html", editor.context, status=422 if editor.is_wrong else 200
    )


class _Editor:
    """Both forms, as they were kept or posted, and the row whose days are shown."""

    def __init__(self, request: PageRequest, row: RecurringTicket | None) -> None:
        self.request, self.row, self.shown = request, row, row
        data = request.POST if request.method == "POST" else None
        today = timezone.localdate()
        fresh = {"time_zone": timezone.get_current_timezone_name(), "start_on": today, "month": today.month}
        self.form = RecurringForm(data, user=request.user, initial=RecurringForm.of(row) if row else fresh)
        acts = read_acts(row.acts, ruled=True) if row and row.acts else ()
        self.then = ActsForm(data, user=request.user, acts=acts, ruled=True, needed=False, prefix="then")
        self.is_wrong = False

    def do(self, *, is_trial: bool) -> RecurringTicket | None:
        """Keep it, or only count its days."""
        self.is_wrong = not (self.form.is_valid() & self.then.is_valid())
        if self.is_wrong:
            self.shown = None
            return None
        given = self.form.given([written_act(act) for act in self.then.acts])
        at = timezone.now()
        try:
            if not is_trial:
                return services.save_recurring(given=given, row=self.row, by=self.request.user, at=at)
            self.shown = services.draft(given=given, at=at)
        except DomainError as error:
            refuse(self.form, error)
            self.is_wrong, self.shown = True, None
        return None

    @property
    def context(self) -> dict[str, Any]:
        shown, row = self.shown, self.row
        return {
            "row": row,
            "form": self.form,
            "then": self.then,
            "when": when_of(shown) if shown else "",
            "zone": shown.time_zone if shown else "",
            "days": next_of(shown, at=timezone.now()) if shown else [],
            "made": made_of(row, self.request.user) if row else [],
            "is_counted": shown is not None,
        }


@login_required
@require_POST
def change_recurring(request: PageRequest, pk: int) -> HttpResponse:
    """Pause it, let it go on, or remove it."""
    require(request.user, VERB)
    row, act = _row(request, pk), request.POST.get("act", "")
    if act == "remove":
        services.remove_recurring(row=row, by=request.user)
        messages.success(request, _("“%(row)s” is gone; its tickets stay.") % {"row": row})
        return redirect("recurring_tickets")
    services.pause_recurring(row=row, on=act == "pause", by=request.user, at=timezone.now())
    messages.success(request, _("It rests.") if act == "pause" else _("It goes on."))
    return redirect("recurring_ticket", pk=row.pk)


def _row(request: PageRequest, pk: int) -> RecurringTicket:
    rows = RecurringTicket.objects.visible_to(request.user)
    row: RecurringTicket = get_object_or_404(
        rows.select_related("department", "customer", "calendar", "checklist"), pk=pk
    )
    return row
