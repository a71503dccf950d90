"""What a ticket is about, and how much it hurts."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import (
    CodingSource,
    Issue,
    Product,
    Role,
    Severity,
    SuspectedCause,
    TaxonomyRelease,
    Ticket,
    TicketIssue,
    User,
)
from helpdesk.models.user import SYSTEM_EMAIL
from helpdesk.permissions import require
from helpdesk.rows import held

MAX_TAGS = 20


class UnusableIssue(Invalid):
    """This issue can't be given to a ticket."""

    code = "unusable-issue"


@transaction.atomic
def classify(
    *,
    ticket: Ticket,
    issue: Issue,
    primary: bool = True,
    suspected_cause: str = "",
    by: User,
    at: datetime,
) -> TicketIssue:
    """Settle what a ticket is about; the same answer again changes nothing.

    Raises UnusableIssue, Invalid, TicketMerged.
    """
    require(by, "response.classify", ticket)
    check_usable(issue, at)
    if suspected_cause not in ("", *SuspectedCause.values):
        raise Invalid(
            _("Known causes: %(values)s.") % {"values": ", ".join(SuspectedCause.values)},
            pointer="suspected_cause",
        )
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    source = source_of(by)
    coded = TicketIssue.objects.filter(ticket=ticket, issue=issue).first()
    same = coded is not None and (coded.is_primary or not primary)
    if coded is not None and same and (coded.suspected_cause, coded.source) == (suspected_cause, source):
        return coded
    release = TaxonomyRelease.objects.order_by("-number")[0]
    return ticket.classify(
        issue,
        release=release,
        by=by,
        at=at,
        source=source,
        primary=primary,
        suspected_cause=suspected_cause,
    )


def check_usable(issue: Issue, at: datetime, pointer: str = "issue") -> None:
    """Raises UnusableIssue for one that is out of use on this day, or that has finer ones below it."""
    if issue.valid_from > at.date() or (issue.valid_to is not None and issue.valid_to <= at.date()):
        raise UnusableIssue(_("“%(issue)s” is not in use on this day.") % {"issue": issue}, pointer=pointer)
    if issue.children.filter(valid_to=None).exists():
        raise UnusableIssue(
            _("“%(issue)s” has finer issues below it: choose one of those.") % {"issue": issue},
            pointer=pointer,
        )


def source_of(by: User) -> CodingSource:
    if by.role == Role.SYSTEM and by.email != SYSTEM_EMAIL:
        return CodingSource.CLIENT  # the hand of a rule: no model has read the words
    return {Role.API_CLIENT: CodingSource.CLIENT, Role.SYSTEM: CodingSource.MODEL}.get(
        Role(by.role), CodingSource.PERSON
    )


@transaction.atomic
def rate(*, ticket: Ticket, severity: int, by: User, at: datetime) -> Ticket:
    """Say how much it hurts the customer. Raises Invalid, TicketMerged."""
    require(by, "response.classify", ticket)
    if severity not in Severity.values:
        raise Invalid(_("Severity is 1 (critical) to 4 (low)."), pointer="severity")
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if ticket.severity != severity:
        ticket.rate(severity, by=by, at=at)
    return ticket


@transaction.atomic
def describe(
    *,
    ticket: Ticket,
    product: Product | None,
    product_version: str = "",
    tags: tuple[str, ...] | None = None,
    by: User,
    at: datetime,
) -> Ticket:
    """Say which product a ticket is about, and mark it with tags. Raises Invalid, TicketMerged."""
    require(by, "response.classify", ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    before = {"product": ticket.product_id, "version": ticket.product_version, "tags": ticket.tags}
    ticket.product, ticket.product_version = product, product_version.strip()[:40]
    if tags is not None:
        ticket.tags = _tidy(tags, as_they_are=ticket.tags)
    after = {"product": ticket.product_id, "version": ticket.product_version, "tags": ticket.tags}
    if after != before:
        ticket.updated_at = at
        ticket.save(update_fields=["product", "product_version", "tags", "updated_at"])
        data = {"from": before, "to": after}
        events.record("ticket.described", ticket=ticket, by=by, at=at, data=data)
    return ticket


@transaction.atomic
def retag(
    *, ticket: Ticket, add: tuple[str, ...] = (), remove: tuple[str, ...] = (), by: User, at: datetime
) -> Ticket:
    """Put tags on and take tags off, whatever a colleague has done to the others. Raises Invalid, TicketMerged."""
    require(by, "response.classify", ticket)
    ticket = held(ticket)
    return describe(
        ticket=ticket,
        product=ticket.product,
        product_version=ticket.product_version,
        tags=(*(tag for tag in ticket.tags if tag not in remove), *add),
        by=by,
        at=at,
    )


def tidy_tag(tag: str) -> str:
    """As tickets carry it: small letters, joined by hyphens."""
    return "-".join(tag.lower().split())[:60]


def _tidy(tags: tuple[str, ...], *, as_they_are: list[str]) -> list[str]:
    """What a ticket carries already stays as it is: imports and programs write tags in their own way."""
    wanted = [tag if tag in as_they_are else tidy_tag(tag) for tag in tags if tag.strip()]
    tidy = list(dict.fromkeys(wanted))
    if len(tidy) > MAX_TAGS:
        raise Invalid(_("At most %(max_tags)s tags.") % {"max_tags": MAX_TAGS}, pointer="tags")
    return tidy
