"""The one service behind every door: a contact becomes a ticket."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Subquery
from django.utils.translation import gettext as _

from apps.intake.custom_fields.checking import fields_at_opening
from apps.intake.files import File, check_files, keep_files
from apps.intake.lookups import default_department
from apps.intake.services.contact import Contact, customer_of
from helpdesk import events, statements
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import (
    CodingSource,
    ContactType,
    Customer,
    Department,
    Direction,
    Issue,
    Message,
    Participant,
    Product,
    Role,
    Severity,
    TaxonomyRelease,
    Ticket,
    TicketIssue,
    User,
)
from helpdesk.models.ticket import MAX_SUBJECT
from helpdesk.permissions import require

MAX_BODY = 1_000_000
SUBJECT_FROM_BODY = 90  # characters: what a list can show
MAX_PARTICIPANTS = 20
CLOCKS_DIFFER = timedelta(minutes=5)


class ExternalIdTaken(DomainError):
    """There is a ticket with this external id already."""

    code = "external-id-taken"
    status = 409


class NoDepartment(DomainError):
    """No department takes tickets yet. Ask an administrator to set one up."""

    code = "no-department"
    status = 409


def open_ticket(
    *,
    subject: str,
    body: str,
    customer: Contact | Customer,
    channel: str,
    by: User,
    at: datetime,
    department: Department | None = None,
    product: Product | None = None,
    product_version: str = "",
    issue: Issue | None = None,
    contact_type: str = ContactType.PROBLEM,
    severity: int | None = None,
    occurred_at: datetime | None = None,
    external_id: str | None = None,
    tags: Iterable[str] = (),
    custom: Mapping[str, Any] | None = None,
    remedy_wanted: str = "",
    attempts_before: int = 0,
    language: str = "",
    campaign: str = "",
    attachments: Sequence[File] = (),
    cc: Iterable[Contact] = (),
    html: str = "",
    message_id: str | None = None,
    in_reply_to: str = "",
    is_automatic: bool = False,
) -> Ticket:
    """Open a ticket with its first message, and its issue where one is named; the ticket is told as `ticket.opened`.

    Without a department the issue's owner takes it, then the department of the colleague or program that opens it,
    then the default one. `custom` are the desk's own fields: a door that asks for none passes nothing, and then none is
    missed. `campaign` is the key of the campaign that asked for it. `is_automatic` marks words nobody
    wrote for an answer: nothing automatic answers them.
    Raises Invalid, FieldsMissing, FileTooLarge, TooManyFiles, ExternalIdTaken, NoDepartment, NotAllowed.
    """
    require(by, "intake.open")
    check_files(attachments)
    subject = subject_of(subject=subject, body=body, attachments=attachments)
    _check_times(issue, occurred_at, at)
    with transaction.atomic():
        _refuse_taken(external_id)
        department = department or department_for(issue=issue, by=by)
        if custom is not None:
            custom = fields_at_opening(custom, department=department, issue=issue, channel=channel)
        who = customer_of(contact=customer, at=at)
        ticket = _opened(
            external_id,
            subject=subject,
            customer=who,
            department=department,
            channel=channel,
            by=by,
            at=at,
            product=product,
            product_version=product_version,
            primary_issue=issue,
            contact_type=contact_type,
            severity=severity or (issue.default_severity if issue else Severity.NORMAL),
            occurred_at=min(occurred_at or at, at),
            tags=list(dict.fromkeys(tags)),
            custom=dict(custom or {}),
            remedy_wanted=remedy_wanted,
            attempts_before=attempts_before,
            language=language or who.language,
            campaign=campaign,
        )
        sender = customer if isinstance(customer, Contact) else Contact(who.email or "", who.name)
        message = Message(
            ticket=ticket,
            direction=Direction.IN,
            channel=channel,
            customer=who,
            sender_name=sender.name[:200],
            sender_email=sender.email[:254],
            body=body,
            html=html,
            is_automatic=is_automatic,
            message_id=message_id,
            in_reply_to=in_reply_to,
            at=at,
        )
        # No event of its own: `ticket.opened` tells of it, and `message.received` means that a customer came back.
        statements.insert(message)
        if issue is not None:
            _code(ticket, issue, by=by, at=at)
        join(ticket=ticket, people=cc, at=at)
        keep_files(message, attachments)
    return ticket


def subject_of(*, subject: str, body: str, attachments: Sequence[File] = ()) -> str:
    """The subject, or the first words of the body. Raises Invalid when nothing was said at all."""
    if len(body) > MAX_BODY:
        raise Invalid(
            _("At most %(max_body)s characters. Attach the rest as a file.") % {"max_body": f"{MAX_BODY:,}"},
            pointer="body",
        )
    if subject := " ".join(subject.split()):
        return subject[:MAX_SUBJECT]
    first = next((line for line in map(str.strip, body.splitlines()) if line), "")
    if len(first) > SUBJECT_FROM_BODY:
        first = first[:SUBJECT_FROM_BODY].rsplit(" ", 1)[0] + " ..."
    if not first and not attachments:
        raise Invalid(_("Say what happened."), pointer="body")
    return first or "(no subject)"


def join(*, ticket: Ticket, people: Iterable[Contact], at: datetime) -> None:
    """These take part by mail from now on; the customer stays the customer."""
    addresses = {person.email.strip().lower(): person.name[:200] for person in people if person.email}
    addresses.pop(ticket.customer.email or "", None)
    if addresses:
        for email in ticket.customer.addresses.proven().values_list("email", flat=True):
            addresses.pop(email, None)
    if addresses:
        rows = [
            Participant(ticket=ticket, email=email, name=name, added_at=at)
            for email, name in list(addresses.items())[:MAX_PARTICIPANTS]
        ]
        Participant.objects.bulk_create(rows, ignore_conflicts=True)


def _check_times(issue: Issue | None, occurred_at: datetime | None, at: datetime) -> None:
    if occurred_at is not None and occurred_at > at + CLOCKS_DIFFER:
        raise Invalid(_("This lies in the future."), pointer="occurred_at")
    if issue is not None and not (
        issue.valid_from <= at.date() and (issue.valid_to is None or at.date() < issue.valid_to)
    ):
        raise Invalid(_("The issue %(code)s is not in use.") % {"code": issue.code}, pointer="issue")


def _refuse_taken(external_id: str | None) -> None:
    if external_id is not None and Ticket.objects.filter(external_id=external_id).exists():
        raise ExternalIdTaken(pointer="external_id")


def _opened(external_id: str | None, **fields: Any) -> Ticket:
    try:
        return Ticket.open(external_id=external_id, **fields)
    except IntegrityError as error:
        # Two callers at once with one id: both found nothing, and the constraint let one in.
        if "external_id" in str(error):
            raise ExternalIdTaken(pointer="external_id") from error
        raise


def department_for(*, issue: Issue | None, by: User) -> Department:
    """Who answers where nobody is named: the issue's owner, who opens it, or the default one. Raises NoDepartment."""
    if issue is not None and issue.owner_department is not None:
        return issue.owner_department
    if by.department_id is not None and by.role != Role.SYSTEM:
        return by.department  # type: ignore[return-value]
    found = default_department()
    if found is None:
        raise NoDepartment
    return found


def _code(ticket: Ticket, issue: Issue, *, by: User, at: datetime) -> None:
    """What `Ticket.classify` does, on a ticket known to be new: two statements instead of nine."""
    source = CodingSource.PERSON if by.is_staff_member else CodingSource.CLIENT
    TicketIssue(
        ticket=ticket,
        issue=issue,
        # Looked up by the INSERT itself: the edition in force is not worth a round trip.
        release_id=Subquery(TaxonomyRelease.objects.order_by("-number").values("pk")[:1]),
        is_primary=True,
        source=source,
        coded_by=by,
        coded_at=at,
        at=ticket.opened_at,
    ).save(force_insert=True)
    data = {"issue": issue.pk, "primary": True, "before": None, "source": source}
    events.record("ticket.classified", ticket=ticket, by=by, at=at, data=data)
