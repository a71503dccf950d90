"""Taking up the next ticket that nobody has: looked at by one person at a time, theirs once they act on it."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from apps.response.models import PlayClaim, PlaySkip
from apps.response.services.people import NotAssignable
from helpdesk.errors import DomainError
from helpdesk.models import Ticket, User
from helpdesk.models.ticket import TicketQuerySet
from helpdesk.permissions import may, require

CLAIMED_FOR, SKIPPED_FOR = timedelta(seconds=90), timedelta(hours=1)
# A page that is open renews the claim, but not for whoever went to lunch before it.
READ_FOR = timedelta(minutes=10)
# How often somebody else may be quicker before we say that there is nothing: each time another ticket is tried.
TRIES = 100

# Whose time is over makes room; of two at once one finds the other's row, and gets nothing back.
CLAIM = """
    INSERT INTO response_playclaim AS claim (ticket_id, person_id, since, until) VALUES (%s, %s, %s, %s)
    ON CONFLICT (ticket_id) DO UPDATE
    SET person_id = EXCLUDED.person_id, since = EXCLUDED.since, until = EXCLUDED.until
    WHERE claim.until <= %s RETURNING id
"""


class NotYours(DomainError):
    """You are not looking at this ticket any more: somebody else may be by now."""

    code = "not-yours"


@transaction.atomic
def take_up_next(*, candidates: TicketQuerySet, by: User, at: datetime) -> Ticket | None:
    """Let this person look at the first of these tickets, for 90 seconds; None when there is none left.

    Passed over are tickets that somebody has, or looks at, or is at this very moment being given, and what this person
    passed over within the hour. What they looked at before is free again. Raises NotAssignable.
    """
    require(by, "response.assign")
    if not (by.is_staff_member and may(by, "response.reply")):
        raise NotAssignable(gettext("%(by)s can't answer tickets.") % {"by": by})
    # One after the other, should one person press twice.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    PlayClaim.objects.filter(person=by).delete()
    looked_at = PlayClaim.objects.filter(ticket=OuterRef("pk"), until__gt=at)
    passed = PlaySkip.objects.filter(ticket=OuterRef("pk"), person=by, until__gt=at)
    rows = candidates.filter(~Exists(looked_at), ~Exists(passed), assignee=None, merged_into=None)
    rows = rows.select_for_update(of=("self",), no_key=True, skip_locked=True)
    for _ in range(TRIES):
        ticket: Ticket | None = rows.first()
        # A claim that was committed while we looked for a row is not in what we saw: the next look sees it.
        if ticket is None or _claimed(ticket, by, at):
            return ticket
    return None


def _claimed(ticket: Ticket, by: User, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [ticket.pk, by.pk, at, at + CLAIMED_FOR, at])
        return cursor.fetchone() is not None


def read_on(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Whoever still has before them what they took up is looking at it for 90 seconds more, ten minutes at most.
    Nothing where they look at it no longer: somebody else may by now."""
    require(by, "response.view")
    claims = PlayClaim.objects.filter(ticket=ticket, person=by, until__gt=at)
    claims.filter(since__gt=at - READ_FOR).update(until=at + CLAIMED_FOR)


@transaction.atomic
def keep_played(*, ticket: Ticket, by: User, at: datetime) -> bool:
    """Whoever acts on what they look at, has it from then on. Returns whether they look at it.

    Nothing is given to them where their act has given it to somebody, or moved or merged it away.
    """
    require(by, "response.view")
    claims = PlayClaim.objects.filter(ticket=ticket, person=by, until__gt=at)
    if not claims.delete()[0]:
        return False
    held = Ticket.objects.visible_to(by).filter(pk=ticket.pk, assignee=None, merged_into=None)
    free = held.select_for_update(of=("self",), no_key=True).first()
    if free is not None:
        free.assign(by, by=by, at=at)
    return True


@transaction.atomic
def keep(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Take it for good, before doing anything else. Raises NotYours."""
    require(by, "response.assign", ticket)
    if not keep_played(ticket=ticket, by=by, at=at):
        raise NotYours


@transaction.atomic
def let_go(*, ticket: Ticket, by: User) -> None:
    """Free for others again; nothing where it is so already."""
    require(by, "response.assign")
    PlayClaim.objects.filter(ticket=ticket, person=by).delete()


@transaction.atomic
def pass_over(*, ticket: Ticket, by: User, at: datetime) -> None:
    """Free for others again, and not given to this person within the hour."""
    require(by, "response.assign", ticket)
    PlayClaim.objects.filter(ticket=ticket, person=by).delete()
    PlaySkip.objects.filter(person=by, until__lte=at).delete()
    PlaySkip.objects.update_or_create(person=by, ticket=ticket, defaults={"until": at + SKIPPED_FOR})
