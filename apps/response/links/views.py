"""The box of links on the ticket page, a child for another department, and the answer to all children."""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries as response
from apps.response.links import queries, services
from apps.response.links.forms import AnswerChildrenForm, ChildForm, LinkForm
from apps.response.links.models import TicketLink
from apps.response.services import keep_played
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Direction, Ticket
from helpdesk.permissions import may, require

CHOSEN = re.compile(r"#\d+ .")


@login_required
def links_panel(request: PageRequest, number: int) -> HttpResponse:
    """The links of a ticket, and the form that adds one."""
    require(request.user, "response.view")
    ticket = _ticket(request, number)
    form = LinkForm(request.POST if request.method == "POST" else None)
    found: list[Ticket] = []
    if request.method == "POST" and form.is_valid():
        found = _meant(request, ticket, form)
        if len(found) == 1:
            try:
                services.add_link(
                    ticket=ticket,
                    other=found[0],
                    as_=form.cleaned_data["as_"],
                    by=request.user,
                    at=timezone.now(),
                )
                keep_played(ticket=ticket, by=request.user, at=timezone.now())
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                form.add_error("other", error.detail)
                found = []
            else:
                if not request.htmx:
                    return redirect("ticket", number=ticket.pk)
                form, found = LinkForm(), []
        else:
            form.add_error(
                "other", _("Choose one of these.") if found else _("No ticket that you see is called so.")
            )
    return _box(request, ticket, form, found)


def _meant(request: PageRequest, ticket: Ticket, form: LinkForm) -> list[Ticket]:
    number = form.number()
    if number == ticket.pk:
        return [ticket]  # refused by the service, in its words
    words = str(number) if number else form.cleaned_data["other"]
    return queries.tickets_like(words, besides=ticket, user=request.user)


def _box(
    request: PageRequest, ticket: Ticket, form: LinkForm | None = None, found: list[Ticket] | None = None
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "box": queries.links_box(ticket, user=request.user, at=timezone.now()),
        "form": form or LinkForm(),
        "found": found,
        "may_link": may(request.user, services.VERB) and ticket.merged_into_id is None,
        "may_merge": may(request.user, "response.merge"),
        "may_reply": may(request.user, "response.reply"),
    }
    wrong = form is not None and bool(form.errors)
    return render(request, "response/links/_links.html", context, status=422 if wrong else 200)


@login_required
@require_GET
def tickets_to_link(request: PageRequest, number: int) -> HttpResponse:
    """What could be meant by the words typed so far."""
    require(request.user, services.VERB)
    ticket = _ticket(request, number)
    words = request.GET.get("q", "")[:200]
    is_chosen = CHOSEN.match(words) is not None  # nothing is left to complete
    found = [] if is_chosen else queries.tickets_like(words, besides=ticket, user=request.user)
    return render(request, "response/links/_found.html", {"found": found})


@login_required
@require_POST
def remove_link(request: PageRequest, number: int, pk: int) -> HttpResponse:
    ticket = _ticket(request, number)
    link = get_object_or_404(TicketLink, pk=pk)
    services.remove_link(link=link, ticket=ticket, by=request.user, at=timezone.now())
    keep_played(ticket=ticket, by=request.user, at=timezone.now())
    return _box(request, ticket) if request.htmx else redirect("ticket", number=ticket.pk)


@login_required
def open_child(request: PageRequest, number: int) -> HttpResponse:
    """A part of the work for another department."""
    require(request.user, services.VERB)
    ticket = _ticket(request, number)
    first = (
        ticket.messages.filter(direction=Direction.IN, withdrawn_at=None)
        .order_by("at", "pk")
        .values("pk")[:1]
    )
    form = ChildForm(
        request.POST if request.method == "POST" else None,
        ticket=ticket,
        initial={"subject": ticket.subject, "messages": [row["pk"] for row in first]},
    )
    if request.method == "POST" and form.is_valid():
        try:
            child = services.open_child(
                ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()
            )
            keep_played(ticket=ticket, by=request.user, at=timezone.now())
        except DomainError as error:
            if error.status in (403, 404):
                raise
            form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
        else:
            messages.success(request, _("#%(number)s was opened for %(department)s.") % {
                "number": child.pk, "department": child.department,
            })  # fmt: skip
            return redirect("ticket", number=ticket.pk)
    context = {"ticket": ticket, "form": form, "current_section": "queue"}
    return render(request, "response/links/child.html", context, status=422 if form.errors else 200)


@login_required
def answer_children(request: PageRequest, number: int) -> HttpResponse:
    """One text for the customers of all children: first as each would read it, then sent."""
    require(request.user, "response.reply")
    ticket = _ticket(request, number)
    children = queries.children_of(ticket, user=request.user)
    form = AnswerChildrenForm(request.POST if request.method == "POST" else None, initial={"then": "solve"})
    chosen, previews = None, None
    if form.is_bound and form.is_valid():
        chosen = form.chosen()
        if "send" in request.POST:
            try:
                services.answer_children(
                    ticket=ticket, children=chosen or (), body=form.cleaned_data["body"],
                    then=form.cleaned_data["then"], by=request.user, at=timezone.now(),
                )  # fmt: skip
                keep_played(ticket=ticket, by=request.user, at=timezone.now())
            except DomainError as error:
                if error.status in (403, 404):
                    raise
                form.add_error(error.pointer if error.pointer in form.fields else None, error.detail)
            else:
                messages.success(request, _said(len(chosen or ())))
                return redirect("ticket", number=ticket.pk)
        previews = form.cleaned_data.get("body", "").strip()
    context = {
        "ticket": ticket, "form": form, "previewed": bool(previews), "current_section": "queue",
        "children": queries.answers_to(children, previews or "", user=request.user, chosen=chosen),
    }  # fmt: skip
    return render(request, "response/links/answer.html", context, status=422 if form.errors else 200)


def _said(count: int) -> str:
    if count <= services.AT_ONCE:
        return ngettext("%(count)s child was answered.", "%(count)s children were answered.", count) % {
            "count": count
        }
    return _("%(count)s answers are being written.") % {"count": count}


def _ticket(request: PageRequest, number: int) -> Ticket:
    return response.ticket_in_full(number, user=request.user)
