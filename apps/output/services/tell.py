"""News for colleagues: somebody mentioned them, or something happened on a ticket they follow.

They say who did what, and where; never in which words. A note is read on its ticket, by those who may see that.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.output.notifications.item import NewsItem
from apps.output.services.notify import inform
from apps.response.following.models import Follower, Mention
from apps.response.following.queries import who_see
from apps.response.following.services import followers_to_tell
from apps.response.models import LaterReply, LaterState
from helpdesk.locales import as_read_by
from helpdesk.models import Event, Message, SideLetter, Ticket, User

FOLLOWED: dict[str, Any] = {
    "message.received": gettext_lazy("%(who)s wrote."),
    "message.written": gettext_lazy("%(who)s answered."),
    "note.added": gettext_lazy("%(who)s added a note."),
    "ticket.held": gettext_lazy("%(who)s put it on hold."),
    "ticket.resolved": gettext_lazy("%(who)s solved it."),
    "ticket.reopened": gettext_lazy("%(who)s reopened it."),
    "ticket.closed": gettext_lazy("%(who)s closed it."),
}


@transaction.atomic
def tell_followers(*, event: Event, ticket: Ticket, by: User, at: datetime) -> int:
    """Tell those who follow the ticket, but whoever did it; returns how many. What one person does at one moment is
    one letter, and whoever is mentioned in a note is told of that instead."""
    if event.kind == "message.written" and _is_automatic(event):
        return 0
    if event.kind == "ticket.reopened" and event.by.is_machine:
        return 0  # by what the customer wrote, of which they are told
    besides = {event.by_id, *_mentioned(event)}
    told = [user for user in followers_to_tell(ticket=ticket) if user.pk not in besides]
    for user in told:
        with as_read_by(user):
            said = FOLLOWED[event.kind] % {"who": _who(event, ticket)}
            key = f"follow:{user.pk}:{ticket.pk}:{event.at.isoformat()}"
            _tell("followed", ticket, user, said, "", key, by, at)
    return len(told)


@transaction.atomic
def tell_assignee(*, event: Event, ticket: Ticket, by: User, at: datetime) -> bool:
    """Tell whoever has the ticket that it was given to them, or that its customer wrote; nobody of their own acts, and
    nobody who follows it of what followers are told."""
    user = ticket.assignee
    if user is None or user.pk == event.by_id:
        return False
    if event.kind == "ticket.assigned":
        if event.data["to"] != user.pk:
            return False
        with as_read_by(user):
            said = (
                _("It is yours now.")
                if event.by.is_machine
                else _("%(who)s gave it to you.") % {"who": event.by.name}
            )
        return _told_assignee("assigned", event, ticket, user, said, by, at)
    if _is_automatic(event) or Follower.objects.filter(ticket=ticket, user=user).exists():
        return False
    with as_read_by(user):
        said = _("%(who)s wrote.") % {"who": _who(event, ticket)}
    return _told_assignee("answered", event, ticket, user, said, by, at)


def _told_assignee(
    kind: str, event: Event, ticket: Ticket, user: User, said: str, by: User, at: datetime
) -> bool:
    _tell(kind, ticket, user, said, "", f"{kind}:{event.pk}", by, at)
    return True


@transaction.atomic
def tell_mentioned(*, event: Event, ticket: Ticket, by: User, at: datetime) -> int:
    """Tell those whom a note names, once each, if they may still see the ticket; returns how many."""
    note = event.data["note"]
    still = Mention.objects.filter(note=note, user__in=event.data["users"]).select_related("user")
    users = [one.user for one in still]
    seeing = who_see(ticket, users)
    told = [user for user in users if user.pk in seeing]
    for user in told:
        with as_read_by(user):
            said = _("%(who)s mentions you in a note.") % {"who": event.by.name}
            _tell("mentioned", ticket, user, said, f"#note-{note}", f"mention:{note}:{user.pk}", by, at)
    return len(told)


@transaction.atomic
def tell_held(*, later: LaterReply, by: User, at: datetime) -> None:
    """Tell the author of an answer for later that it waits for them; nothing if they may not see the ticket."""
    ticket, user = later.ticket, later.by
    if later.state != LaterState.HELD or not who_see(ticket, [user]):
        return
    with as_read_by(user):
        said = _("Your answer has not gone out.")
        key = f"held:{later.pk}:{later.due_at.isoformat()}"
        _tell("undelivered", ticket, user, f"{said} {later.why}", f"#later-{later.pk}", key, by, at)


@transaction.atomic
def tell_side(*, event: Event, ticket: Ticket, by: User, at: datetime) -> int:
    """Somebody answered in a side conversation: who began it is told, and who follows the ticket, while they may see
    it; returns how many."""
    letter = SideLetter.objects.select_related("side__opened_by").get(pk=event.data["letter"])
    beginner = letter.side.opened_by
    users = {user.pk: user for user in followers_to_tell(ticket=ticket)}
    if beginner.is_staff_member and who_see(ticket, [beginner]):
        users[beginner.pk] = beginner
    for user in users.values():
        with as_read_by(user):
            said = _("%(who)s answers in “%(subject)s”.") % {
                "who": letter.who,
                "subject": letter.side.subject,
            }
            _tell("side", ticket, user, said, "", f"side:{letter.pk}:{user.pk}", by, at)
    return len(users)


def _is_automatic(event: Event) -> bool:
    return Message.objects.filter(pk=event.data["message"], is_automatic=True).exists()


def _mentioned(event: Event) -> list[int]:
    if event.kind != "note.added":
        return []
    return list(Mention.objects.filter(note=event.data["note"]).values_list("user", flat=True))


def _who(event: Event, ticket: Ticket) -> str:
    if event.kind == "message.received":
        message = Message.objects.filter(pk=event.data["message"]).first()
        return (message and message.sender_name) or ticket.customer.name or _("The customer")
    return event.by.name


def _tell(
    kind: str, ticket: Ticket, user: User, said: str, place: str, key: str, by: User, at: datetime
) -> None:
    url = reverse("ticket", kwargs={"number": ticket.pk}) + place
    inform(item=NewsItem(kind=kind, key=key, title=said, ticket=ticket, url=url), to=user, by=by, at=at)
