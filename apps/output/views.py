from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.output import queries, services
from apps.output.models import Delivery, State
from helpdesk import panels
from helpdesk.acting import tried
from helpdesk.errors import DomainError
from helpdesk.http import PageRequest
from helpdesk.models import Message, SideLetter, Ticket
from helpdesk.permissions import may, require


@login_required
@require_GET
def search(request: PageRequest) -> HttpResponse:
    """Everything that was ever said here, as far as this person may know it."""
    require(request.user, "output.search")
    text = request.GET.get("q", "")
    context = {"text": text, "found": queries.search(text, user=request.user)}
    if text.strip():
        asked = urlencode({"q": text[:300]})
        context["panels"] = [f"{url}?{asked}" for url in panels.urls("search", user=request.user)]
    return render(request, "output/search.html", context)


# --- letters ------------------------------------------------------------------------------------------


@login_required
@require_GET
def deliveries(request: PageRequest) -> HttpResponse:
    """What leaves the house, and what could not."""
    require(request.user, "output.manage")
    before = request.GET.get("before", "")
    state = request.GET.get("state", "")
    letters = queries.letters(
        user=request.user,
        state=state,
        kind=request.GET.get("kind", ""),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    tabs = [
        {
            "url": f"?state={value}" if value else "?",
            "label": label,
            "current": value == state,
            "count": letters.counts.get(value),
        }
        for value, label in (("", _("All")), *State.choices)
    ]
    return render(request, "output/deliveries.html", {"letters": letters, "tabs": tabs, "state": state})


@login_required
@require_POST
def retry(request: PageRequest, pk: int) -> HttpResponse:
    require(request.user, "output.manage")
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    try:
        services.retry(delivery=delivery, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("It is tried again within seconds."))
    return redirect(reverse("deliveries") + "?state=failed")


@login_required
@require_GET
def delivery_states(request: PageRequest, number: int) -> HttpResponse:
    """How the replies of a ticket fare: put beside each by htmx, or read as a page of its own."""
    require(request.user, "response.view")
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=number)
    fates = queries.fates(ticket, at=timezone.now())
    rights = {"may_undo": may(request.user, "output.undo"), "may_retry": may(request.user, "output.manage")}
    template = "output/_states.html" if request.htmx else "output/states.html"
    return render(request, template, {"ticket": ticket, "fates": fates} | rights)


@login_required
@require_GET
def undo_offer(request: PageRequest, pk: int) -> HttpResponse:
    """A reply was just sent: it can be taken back for so many seconds. Nothing once it is too late."""
    require(request.user, "output.undo")
    message = _message(request, pk)
    fate = queries.fate_of(message, at=timezone.now())
    context = {
        "left": fate.seconds_left if fate else 0,
        "words": _("Your reply to #%(number)s leaves in") % {"number": message.ticket_id},
        "undo": reverse("undo", kwargs={"pk": pk}),
    }
    return render(request, "output/_offer.html", context)


def _message(request: PageRequest, pk: int) -> Message:
    visible = Ticket.objects.visible_to(request.user).values("pk")
    return get_object_or_404(Message.objects.select_related("ticket__customer"), pk=pk, ticket__in=visible)


@login_required
@require_POST
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take a reply back; its words and files are in the composer again."""
    message = _message(request, pk)
    address = reverse("ticket", kwargs={"number": message.ticket_id})
    try:
        services.undo(message=message, by=request.user, at=timezone.now())
    except services.TooLate as error:
        messages.error(request, error.detail)
        return redirect(address)
    messages.success(request, _("Taken back. Your words are in the composer again."))
    return redirect(address)


@login_required
@require_GET
def undo_side_offer(request: PageRequest, pk: int) -> HttpResponse:
    """The same of a letter to somebody else."""
    require(request.user, "output.undo")
    letter = _side_letter(request, pk)
    context = {
        "left": queries.seconds_to_undo(letter, at=timezone.now()),
        "words": _("Your letter leaves in"),
        "undo": reverse("undo_side", kwargs={"pk": pk}),
    }
    return render(request, "output/_offer.html", context)


@login_required
@require_POST
def undo_side(request: PageRequest, pk: int) -> HttpResponse:
    """Take a letter to somebody else back; from its page it can be written anew."""
    letter = _side_letter(request, pk)
    act: dict[str, Any] = {"letter": letter, "by": request.user, "at": timezone.now()}
    tried(request, lambda: services.undo_side(**act), _("Taken back. Nobody was written to."))
    return redirect("side", number=letter.side.ticket_id, pk=letter.side_id)


def _side_letter(request: PageRequest, pk: int) -> SideLetter:
    visible = Ticket.objects.visible_to(request.user).values("pk")
    rows = SideLetter.objects.select_related("side__ticket")
    return get_object_or_404(rows, pk=pk, side__ticket__in=visible)
