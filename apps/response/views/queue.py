"""The queue, and what is done with its rows."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries, services
from apps.response.query.reading import MAX_LENGTH
from helpdesk import panels
from helpdesk.acting import tried
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Ticket
from helpdesk.permissions import may, require


def asked_of(request: PageRequest) -> dict[str, str]:
    """The list somebody came from, carried along in addresses: a view, or a question of their own."""
    return {key: request.GET[key][:500] for key in ("view", "q") if request.GET.get(key)}


def page_of(request: PageRequest, *, current: int = 0) -> queries.QueuePage:
    return queries.queue_page(
        user=request.user,
        view=request.GET.get("view", ""),
        text=request.GET.get("q"),
        after=request.GET.get("after", ""),
        current=current,
        at=timezone.localtime(),
    )


def due_badges(request: PageRequest, tickets: Iterable[Ticket]) -> list[str]:
    """Where the page fetches the working time that these tickets have left: promises of time stand further right."""
    asked = urlencode({"number": [ticket.pk for ticket in tickets if ticket.due_at]}, doseq=True)
    return [f"{url}?{asked}" for url in panels.urls("due", user=request.user)] if asked else []


def here(tickets: Iterable[Ticket]) -> str:
    """Where the page fetches who is at these tickets."""
    asked = urlencode({"number": [ticket.pk for ticket in tickets]}, doseq=True)
    return f"{reverse('presence_in_list')}?{asked}"


@login_required
@require_GET
def queue(request: PageRequest) -> HttpResponse:
    require(request.user, "response.view")
    page = page_of(request)
    context = {
        "page": page,
        "views": page.views,
        "asked": urlencode(page.asked),
        "may_take": may(request.user, "response.assign"),
        "may_act": may(request.user, "response.note"),
        "may_recode": may(request.user, "response.recode"),
        "due_badges": due_badges(request, (row.ticket for row in page.rows)),
        "here": here(row.ticket for row in page.rows),
        "current_section": "queue",
    }
    return render(request, "response/queue.html", context)


@login_required
@require_GET
def queue_list(request: PageRequest, number: int) -> HttpResponse:
    """The list beside a ticket."""
    require(request.user, "response.view")
    page = page_of(request, current=number)
    context = {
        "page": page,
        "asked": urlencode(page.asked),
        "due_badges": due_badges(request, (row.ticket for row in page.rows)),
        "here": here(row.ticket for row in page.rows),
    }
    return render(request, "response/_list.html", context)


@login_required
@require_GET
def complete_query(request: PageRequest) -> HttpResponse:
    """What could come next in the search box, where its caret is."""
    require(request.user, "response.view")
    text = request.GET.get("q", "")[:MAX_LENGTH]
    caret = number_in(request.GET.get("at", "")) or 0
    found = queries.complete(text, min(caret, len(text)), user=request.user)
    return render(request, "response/_completions.html", {"completions": found})


@login_required
@require_POST
def play(request: PageRequest) -> HttpResponse:
    """The next ticket that nobody has is this person's to look at."""
    require(request.user, "response.assign")
    asked, now = asked_of(request), timezone.localtime()
    candidates = queries.unclaimed(user=request.user, view=asked.get("view", ""), text=asked.get("q"), at=now)
    ticket = services.take_up_next(candidates=candidates, by=request.user, at=now)
    if ticket is None:
        messages.info(request, _("Nothing here waits for somebody to take it."))
        return redirect(f"{reverse('queue')}?{urlencode(asked)}")
    return redirect(f"{reverse('ticket', kwargs={'number': ticket.pk})}?{urlencode(asked | {'play': 1})}")


@login_required
@require_POST
def skip(request: PageRequest, number: int) -> HttpResponse:
    """Not this one: the next."""
    ticket = queries.ticket_in_full(number, user=request.user)
    services.pass_over(ticket=ticket, by=request.user, at=timezone.now())
    return play(request)


@login_required
@require_POST
def keep(request: PageRequest, number: int) -> HttpResponse:
    ticket = queries.ticket_in_full(number, user=request.user)
    tried(request, lambda: services.keep(ticket=ticket, by=request.user, at=timezone.now()))
    return redirect(f"{reverse('ticket', kwargs={'number': number})}?{urlencode(asked_of(request))}")


@login_required
@require_POST
def let_go(request: PageRequest, number: int) -> HttpResponse:
    """Back to the list; a page that is left says so as well, and reads no answer."""
    ticket = queries.ticket_in_full(number, user=request.user)
    services.let_go(ticket=ticket, by=request.user)
    return redirect(f"{reverse('queue')}?{urlencode(asked_of(request))}")
