"""A letter did not arrive: the ticket says so, and whoever wrote it is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from apps.output.models import Delivery, Kind
from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.services.notify import inform
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import Note, Ticket, User

UNDELIVERABLE_FOR = timedelta(days=30)


@transaction.atomic
def note_failure(*, delivery: Delivery, by: User, at: datetime) -> None:
    """Leave a note on the ticket, and tell the colleague whose words did not arrive. Of a notice the list tells."""
    if delivery.ticket is None or delivery.kind == Kind.NOTICE:
        return
    whom = ", ".join(delivery.recipients)
    Note.add(
        ticket=delivery.ticket,
        body=_("Mail to %(whom)s did not leave: %(error)s") % {"whom": whom, "error": delivery.error},
        by=by,
        at=at,
    )
    _tell(delivery, reason=delivery.error, by=by, at=at)


@transaction.atomic
def note_bounce(
    *,
    ticket: Ticket,
    addresses: Sequence[str],
    is_hard: bool,
    reason: str,
    letter_id: str,
    by: User,
    at: datetime,
) -> None:
    """A letter came back: note it; after a hard bounce write no more to that customer's address for thirty days."""
    customer = ticket.customer
    if is_hard and customer.email:
        named = [address.lower() for address in addresses]
        for email in customer.addresses.filter(email__in=named).values_list("email", flat=True):
            customer.mark_undeliverable(until=at + UNDELIVERABLE_FOR, email=email)
    whom = ", ".join(addresses) or _("the customer")
    fate = _("came back: the address can't be reached") if is_hard else _("could not be delivered for now")
    Note.add(
        ticket=ticket,
        body=(
            _("Mail to %(whom)s %(fate)s. %(reason)s") % {"whom": whom, "fate": fate, "reason": reason}
        ).strip()[:2_000],
        by=by,
        at=at,
    )
    letter = Delivery.objects.filter(
        letter_id=f"<{letter_id.strip('<>')}>", ticket=ticket, kind=Kind.REPLY
    ).first()
    if letter is not None and is_hard:
        _tell(letter, reason=reason, by=by, at=at)


def _tell(delivery: Delivery, *, reason: str, by: User, at: datetime) -> None:
    """Its author; whoever has the ticket when a machine wrote it."""
    ticket = delivery.ticket
    author = delivery.created_by
    colleague = author if author.is_staff_member else ticket.assignee if ticket else None
    if colleague is None or ticket is None:
        return
    said = {
        "number": ticket.pk, "subject": ticket.subject, "recipients": ", ".join(delivery.recipients),
        "reason": reason, "link": absolute("ticket", number=ticket.pk),
    }  # fmt: skip
    with as_read_by(colleague):
        subject = _("Not delivered: #%(number)s %(subject)s")
        title = _("Your reply did not reach %(recipients)s.")
        text = _("Your reply on #%(number)s did not reach %(recipients)s.\n\n%(reason)s\n\n%(link)s\n")
    item = NewsItem(
        kind="undelivered", key=f"undelivered:{delivery.pk}:{delivery.attempts}", ticket=ticket, title=title % said,
        letter=OwnLetter(subject=subject % said, text=text % said),
    )  # fmt: skip
    inform(item=item, to=colleague, by=by, at=at)
