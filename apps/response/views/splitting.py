"""Messages that belong elsewhere: chosen, moved, and brought back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.response import queries, services
from apps.response.forms import SplitForm
from apps.response.models import Split
from apps.response.queries.splitting import said_on, splits_of
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import require


@login_required
def split_ticket(request: PageRequest, number: int) -> HttpResponse:
    """Choose messages, and where they go."""
    require(request.user, "response.merge")
    ticket = queries.ticket_in_full(number, user=request.user)
    said = said_on(ticket)
    form = SplitForm(request.POST if request.method == "POST" else None, said=said)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        wanted = given.pop("into")
        into = Ticket.objects.visible_to(request.user).filter(pk=wanted).first() if wanted else None
        try:
            if wanted and into is None:
                form.add_error("into", _("There is no ticket #%(number)s.") % {"number": wanted})
            else:
                made = services.split(ticket=ticket, **given, into=into, by=request.user, at=timezone.now())
                services.keep_played(ticket=ticket, by=request.user, at=timezone.now())
                messages.success(request, _("They are on this ticket now."))
                return redirect("ticket", number=made.target_id)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
    context = {
        "ticket": ticket, "form": form, "said": said, "splits": splits_of(ticket, user=request.user),
        "current_section": "queue",
    }  # fmt: skip
    return render(request, "response/split.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def undo_split(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "response.merge")
    row = get_object_or_404(Split.objects.select_related("source", "target"), pk=pk)
    try:
        services.undo_split(split=row, by=request.user, at=timezone.now())
        services.keep_played(ticket=row.source, by=request.user, at=timezone.now())
    except DomainError as error:
        if error.status in (403, 404):
            raise
        messages.error(request, error.detail)
    else:
        messages.success(request, _("The messages are back."))
    return redirect("ticket", number=row.source_id)
