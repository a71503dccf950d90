"""What is said without a person: a notice to the customer, and word to colleagues."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response import transitions
from apps.response.macros import fill
from apps.response.queries.ticket import macro_facts
from helpdesk import events
from helpdesk.errors import DomainError, Invalid
from helpdesk.models import Direction, Message, Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held

MOST_NOTICES, NOTICE_WINDOW = 5, timedelta(hours=1)


class NoAddress(DomainError):
    """There is no address to write to, or mail to it comes back."""

    code = "no-address"


class NoticedOften(DomainError):
    """The customer got five notices about this ticket within the hour: no more for now."""

    code = "noticed-often"


class Unfilled(DomainError):
    """A field of the text has nothing to say on this ticket."""

    code = "unfilled"


@transaction.atomic
def notify_customer(*, ticket: Ticket, text: str, by: User, at: datetime) -> Message:
    """Write to the customer without a person; the fields of macros are filled in. It meets no clock and is no reply.

    Raises TicketMerged, NoAddress, NoticedOften, and Unfilled where the ticket has nothing for a field.
    """
    require(by, "response.reply", ticket)
    ticket = held(ticket)
    transitions.check_not_merged(ticket)
    if not ticket.customer.email or ticket.customer.bounces(at):
        raise NoAddress
    ours = Message.objects.filter(ticket=ticket, direction=Direction.OUT, is_automatic=True)
    if ours.filter(at__gt=at - NOTICE_WINDOW).count() >= MOST_NOTICES:
        raise NoticedOften
    filled = fill(text, macro_facts(ticket, by) | {"agent.name": "", "agent.first_name": ""})
    if filled.missing:
        raise Unfilled(
            _("Nothing to fill in for %(missing)s.") % {"missing": ", ".join(filled.missing)}, pointer="value"
        )
    return Message.write(ticket=ticket, body=filled.text, by=by, at=at, channel="email", is_automatic=True)


@transaction.atomic
def tell_colleagues(*, ticket: Ticket, people: Sequence[User], by: User, at: datetime) -> None:
    """A letter to these colleagues, who look at the ticket; who may not see it gets none. Raises Invalid for nobody."""
    require(by, "response.note", ticket)
    told = [one.pk for one in people if one.is_active and one.is_staff_member and ticket.is_visible_to(one)]
    if not told:
        raise Invalid(_("There is nobody to tell who sees this ticket."), pointer="value")
    events.record("ticket.told", ticket=ticket, by=by, at=at, data={"people": told})
