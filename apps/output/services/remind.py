"""A letter to a colleague about what they wanted to be reminded of."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.output.models import Delivery
from apps.output.services.deliver import send_notice
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import Ticket, User


def remind(*, ticket: Ticket, user: User, why: str, key: str, by: User, at: datetime) -> Delivery | None:
    """Tell them that a ticket they put off is back, once for a `key`; nobody who left, or may not see it any more."""
    if not user.is_active or not ticket.is_visible_to(user):
        return None
    with as_read_by(user):
        said = _("The customer wrote.") if why == "customer" else _("You wanted to see it again now.")
        subject = _("Back on your list: #%(number)s %(subject)s")
    return send_notice(
        to=user.email,
        subject=subject % {"number": ticket.pk, "subject": ticket.subject},
        text=f"{said}\n\n{absolute('ticket', number=ticket.pk)}\n",
        ticket=ticket,
        key=key,
        by=by,
        at=at,
    )


def remind_of_task(
    *, ticket: Ticket, user: User, text: str, key: str, by: User, at: datetime
) -> Delivery | None:
    """Tell them that a task of theirs is due, once for a `key`; nobody who left, or may not see the ticket any more."""
    if not user.is_active or not ticket.is_visible_to(user):
        return None
    with as_read_by(user):
        subject = _("Due now: %(text)s (#%(number)s)") % {"text": text, "number": ticket.pk}
    return send_notice(
        to=user.email,
        subject=subject,
        text=f"{text}\n\n#{ticket.pk} {ticket.subject}\n{absolute('ticket', number=ticket.pk)}\n",
        ticket=ticket,
        key=key,
        by=by,
        at=at,
    )


def tell_colleague(
    *, ticket: Ticket, user: User, who: str, key: str, by: User, at: datetime
) -> Delivery | None:
    """Somebody, or a rule, wants them to look at a ticket, once for a `key`; nobody who left or may not see it."""
    if not user.is_active or not ticket.is_visible_to(user):
        return None
    return send_notice(
        to=user.email,
        subject=_("Please look: #%(number)s %(subject)s") % {"number": ticket.pk, "subject": ticket.subject},
        text=f"{who}\n\n#{ticket.pk} {ticket.subject}\n{absolute('ticket', number=ticket.pk)}\n",
        ticket=ticket,
        key=key,
        by=by,
        at=at,
    )


def tell_of_rule(
    *, rule: int, name: str, why: str, user: User, key: str, by: User, at: datetime
) -> Delivery | None:
    """A rule of theirs failed ten times in a row and was switched off."""
    if not user.is_active:
        return None
    said = _("The rule “%(name)s” failed ten times in a row and was switched off. The last reason:")
    return send_notice(
        to=user.email,
        subject=_("Switched off: rule “%(name)s”") % {"name": name},
        text=f"{said % {'name': name}} {why}\n\n{absolute('rule', pk=rule)}\n",
        about=f"rule:{rule}",
        key=key,
        by=by,
        at=at,
    )
