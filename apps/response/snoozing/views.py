"""A ticket is put off, and had back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response import queries
from apps.response.snoozing import services
from apps.response.snoozing.forms import SnoozeForm
from apps.response.views.acts import act
from apps.response.views.queue import asked_of
from helpdesk.acting import done
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def snooze(request: PageRequest, number: int) -> HttpResponse:
    """A small form; afterwards one is back in the list, which the ticket has left."""
    require(request.user, "response.view")
    ticket, now = queries.ticket_in_full(number, user=request.user), timezone.localtime()
    form = SnoozeForm(request.POST if request.method == "POST" else None, at=now)
    asked = urlencode(asked_of(request))
    if request.method == "POST" and done(
        form,
        lambda given: services.snooze(
            ticket=ticket, until=form.when, by_mail=given["by_mail"], by=request.user, at=now
        ),
    ):
        when = date_format(timezone.localtime(form.when), "D j M, H:i")
        said = _("#%(number)s is back on %(when)s, or when the customer writes.")
        messages.success(request, said % {"number": number, "when": when})
        return redirect(reverse("queue") + (f"?{asked}" if asked else ""))
    context = {
        "ticket": ticket, "form": form, "asked": asked, "what": "snooze", "title": _("Snooze"),
        "button": _("Snooze"), "current_section": "queue",
    }  # fmt: skip
    return render(request, "response/change.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def wake(request: PageRequest, number: int) -> HttpResponse:
    return act(
        request, number, lambda ticket: services.wake(ticket=ticket, by=request.user, at=timezone.now())
    )
