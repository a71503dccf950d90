"""The pages on which a manager sees the tickets of the organisation, without an account.

The link of a ticket is often forwarded, so it opens that ticket alone. From it a manager asks for a link of their own:
a letter to their primary address, good for a day. Every page asks anew whether they are a manager still.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.intake import services as intake
from apps.intake.forms import FollowUpForm
from apps.intake.knocks import knock
from apps.intake.queries import attachment_of_request, request_page, ticket_by_key
from apps.intake.services import Contact
from apps.intake.views.portal import ANSWERS_AN_HOUR, tell_kept
from apps.output.services import send_notice
from helpdesk.acting import done
from helpdesk.errors import NotFound
from helpdesk.links import absolute
from helpdesk.models import Channel, Customer, Organisation, Ticket, User

SALT = "output.organisation"
VALID_FOR = 24 * 3600  # seconds
LETTERS_AN_HOUR = 5
SHOWN = 100


@dataclass(frozen=True)
class Manager:
    """Who opened the page, and what they may do there."""

    customer: Customer
    organisation: Organisation

    @property
    def may_comment(self) -> bool:
        return self.organisation.managers_may == Organisation.ManagersMay.COMMENT


def key_of(customer: Customer) -> str:
    # Address and organisation stand in it: it ends when either changes.
    return signing.dumps([customer.pk, customer.email, customer.member_of_id], salt=SALT)


def manager_by(key: str) -> Manager:
    """Raises NotFound for a link that is not whole or too old, and for who is no manager (any more)."""
    try:
        pk, email, organisation = signing.loads(key, salt=SALT, max_age=VALID_FOR)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise NotFound(_("This link is not complete, or older than a day. Ask for a new one.")) from error
    rows = Customer.objects.select_related("member_of").filter(is_manager=True, merged_into=None)
    customer = rows.filter(pk=pk, email=email, member_of=organisation, anonymised_at=None).first()
    if customer is None or customer.member_of is None or not shares(customer):
        raise NotFound
    return Manager(customer, customer.member_of)


def shares(customer: Customer) -> bool:
    """Whether there is anything of the organisation that this customer may see."""
    organisation = customer.member_of if customer.is_manager else None
    return organisation is not None and organisation.managers_may != Organisation.ManagersMay.NOTHING


@never_cache
@require_POST
def ask_organisation_link(request: HttpRequest, key: str) -> HttpResponse:
    """From the page of a ticket: send its customer the link, if they are a manager. The answer is the same if not."""
    customer = Customer.objects.select_related("member_of").get(pk=ticket_by_key(key).customer_id)
    knock("organisation", str(customer.pk), limit=LETTERS_AN_HOUR)
    if customer.email and shares(customer):
        write_link(customer, by=User.objects.system(), at=timezone.now())
    messages.success(request, _("We have sent the link to the address that we write to."))
    return redirect("request_status", key=key)


def write_link(customer: Customer, *, by: User, at: datetime) -> None:
    text = _(
        "Here are the tickets of %(organisation)s:\n\n%(link)s\n\nThe link is good for a day. Whoever has it sees "
        "them: do not pass it on.\n"
    ) % {
        "organisation": customer.organisation,
        "link": absolute("organisation_tickets", key=key_of(customer)),
    }
    send_notice(
        to=customer.email or "", subject=_("The tickets of your organisation"), text=text,
        about=f"customer:{customer.pk}", key=f"organisation:{customer.pk}:{at.isoformat()}", by=by, at=at,
    )  # fmt: skip


@never_cache
@require_GET
def organisation_tickets(request: HttpRequest, key: str) -> HttpResponse:
    manager = manager_by(key)
    rows = Ticket.objects.visible_to_customer(manager.customer).select_related("customer").defer("search")
    only = request.GET.get("only", "")
    rows = rows.open() if only == "open" else rows
    found = list(rows.order_by("-opened_at", "-pk")[: SHOWN + 1])
    context = {
        "manager": manager,
        "tickets": found[:SHOWN],
        "more": len(found) > SHOWN,
        "key": key,
        "only": only,
    }
    return _unlisted(render(request, "output/organisation_tickets.html", context))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def organisation_ticket(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """One of them, as its customer sees it; written on where the organisation allows it."""
    manager, at = manager_by(key), timezone.now()
    ticket = _ticket(manager, number)
    # Words on a merged ticket go where it went, which may be somebody else's.
    may_write = manager.may_comment and ticket.merged_into_id is None
    form = FollowUpForm(request.POST or None, request.FILES or None) if may_write else None
    if request.method == "POST" and form is None:
        raise NotFound
    if request.method == "POST" and form is not None and done(
        form, lambda said: _comment(request, manager, ticket, said, at)
    ):  # fmt: skip
        tell_kept(request, ticket, at=at)
        return redirect("organisation_ticket", key=key, number=number)
    page = request_page(ticket, at=at, reader=manager.customer.name)
    context = {"manager": manager, "page": page, "form": form, "key": key}
    status = 422 if form is not None and form.errors else 200
    return _unlisted(render(request, "output/organisation_ticket.html", context, status=status))


@require_GET
def organisation_file(request: HttpRequest, key: str, number: int, pk: int) -> FileResponse:
    """Always a download, never shown in the page."""
    file = attachment_of_request(_ticket(manager_by(key), number), pk)
    return FileResponse(
        file.file.open(), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )


def _ticket(manager: Manager, number: int) -> Ticket:
    rows = Ticket.objects.visible_to_customer(manager.customer)
    ticket = rows.select_related("customer", "department", "assignee").filter(pk=number).first()
    if ticket is None:
        raise NotFound
    return ticket


def _comment(
    request: HttpRequest, manager: Manager, ticket: Ticket, said: Mapping[str, Any], at: datetime
) -> None:
    """In the manager's own name. They do not join: letters about a colleague's ticket would go on when they are no
    manager any more; what we answer stands on this page."""
    knock("answer", request.META.get("REMOTE_ADDR", ""), limit=ANSWERS_AN_HOUR)
    intake.follow_up(
        ticket=ticket, body=said["body"], attachments=said["files"], channel=Channel.FORM,
        sender=Contact(manager.customer.email or "", manager.customer.name), joins=False,
        by=User.objects.system(), at=at,
    )  # fmt: skip


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
