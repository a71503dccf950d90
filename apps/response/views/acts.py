"""What people do to a ticket: each a POST, answered with the ticket as it is afterwards."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.response import queries, services
from apps.response.forms import (
    AssignForm,
    ClassifyForm,
    DescribeForm,
    HoldForm,
    MergeForm,
    MoveForm,
    ReasonForm,
    RemedyForm,
    ReplyForm,
    SeverityForm,
    TagsForm,
    WrittenForm,
)
from apps.response.macros.services import reply_using
from apps.response.models import Macro
from apps.response.sending_later.forms import LaterForm
from apps.response.sending_later.services import send_later
from apps.response.views.queue import asked_of
from apps.response.views.ticket import show
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.models import Issue, Ticket, User
from helpdesk.permissions import require

# As far as a page is concerned, what a form can't be taken for is 422 and what came too late is 409.
_TOO_LATE = 409


def to_ticket(request: PageRequest, number: int, **more: str) -> HttpResponse:
    asked = urlencode(asked_of(request) | more)
    return redirect(reverse("ticket", kwargs={"number": number}) + (f"?{asked}" if asked else ""))


def act(
    request: PageRequest,
    number: int,
    do: Callable[[Ticket], object],
    *,
    form: forms.Form | None = None,
    said: str = "",
) -> HttpResponse:
    """Do it and show the ticket again; a refusal is told on the ticket's own page."""
    ticket = _found(request, number)
    if form is not None and not form.is_valid():
        return show(request, ticket, refusal=first_error(form), status=422)
    try:
        do(ticket)
        services.keep_played(ticket=ticket, by=request.user, at=timezone.now())
    except NotFound:
        raise
    except DomainError as error:
        fresh = _found(request, number)
        status = 409 if error.status == _TOO_LATE else 422
        return show(request, fresh, refusal=error.detail, refused_at=error.pointer, status=status)
    if said:
        messages.success(request, said)
    return to_ticket(request, number)


def _found(request: PageRequest, number: int) -> Ticket:
    """Every refusal shows the desk's page, notes and all: so whoever may not read that page is sent away first."""
    require(request.user, "response.view")
    return queries.ticket_in_full(number, user=request.user)


def first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label or name.replace("_", " ").capitalize() if name in form.fields else ""
    return f"{label}: {errors[0]}" if label else str(errors[0])


@login_required
@require_http_methods(["GET", "POST"])
def reply(request: PageRequest, number: int) -> HttpResponse:
    ticket = _found(request, number)
    if request.method == "GET":  # they had to sign in again: what they wrote is a draft on the ticket's page
        return to_ticket(request, number)
    form = ReplyForm(request.POST, request.FILES)
    text = request.POST.get("body", "")
    if not form.is_valid():
        return show(request, ticket, reply=text, refusal=first_error(form), status=422)
    then, now = form.cleaned_data["then"], timezone.now()
    chosen = form.cleaned_data["macro"]
    macro = Macro.objects.filter(pk=chosen).first() if chosen else None
    if form.cleaned_data["schedule"]:
        return _send_later(request, ticket, form, macro)
    try:
        message = reply_using(
            ticket=ticket,
            macro=macro,
            body=form.cleaned_data["body"],
            then="solve" if then == "next" else then,
            seen=form.cleaned_data["seen"],
            cc=form.copies,
            attachments=form.files_of(),
            composer=form.composer(),
            by=request.user,
            at=now,
        )
    except NotFound:
        raise
    except DomainError as error:
        status = 409 if error.status == _TOO_LATE else 422
        fresh = _found(request, number)
        return show(
            request,
            fresh,
            reply=text,
            macro=chosen,
            copies=form.copies,
            refusal=error.detail,
            refused_at=error.pointer,
            status=status,
        )
    services.keep_played(ticket=ticket, by=request.user, at=now)
    asked = asked_of(request)
    offer = {"sent": f"reply:{number}", "undo": str(message.pk)}
    if then == "next" and asked:
        following = queries.next_in_view(user=request.user, asked=asked, leaving=ticket, at=now)
        if following is not None:
            return to_ticket(request, following.pk, **offer)
    return to_ticket(request, number, **offer)


def _send_later(request: PageRequest, ticket: Ticket, form: ReplyForm, macro: Macro | None) -> HttpResponse:
    """Not now: at the time that was chosen beside the button."""
    when, now = LaterForm(request.POST, at=timezone.localtime()), timezone.now()
    refusal, status = first_error(when) if not when.is_valid() else "", 422
    if not refusal:
        try:
            send_later(
                ticket=ticket,
                body=form.cleaned_data["body"],
                due_at=when.when,
                holds=when.cleaned_data["later_holds"],
                then=form.cleaned_data["later_then"],
                macro=macro,
                cc=form.copies,
                attachments=form.files_of(),
                composer=form.composer(),
                by=request.user,
                at=now,
            )
        except NotFound:
            raise
        except DomainError as error:
            refusal, status = error.detail, 409 if error.status == _TOO_LATE else 422
    if refusal:
        return show(
            request,
            _found(request, ticket.pk),
            reply=request.POST.get("body", ""),
            macro=macro.pk if macro else None,
            copies=form.copies,
            refusal=refusal,
            status=status,
        )
    services.keep_played(ticket=ticket, by=request.user, at=now)
    said = _("It goes out on %(when)s.")
    messages.success(request, said % {"when": date_format(timezone.localtime(when.when), "D j M, H:i")})
    return to_ticket(request, ticket.pk, sent=f"reply:{ticket.pk}")


@login_required
@require_http_methods(["GET", "POST"])
def note(request: PageRequest, number: int) -> HttpResponse:
    ticket = _found(request, number)
    if request.method == "GET":
        return to_ticket(request, number)
    form = WrittenForm(request.POST, request.FILES)
    text = request.POST.get("body", "")
    if not form.is_valid():
        return show(request, ticket, note=text, writing="note", refusal=first_error(form), status=422)
    try:
        services.add_note(
            ticket=ticket,
            body=form.cleaned_data["body"],
            attachments=form.files_of(),
            composer=form.composer(),
            by=request.user,
            at=timezone.now(),
        )
        services.keep_played(ticket=ticket, by=request.user, at=timezone.now())
    except NotFound:
        raise
    except DomainError as error:
        return show(request, ticket, note=text, writing="note", refusal=error.detail, status=422)
    return to_ticket(request, number, sent=f"note:{number}")


@login_required
@require_POST
def assign(request: PageRequest, number: int) -> HttpResponse:
    form = AssignForm(request.POST)

    def do(ticket: Ticket) -> None:
        chosen = form.cleaned_data["assignee"]
        assignee = User.objects.filter(pk=chosen).first() if chosen else None
        if chosen and assignee is None:
            raise services.NotAssignable
        expected = form.cleaned_data["expected"] if "expected" in request.POST else ...
        services.assign(
            ticket=ticket, assignee=assignee, expected=expected, by=request.user, at=timezone.now()
        )

    return act(request, number, do, form=form)


@login_required
@require_POST
def classify(request: PageRequest, number: int) -> HttpResponse:
    form = ClassifyForm(request.POST)

    def do(ticket: Ticket) -> None:
        issue = Issue.objects.filter(code=form.cleaned_data["issue"]).first()
        if issue is None:
            raise services.UnusableIssue(_("There is no issue with this code."), pointer="issue")
        services.classify(
            ticket=ticket,
            issue=issue,
            primary=not form.cleaned_data["second"],
            suspected_cause=form.cleaned_data["suspected_cause"],
            by=request.user,
            at=timezone.now(),
        )

    return act(request, number, do, form=form)


@login_required
@require_POST
def rate(request: PageRequest, number: int) -> HttpResponse:
    form = SeverityForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.rate(ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()),
        form=form,
    )


@login_required
@require_POST
def describe(request: PageRequest, number: int) -> HttpResponse:
    form = DescribeForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.describe(
            ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        form=form,
    )


@login_required
@require_POST
def change_tags(request: PageRequest, number: int) -> HttpResponse:
    """Chips: `remove` takes one off as it stands, `add` puts on what is separated by commas."""
    form = TagsForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.retag(ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()),
        form=form,
    )


@login_required
@require_POST
def hold(request: PageRequest, number: int) -> HttpResponse:
    form = HoldForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.hold(ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()),
        form=form,
    )


@login_required
@require_POST
def solve(request: PageRequest, number: int) -> HttpResponse:
    return act(
        request,
        number,
        lambda ticket: services.solve(ticket=ticket, by=request.user, at=timezone.now()),
        said="Solved.",
    )


@login_required
@require_POST
def reopen(request: PageRequest, number: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.reopen(
            ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        form=form,
    )


@login_required
@require_POST
def move(request: PageRequest, number: int) -> HttpResponse:
    form = MoveForm(request.POST)
    ticket = _found(request, number)
    if not form.is_valid():
        return show(request, ticket, refusal=first_error(form), status=422)
    department = form.cleaned_data["department"]
    services.move(ticket=ticket, department=department, by=request.user, at=timezone.now())
    messages.success(
        request, _("#%(number)s is with %(department)s now.") % {"number": number, "department": department}
    )
    # Whoever moved it may no longer see it.
    still_seen = Ticket.objects.visible_to(request.user).filter(pk=number).exists()
    return to_ticket(request, number) if still_seen else redirect("queue")


@login_required
@require_POST
def merge(request: PageRequest, number: int) -> HttpResponse:
    form = MergeForm(request.POST)
    ticket = _found(request, number)
    if not form.is_valid():
        return show(request, ticket, refusal=first_error(form), status=422)
    try:
        into = _found(request, form.cleaned_data["into"])
        services.merge(ticket=ticket, into=into, by=request.user, at=timezone.now())
    except NotFound:
        return show(request, ticket, refusal=f"There is no ticket #{form.cleaned_data['into']}.", status=422)
    except DomainError as error:
        return show(request, ticket, refusal=error.detail, status=422)
    messages.success(request, _("#%(number)s was merged into this ticket.") % {"number": number})
    return to_ticket(request, into.pk)


@login_required
@require_POST
def remedy(request: PageRequest, number: int) -> HttpResponse:
    form = RemedyForm(request.POST)
    return act(
        request,
        number,
        lambda ticket: services.give_remedy(
            ticket=ticket, **form.cleaned_data, by=request.user, at=timezone.now()
        ),
        form=form,
        said="Recorded.",
    )
