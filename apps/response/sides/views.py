"""Side conversations: a box beside the ticket, a page for each, and the form that begins one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.response import queries
from apps.response.sides import services
from apps.response.sides.forms import SideAnswerForm, SideForm
from apps.response.sides.queries import files_to_forward, sides_of
from helpdesk import panels
from helpdesk.acting import done, tried
from helpdesk.errors import NotFound
from helpdesk.http import PageRequest, number_in
from helpdesk.models import Attachment, SideConversation, SideLetter, Ticket
from helpdesk.models.attachment import place_of
from helpdesk.permissions import may, require


@login_required
@require_GET
def sides_panel(request: PageRequest, number: int) -> HttpResponse:
    """The box: each side conversation with its letters folded."""
    require(request.user, "response.note")
    ticket = queries.ticket_in_full(number, user=request.user)
    may_write = may(request.user, "response.reply") and ticket.merged_into_id is None
    context = {"ticket": ticket, "sides": sides_of(ticket), "may_write": may_write}
    return render(request, "response/_sides.html", context)


@login_required
def new_side(request: PageRequest, number: int) -> HttpResponse:
    """Write to somebody else; with `?message=` or `?all=1` pass on what was said, with the files one chooses; with
    `?again=` write a letter anew that was taken back."""
    require(request.user, "response.reply")
    ticket = queries.ticket_in_full(number, user=request.user)
    chosen = number_in(request.GET.get("message", ""))
    forward: list[int] | None = [chosen] if chosen else [] if "all" in request.GET else None
    files = list(files_to_forward(ticket, forward or []))
    again = _taken_back(request, ticket)
    form = SideForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        files=files,
        chosen=forward is not None,
        initial=_again(again, files) if again else {"subject": _fwd(ticket) if forward is not None else ""},
    )
    begun: list[SideConversation] = []

    def begin(given: dict[str, Any]) -> None:
        side = services.open_side(
            ticket=ticket,
            to=[given["to"]],
            subject=given["subject"],
            body=given["body"],
            forward=forward,
            files_of_ticket=given.get("going_along", ()),
            attachments=form.files_of(),
            by=request.user,
            at=timezone.now(),
        )
        begun.append(side)

    if request.method == "POST" and done(form, begin):
        messages.success(request, _("Sent. What they answer stands here, and the customer never sees it."))
        return _written(begun[0].letters.get())
    title = _("Write to somebody else") if forward is None else _("Forward")
    context = {"ticket": ticket, "form": form, "title": title, "forward": forward, "current_section": "queue"}
    return render(request, "response/new_side.html", context, status=422 if form.errors else 200)


def _fwd(ticket: Ticket) -> str:
    return f"{_('Fwd')}: {ticket.subject}"


def _taken_back(request: PageRequest, ticket: Ticket) -> SideLetter | None:
    rows = SideLetter.objects.filter(side__ticket=ticket, withdrawn_at__isnull=False).select_related("side")
    again = number_in(request.GET.get("again", ""))
    return rows.filter(pk=again).first() if again else None


def _again(letter: SideLetter, files: list[Attachment]) -> dict[str, Any]:
    """Files of the ticket go along again; others are chosen anew."""
    sent = {file["sha256"] for file in letter.files}
    going_along = [one.pk for one in files if one.sha256 in sent]
    return {
        "to": ", ".join(letter.side.to), "subject": letter.side.subject, "body": letter.body,
        "going_along": going_along,
    }  # fmt: skip


def _written(letter: SideLetter) -> HttpResponse:
    """Its page, where it can be taken back for seconds."""
    address = reverse("side", kwargs={"number": letter.side.ticket_id, "pk": letter.side_id})
    return redirect(f"{address}?undo={letter.pk}")


@login_required
def side(request: PageRequest, number: int, pk: int) -> HttpResponse:
    """Its letters, and a form to go on."""
    found = _side(request, number, pk)
    form = SideAnswerForm(request.POST if request.method == "POST" else None, request.FILES or None)

    written: list[SideLetter] = []

    def write(given: dict[str, Any]) -> None:
        letter = services.write_side(
            side=found, body=given["body"], attachments=form.files_of(), by=request.user, at=timezone.now()
        )
        written.append(letter)

    if request.method == "POST" and done(form, write):
        return _written(written[0])
    undo = number_in(request.GET.get("undo", ""))
    context = {
        "ticket": found.ticket,
        "side": found,
        "letters": found.letters.select_related("author"),
        "form": form,
        "offers": panels.urls("side_sent", user=request.user, pk=undo) if undo else [],
        "may_write": may(request.user, "response.reply") and found.ticket.merged_into_id is None,
        "current_section": "queue",
    }
    return render(request, "response/side.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def settle_side(request: PageRequest, number: int, pk: int) -> HttpResponse:
    found, state = _side(request, number, pk), "open" if request.POST.get("state") == "open" else "done"
    act: dict[str, Any] = {"by": request.user, "at": timezone.now()}
    tried(request, lambda: services.settle_side(side=found, state=state, **act))
    return redirect("side", number=number, pk=pk)


@login_required
@require_GET
def side_file(request: PageRequest, number: int, pk: int, place: int) -> FileResponse:
    """A file of a letter, as a download."""
    require(request.user, "response.note")
    ticket = queries.ticket_in_full(number, user=request.user)
    letter = get_object_or_404(SideLetter, pk=pk, side__ticket=ticket)
    if place >= len(letter.files):
        raise NotFound
    file = letter.files[place]
    response = FileResponse(
        default_storage.open(place_of(file["sha256"])),
        as_attachment=True,
        filename=file["name"],
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _side(request: PageRequest, number: int, pk: int) -> SideConversation:
    require(request.user, "response.note")
    ticket = queries.ticket_in_full(number, user=request.user)
    found: SideConversation = get_object_or_404(
        SideConversation.objects.select_related("ticket", "opened_by"), pk=pk, ticket=ticket
    )
    return found
