"""Colleagues are told of what they wanted to be reminded of."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.services.notify import inform
from apps.response.models import TicketTask
from helpdesk.links import absolute
from helpdesk.locales import as_read_by
from helpdesk.models import Event, Ticket, User


def remind(
    *, ticket: Ticket, user: User, why: str, by_mail: bool = True, key: str, by: User, at: datetime
) -> bool:
    """Tell them that a ticket they put off is back, once for a `key`; by mail only where they asked for that."""
    with as_read_by(user):
        said = _("The customer wrote.") if why == "customer" else _("You wanted to see it again now.")
        subject = _("Back on your list: #%(number)s %(subject)s")
    letter = OwnLetter(
        subject=subject % {"number": ticket.pk, "subject": ticket.subject},
        text=f"{said}\n\n{absolute('ticket', number=ticket.pk)}\n",
    )
    item = NewsItem(kind="snooze", key=key, title=said, ticket=ticket, letter=letter, by_mail=by_mail)
    return inform(item=item, to=user, by=by, at=at)


def remind_of_task(*, ticket: Ticket, user: User, text: str, key: str, by: User, at: datetime) -> bool:
    """Tell them that a task of theirs is due, once for a `key`."""
    with as_read_by(user):
        title = _("Due now: %(text)s") % {"text": text}
        subject = _("Due now: %(text)s (#%(number)s)") % {"text": text, "number": ticket.pk}
    letter = OwnLetter(subject=subject, text=_about_ticket(text, ticket))
    item = NewsItem(kind="task", key=key, title=title, ticket=ticket, letter=letter)
    return inform(item=item, to=user, by=by, at=at)


@transaction.atomic
def tell_of_task(*, task: TicketTask, event: Event, by: User, at: datetime) -> bool:
    """Somebody was given a task by somebody else: they are told, once a task and person."""
    user = task.assignee
    if user is None or task.is_done or user.pk == event.by_id:
        return False
    with as_read_by(user):
        title = _("A task for you: %(text)s") % {"text": task.text}
    key = f"task-given:{task.pk}:{user.pk}"
    return inform(item=NewsItem(kind="task", key=key, title=title, ticket=task.ticket), to=user, by=by, at=at)


def tell_colleague(*, ticket: Ticket, user: User, who: str, key: str, by: User, at: datetime) -> bool:
    """Somebody, or a rule, wants them to look at a ticket, once for a `key`."""
    with as_read_by(user):
        title = _("%(who)s: please look.") % {"who": who}
        subject = _("Please look: #%(number)s %(subject)s") % {"number": ticket.pk, "subject": ticket.subject}
    letter = OwnLetter(subject=subject, text=_about_ticket(who, ticket))
    item = NewsItem(kind="look", key=key, title=title, ticket=ticket, letter=letter)
    return inform(item=item, to=user, by=by, at=at)


def _about_ticket(said: str, ticket: Ticket) -> str:
    return f"{said}\n\n#{ticket.pk} {ticket.subject}\n{absolute('ticket', number=ticket.pk)}\n"


def tell_of_rule(
    *, rule: int, name: str, why: str, is_lost: bool = False, user: User, key: str, by: User, at: datetime
) -> bool:
    """A rule of theirs was switched off: it failed ten times in a row, or names what is not there any more."""
    with as_read_by(user):
        said = (
            _("The rule “%(name)s” was switched off, for it names what is not there any more:")
            if is_lost
            else _("The rule “%(name)s” failed ten times in a row and was switched off. The last reason:")
        )
        subject = _("Switched off: rule “%(name)s”") % {"name": name}
    letter = OwnLetter(
        subject=subject, text=f"{said % {'name': name}} {why}\n\n{absolute('rule', pk=rule)}\n"
    )
    url = reverse("rule", kwargs={"pk": rule})
    item = NewsItem(kind="rule", key=key, title=subject, about=f"rule:{rule}", url=url, letter=letter)
    return inform(item=item, to=user, by=by, at=at)
