"""What was promised to customers: in the box beside a ticket, one's own on a page, and how many were kept."""

import csv
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.control import services
from apps.control.forms_customer_promises import PromiseForm
from apps.control.models import CustomerPromise
from apps.control.queries_customer_promises import (
    YEAR,
    customer_promises_for,
    customer_promises_of,
    promises_by_month,
)
from apps.response.queries import people_who_answer
from apps.response.services import keep_played
from helpdesk.acting import STRANGER, done, tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
def promises_panel(request: PageRequest, number: int) -> HttpResponse:
    """The box: what was promised on this ticket, and a form for one more."""
    require(request.user, "control.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    people = [one for one in people_who_answer() if ticket.is_visible_to(one)]
    form = PromiseForm(request.POST if request.method == "POST" else None, people=people)

    def make(given: dict[str, Any]) -> None:
        said = {name: given[name] for name in ("text", "owner", "is_public")}
        services.make_promise(ticket=ticket, **said, **form.when, by=request.user, at=timezone.now())
        keep_played(ticket=ticket, by=request.user, at=timezone.now())

    if request.method == "POST" and done(form, make):
        return _box(request, ticket, PromiseForm(people=people))
    return _box(request, ticket, form)


@login_required
@require_POST
def settle_promise(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """Kept, or withdrawn with a reason: says the button."""
    require(request.user, "control.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    row = get_object_or_404(CustomerPromise.objects.on(ticket).select_related("ticket"), pk=pk)
    act: dict[str, Any] = {"promise": row, "by": request.user, "at": timezone.now()}
    if request.GET.get("from") == "mine":
        tried(request, lambda: services.keep_promise(**act))
        return redirect("customer_promises")
    people = [one for one in people_who_answer() if ticket.is_visible_to(one)]
    refusal = ""
    try:
        if request.POST.get("act") == "withdraw":
            services.withdraw_promise(**act, why=request.POST.get("why", ""))
        else:
            services.keep_promise(**act)
    except DomainError as error:
        if error.status in STRANGER:
            raise
        refusal = error.detail
    return _box(request, ticket, PromiseForm(people=people), refusal)


def _box(request: PageRequest, ticket: Ticket, form: PromiseForm, refusal: str = "") -> HttpResponse:
    wrong = bool(refusal or form.errors)
    if not request.htmx and request.method == "POST" and not wrong:
        return redirect("ticket", number=ticket.pk)
    context = {
        "ticket": ticket,
        "promises": customer_promises_of(ticket),
        "form": form,
        "refusal": refusal,
        "may_promise": may(request.user, services.PROMISE) and ticket.merged_into_id is None,
    }
    return render(request, "control/_promises.html", context, status=422 if wrong else 200)


@login_required
@require_GET
def customer_promises(request: PageRequest) -> HttpResponse:
    """What one has to keep; or with `?everybody=1`, what anybody has to on the tickets one sees."""
    require(request.user, services.PROMISE)
    everybody = "everybody" in request.GET
    rows = customer_promises_for(request.user, everybody=everybody)
    return render(request, "control/customer_promises.html", {"promises": rows, "everybody": everybody})


@login_required
@require_GET
def promises_kept(request: PageRequest) -> HttpResponse:
    """How many promises were kept in a year, by department and month; as a file with `?format=csv`."""
    require(request.user, "control.view")
    now = timezone.now()
    rows = promises_by_month(user=request.user, since=now - YEAR, until=now + YEAR)
    if request.GET.get("format") != "csv":
        return render(request, "control/promises_kept.html", {"rows": rows})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="promises.csv"'
    lines = csv.writer(answer)
    names = _("promises kept"), _("promises broken"), _("promises open"), _("promises withdrawn")
    lines.writerow([_("month"), _("department"), *names])
    lines.writerows(
        [row.month.isoformat(), row.department, row.kept, row.broken, row.open, row.withdrawn] for row in rows
    )
    return answer
