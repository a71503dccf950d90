from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.intake import queries, services
from apps.intake.custom_fields.forms import PREFIX, values_in
from apps.intake.forms import FollowUpForm, RequestForm
from apps.intake.knocks import knock
from helpdesk.asked import known_issues, refusal
from helpdesk.errors import DomainError
from helpdesk.http import customer_at, number_in
from helpdesk.models import Channel, Customer, Issue, Ticket, User
from helpdesk.visits import visit_key

REQUESTS_AN_HOUR, ANSWERS_AN_HOUR = 30, 120


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    form = RequestForm(
        request.POST or None,
        request.FILES or None,
        customer=customer_writing(request),
        by=person_writing(request),
        at=timezone.now(),
        initial={"issue": request.GET.get("about", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _sent(request, form)
        except DomainError as error:
            refuse(form, error)
    return form_page(request, form)


def form_page(request: HttpRequest, form: RequestForm) -> HttpResponse:
    """The form, below what we know already; of the issue that is chosen it says so beside it."""
    # From an article that did not help: it goes along with what they write.
    article = request.POST.get("article", request.GET.get("article", ""))
    known, chosen = known_issues(timezone.now()), form.chosen_issue
    path, asked = chosen.path if chosen else "", request.GET.get("about", "")
    context = {
        "form": form,
        "article": number_in(article),
        "known": known,
        # By a link from the list it may be about a group of issues, which nobody can choose.
        "about": [one for one in known if one.is_about(path) or (one.code and one.code == asked)],
    }
    return render(request, "intake/new_request.html", context, status=422 if form.errors else 200)


@require_GET
def known_issue(request: HttpRequest) -> HttpResponse:
    """What we know already about the issue that was chosen on the form; nothing, mostly."""
    at = timezone.now()
    chosen = (
        Issue.objects.valid(at.date()).filter(code=request.GET.get("issue", "").replace("\0", "")).first()
    )
    about = [one for one in known_issues(at) if chosen is not None and one.is_about(chosen.path)]
    return render(request, "intake/_known_issue.html", {"about": about})


def _sent(request: HttpRequest, form: RequestForm) -> HttpResponse:
    knock("request", request.META.get("REMOTE_ADDR", ""), limit=REQUESTS_AN_HOUR)
    said, at = form.cleaned_data, timezone.now()
    if form.is_a_program:
        return held_back(request, form, at=at)
    ticket = services.open_ticket(
        subject="",
        body=said["body"],
        customer=form.contact,
        issue=said["issue"],
        attachments=said["files"],
        custom=values_in(form),
        channel=Channel.FORM,
        by=person_writing(request),
        at=at,
    )
    return opened(request, ticket, at=at)


def held_back(request: HttpRequest, form: RequestForm, *, at: datetime) -> HttpResponse:
    """A program wrote: it reads the same as a person."""
    said = form.cleaned_data
    services.hold_back(email=said.get("email", ""), body=said["body"], by=User.objects.system(), at=at)
    messages.success(request, _("Thank you. We have received your message."))
    return redirect("portal")


def opened(request: HttpRequest, ticket: Ticket, *, at: datetime) -> HttpResponse:
    """To the page of the request that was sent with the form."""
    services.tell_of_form(
        ticket=ticket, visit=visit_key(request), article=number_in(request.POST.get("article", "")),
        by=User.objects.system(), at=at,
    )  # fmt: skip
    return redirect(address_of(ticket) + "?sent=1")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_status(request: HttpRequest, key: str) -> HttpResponse:
    """Where a request stands, for whoever holds the link we sent; writing here is an answer of the customer."""
    ticket, at = queries.ticket_by_key(key), timezone.now()
    form = FollowUpForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            knock("answer", request.META.get("REMOTE_ADDR", ""), limit=ANSWERS_AN_HOUR)
            services.follow_up(
                ticket=ticket, body=said["body"], attachments=said["files"], channel=Channel.FORM,
                by=User.objects.system(), at=at,
            )  # fmt: skip
            tell_kept(request, ticket, at=at)
            return redirect("request_status", key=key)
        except DomainError as error:
            refuse(form, error)
    context = {
        "page": queries.request_page(ticket, at=at),
        "form": form,
        "key": key,
        "sent": "sent" in request.GET,
    }
    return _unlisted(render(request, "intake/request.html", context, status=422 if form.errors else 200))


def tell_kept(request: HttpRequest, ticket: Ticket, *, at: datetime) -> None:
    """What was written is kept in any case, also by a form that was opened while it was still offered."""
    if refusal(ticket, name="", at=at):
        messages.warning(
            request, _("Your message is kept, but this request is over for good. Please send a new request.")
        )
    else:
        messages.success(request, _("We have your message."))


@require_POST
def request_solved(request: HttpRequest, key: str) -> HttpResponse:
    ticket = queries.ticket_by_key(key)
    services.confirm_solved(ticket=ticket, by=User.objects.system(), at=timezone.now())
    messages.success(request, _("Good to hear. We have marked it as solved."))
    return redirect("request_status", key=key)


@require_GET
def request_file(request: HttpRequest, key: str, pk: int) -> FileResponse:
    """Always a download, never shown in the page: what a stranger attached must not run here."""
    file = queries.attachment_of_request(queries.ticket_by_key(key), pk)
    return FileResponse(
        file.file.open(), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


def refuse(form: forms.Form, error: DomainError) -> None:
    """Say a service's refusal at the field it is about."""
    names = {"attachments": "files"}
    field = names.get(error.pointer, error.pointer.replace("custom/", PREFIX))
    form.add_error(field if field in form.fields else None, error.detail)


def address_of(ticket: Ticket) -> str:
    """The page of a request, for its customer and nobody else."""
    return reverse("request_status", kwargs={"key": queries.request_key(ticket)})


def customer_writing(request: HttpRequest) -> Customer | None:
    return customer_at(request) or getattr(request.user, "customer", None)


def person_writing(request: HttpRequest) -> User:
    """A person with an account of the desk acts in their own name; other customers' words come in by the system."""
    user: Any = request.user
    own = customer_at(request) is None and getattr(user, "customer", None) is not None
    return user if own else User.objects.system()


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
