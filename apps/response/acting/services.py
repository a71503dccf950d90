"""Acts are done to one ticket, all or none, and taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.response.acting.act import Act, Done, Undone
from apps.response.acting.deeds import Doing, PuttingBack
from apps.response.acting.kinds import kinds, look_up
from apps.response.acting.nouns import ME, PERSON, TICKET, Known, names_row
from helpdesk.errors import DomainError, NotFound
from helpdesk.models import Ticket, User
from helpdesk.permissions import require
from helpdesk.rows import held
from helpdesk.sentences import Words, said


class OutOfSight(DomainError):
    """Once it is moved you no longer see it: leave it to people over there who gets it."""

    code = "out-of-sight"


@transaction.atomic
def perform(
    *, ticket: Ticket, acts: Sequence[Act], by: User, at: datetime, known: Known | None = None
) -> list[Done]:
    """Do these acts to a ticket in their order, all of them or none, each by its own service and with its refusals.

    Moving it comes last, and who gets it there after that: whoever moves it may see it no longer. `known` are the
    rows the acts name, where somebody looked them up for many tickets. Raises OutOfSight, Invalid for what is there no
    longer, and whatever the services raise.
    """
    require(by, "response.view", ticket)
    known = look_up(acts) if known is None else known
    wanted = [(act, _value(act, known, by)) for act in _in_order(acts)]
    ticket = _held(ticket, wanted)
    done: list[Done] = []
    for act, value in wanted:
        kind = kinds()[act.name]
        before = kind.facts(ticket, value)
        try:
            told = kind.do(Doing(ticket, value, by, at))
        except NotFound as error:
            raise (OutOfSight if done else NotFound) from error
        ticket = held(ticket)
        done.append(Done(ticket.pk, act, by.pk, before, {**kind.facts(ticket, value), **(told or {})}))
    return done


def _in_order(acts: Sequence[Act]) -> list[Act]:
    names = [act.name for act in acts]
    moved = names.index("move") if "move" in names else len(acts)
    then = [act for act in acts[moved:] if act.name == "assign"]
    moves = [act for act in acts if act.name == "move"]
    return [act for act in acts if act not in moves and act not in then] + moves + then


def _value(act: Act, known: Known, by: User) -> Any:
    noun = kinds()[act.name].noun
    if act.value == ME and noun is PERSON:
        return by
    return known.of(noun, act.value) if noun is not None and names_row(act, noun) else act.value


def _held(ticket: Ticket, wanted: Sequence[tuple[Act, Any]]) -> Ticket:
    """With the tickets it is merged into, in the order of their numbers: so nobody waits for each other."""
    others = {value.pk for _act, value in wanted if isinstance(value, Ticket)}
    if not others:
        return held(ticket)
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return {row.pk: row for row in rows.filter(pk__in={ticket.pk, *others})}[ticket.pk]


@transaction.atomic
def undo(*, done: Sequence[Done], by: User, at: datetime) -> list[Undone]:
    """Take back what was done to one ticket, the last first, as far as nobody changed it since; what stays says why.

    Who did it may take it back even where they no longer see the ticket. Raises NotAllowed, NotFound.
    """
    if not done:
        return []
    for one in done:
        require(by, kinds()[one.act.name].verb)
    into = [one.act.value for one in done if kinds()[one.act.name].noun is TICKET]
    rows = Ticket.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[done[0].ticket, *into])}
    ticket = found.get(done[0].ticket)
    if ticket is None or not (all(one.by == by.pk for one in done) or ticket.is_visible_to(by)):
        raise NotFound
    undone = []
    for one in reversed(done):
        back = PuttingBack(ticket, one, by, at)
        why = _why_it_stays(back)
        if not why and one.changed and (put_back := kinds()[one.act.name].put_back):
            try:
                with transaction.atomic():
                    put_back(back)
            except DomainError as error:
                why = error.words
            ticket = held(ticket)
        undone.append(Undone(one, why))
    return undone


def _why_it_stays(back: PuttingBack) -> Words:
    kind, done = kinds()[back.done.act.name], back.done
    if not done.changed:
        return ""
    if kind.put_back is None:
        return said("This can't be taken back here: do it on the ticket itself.")
    if back.ticket.merged_into_id is not None and kind.noun is not TICKET:
        return said("It was merged since.")
    stands = kind.stands(back) if kind.stands else kind.facts(back.ticket, done.act.value) == done.after
    return "" if stands else said("Somebody changed it since.")
