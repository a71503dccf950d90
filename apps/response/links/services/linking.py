"""Tickets are linked, and unlinked."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.intake.queries import standing
from apps.response.links.models import RELATIONS, LinkKind, Relation, TicketLink, relation
from apps.response.links.queries import group, reached
from apps.response.services.rows import lock_both, take_turns
from helpdesk import events
from helpdesk.errors import DomainError, Invalid, NotFound
from helpdesk.models import Ticket, User
from helpdesk.permissions import require

VERB = "response.link"


class CannotLink(DomainError):
    """These two tickets can't be linked so."""

    code = "cannot-link"


@transaction.atomic
def add_link(*, ticket: Ticket, other: Ticket, as_: str, by: User, at: datetime) -> TicketLink:
    """Say what `ticket` is to `other`: one of `RELATIONS`.

    A merged ticket stands for the one it went to. Raises Invalid, CannotLink for the same two again, for a ticket with
    itself, and for what would come round in a circle.
    """
    require(by, VERB, ticket)
    require(by, VERB, other)
    return tie(ticket=ticket, other=other, meant=_meant(as_), by=by, at=at)


def tie(*, ticket: Ticket, other: Ticket, meant: Relation, by: User, at: datetime) -> TicketLink:
    """Link two tickets, whoever may see them: for services that have asked. Raises CannotLink."""
    ticket, other = standing(ticket), standing(other)
    if ticket.pk == other.pk:
        raise CannotLink(_("A ticket can't be linked to itself."), pointer="other")
    ticket, other = lock_both(ticket, other)
    if ticket.merged_into_id or other.merged_into_id:
        raise CannotLink(_("One of them was merged this moment. Look again."), pointer="other")
    take_turns()
    first, second = (ticket, other) if meant.is_first else (other, ticket)
    _check(first, second, meant)
    link = TicketLink(kind=meant.kind, first=first, second=second, made_by=by, made_at=at)
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as error:
        raise CannotLink(
            _("#%(number)s and #%(number_2)s are linked so already.")
            % {"number": ticket.pk, "number_2": other.pk},
            pointer="other",
        ) from error
    _tell("link.added", link, by=by, at=at)
    return link


@transaction.atomic
def remove_link(*, link: TicketLink, ticket: Ticket, by: User, at: datetime) -> None:
    """They have nothing to do with each other after all; asked for from either ticket. Raises NotFound."""
    require(by, VERB, ticket)
    take_turns()
    own = group([standing(ticket).pk])
    link = TicketLink.objects.filter(Q(first__in=own) | Q(second__in=own), pk=link.pk).first()  # type: ignore[assignment]
    if link is None:
        raise NotFound(_("There is no such link on this ticket."))
    # Two merged tickets may have brought the same link each: it is one line in the box, and goes as one.
    theirs = group([standing(link.second if link.first_id in own else link.first).pk])
    here, there = (own, theirs) if link.first_id in own else (theirs, own)
    same = TicketLink.objects.filter(kind=link.kind, first__in=here, second__in=there)
    if link.kind == LinkKind.RELATED:
        same |= TicketLink.objects.filter(kind=link.kind, first__in=there, second__in=here)
    _tell("link.removed", link, by=by, at=at)
    same.delete()


def _meant(as_: str) -> Relation:
    if as_ not in RELATIONS:
        raise Invalid(_("One of %(relations)s.") % {"relations": ", ".join(RELATIONS)}, pointer="as")
    return RELATIONS[as_]


def _check(first: Ticket, second: Ticket, meant: Relation) -> None:
    one, other = group([first.pk]), group([second.pk])
    known = TicketLink.objects.filter(kind=meant.kind)
    if known.filter(Q(first__in=one, second__in=other) | Q(first__in=other, second__in=one)).exists():
        raise CannotLink(
            _("#%(number)s and #%(number_2)s are linked so already.")
            % {"number": first.pk, "number_2": second.pk},
            pointer="other",
        )
    if meant.kind != LinkKind.RELATED and first.pk in reached([second.pk], meant.kind):
        words = {LinkKind.CHILD: _("its own parent"), LinkKind.BLOCKS: _("in its own way")}
        raise CannotLink(
            _("Then #%(number)s would be %(get)s, through others.")
            % {"number": first.pk, "get": words.get(meant.kind, _("a duplicate of itself"))},
            pointer="other",
        )


def _tell(kind: str, link: TicketLink, *, by: User, at: datetime) -> None:
    """On both tickets, each in its own words."""
    for ticket, other, is_first in ((link.first, link.second, True), (link.second, link.first, False)):
        data = {"as": relation(link.kind, is_first=is_first).name, "linked": other.pk}
        events.record(kind, ticket=ticket, by=by, at=at, data=data)
