"""Beside a ticket: articles on its issues, what its customer read before, and a new article from its answer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output.articles import services
from apps.output.articles.queries import articles_beside
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def articles_panel(request: PageRequest, number: int) -> HttpResponse:
    require(request.user, "output.articles")
    ticket = _ticket(request, number)
    context = {
        "ticket": ticket,
        "beside": articles_beside(ticket, user=request.user),
        "may_write": may(request.user, services.WRITE),
        "may_reply": ticket.merged_into_id is None and may(request.user, "response.reply"),
    }
    return render(request, "output/articles/_beside.html", context)


@login_required
@require_POST
def article_from_ticket(request: PageRequest, number: int) -> HttpResponse:
    """A draft from the last answer; its author reads it before anything else happens to it."""
    made = services.draft_from_ticket(ticket=_ticket(request, number), by=request.user, at=timezone.now())
    address = reverse("edit_article_text", kwargs={"pk": made.pk, "language": made.source_language})
    return redirect(address)


def _ticket(request: PageRequest, number: int) -> Ticket:
    rows = Ticket.objects.visible_to(request.user).select_related("primary_issue")
    ticket = rows.filter(pk=number).first()
    if ticket is None:
        raise NotFound(_("There is no such ticket."))
    return ticket
