"""Tickets are followed, and colleagues mentioned."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.response.following.mentions import Person, named
from apps.response.following.models import Follower, Mention
from apps.response.following.queries import colleagues, who_see
from helpdesk import events
from helpdesk.errors import Invalid
from helpdesk.models import Note, Ticket, User
from helpdesk.permissions import require

MOST_MENTIONS = 20


class CantBeMentioned(Invalid):
    """Somebody you mention can't see this ticket."""

    code = "cant-be-mentioned"


@transaction.atomic
def follow(*, ticket: Ticket, by: User, at: datetime) -> Follower:
    """Be told what happens on a ticket; a second time changes nothing. Raises Invalid for programs."""
    require(by, "response.view", ticket)
    if not by.is_staff_member:
        raise Invalid(_("People follow tickets; a program listens by webhook."))
    follower, is_new = Follower.objects.get_or_create(ticket=ticket, user=by, defaults={"since": at})
    if is_new:
        events.record("ticket.followed", ticket=ticket, by=by, at=at)
    return follower


@transaction.atomic
def unfollow(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Be told no longer; nothing where one does not follow."""
    require(by, "response.view")
    if Follower.objects.filter(ticket=ticket, user=by).delete()[0]:
        events.record("ticket.unfollowed", ticket=ticket, by=by, at=at)


@transaction.atomic
def followers_to_tell(*, ticket: Ticket) -> list[User]:
    """Who follows it and may still see it. Who may not any more follows it no longer, and nobody is told of that."""
    rows = list(Follower.objects.filter(ticket=ticket).select_related("user"))
    seeing = who_see(ticket, [row.user for row in rows])
    lost = [row.pk for row in rows if row.user_id not in seeing]
    if lost:
        Follower.objects.filter(pk__in=lost).delete()
    return [row.user for row in rows if row.user_id in seeing]


@transaction.atomic
def mention(*, note: Note, ticket: Ticket, by: User, at: datetime) -> list[Mention]:
    """Whoever a note names is told of it, and follows the ticket if they want that.

    Raises CantBeMentioned for somebody who may not see the ticket, and Invalid for a name that several people have.
    """
    if "@" not in note.body:
        return []
    found = named(note.body, colleagues())
    if found.unclear:
        raise Invalid(
            _("Several people are called %(name)s. Mention the one you mean by address: @name@example.com.")
            % {"name": found.unclear[0]},
            pointer="body",
        )
    wanted = [one for one in found.people if one.pk != by.pk]
    if len(wanted) > MOST_MENTIONS:
        raise Invalid(_("At most %(n)s people in one note.") % {"n": MOST_MENTIONS}, pointer="body")
    users = _seeing(ticket, wanted)
    rows = [Mention(note=note, user=user, at=at) for user in users]
    Mention.objects.bulk_create(rows)
    followers = [Follower(ticket=ticket, user=user, since=at) for user in users if user.follow_mentions]
    Follower.objects.bulk_create(followers, ignore_conflicts=True)
    if rows:
        data = {"note": note.pk, "users": [user.pk for user in users]}
        events.record("person.mentioned", ticket=ticket, by=by, at=at, data=data)
    return rows


def _seeing(ticket: Ticket, people: list[Person]) -> list[User]:
    users = list(User.objects.filter(pk__in=[one.pk for one in people]).select_related("department"))
    seeing = who_see(ticket, users)
    for user in users:
        if user.pk not in seeing:
            raise CantBeMentioned(
                _(
                    "%(name)s (%(department)s) can't see this ticket. Refer it to them, move it, or mention "
                    "somebody who can."
                )
                % {"name": user.name, "department": user.department or user.get_role_display()},
                pointer="body",
            )
    return users
