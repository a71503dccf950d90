"""An answer that waits: sent now, at another time, or taken back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response import queries
from apps.response.models import LaterReply
from apps.response.sending_later import services
from apps.response.sending_later.forms import OTHER, LaterForm
from apps.response.views.acts import act
from apps.response.views.queue import asked_of
from helpdesk.acting import done, refuse
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
def change_later(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """A small form: another time."""
    later, now = _later(request, number, pk), timezone.localtime()
    known = {"later": OTHER, "later_on": timezone.localtime(later.due_at), "later_holds": later.holds}
    form = LaterForm(request.POST if request.method == "POST" else None, initial=known, at=now)

    def change(given: dict[str, object]) -> None:
        try:
            services.change_time(
                later=later, due_at=form.when, holds=bool(given["later_holds"]), by=request.user, at=now
            )
        except DomainError as error:
            refuse(form, error, {"due_at": "later_on"})

    if request.method == "POST" and done(form, change) and not form.errors:
        messages.success(request, _("It goes out at another time."))
        return redirect("ticket", number=number)
    context = {
        "ticket": later.ticket, "form": form, "asked": urlencode(asked_of(request)), "title": _("Send later"),
        "button": _("Save"), "current_section": "queue",
    }  # fmt: skip
    return render(request, "response/change_later.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def settle_later(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """Send it now, or take it back into a draft: which, says the button."""
    later, now = _later(request, number, pk), timezone.now()
    if request.POST.get("act") == "send":
        return act(
            request,
            number,
            lambda ticket: services.send_now(later=later, by=request.user, at=now),
            said=_("Sent."),
        )
    return act(
        request,
        number,
        lambda ticket: services.take_back_later(later=later, by=request.user, at=now),
        said=_("Taken back: the words are a draft of whoever wrote them."),
    )


def _later(request: PageRequest, number: int, pk: int) -> LaterReply:
    require(request.user, "response.reply")
    ticket = queries.ticket_in_full(number, user=request.user)
    found: LaterReply = get_object_or_404(LaterReply.objects.select_related("ticket"), pk=pk, ticket=ticket)
    return found
