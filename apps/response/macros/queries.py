"""Reads of macros: what is offered on a ticket, what one of them would do there, and how often each is used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from apps.response import acting, macros
from apps.response.models import Macro
from apps.response.queries.ticket import macro_facts
from helpdesk.models import Ticket, User
from helpdesk.permissions import may

MOST_OFFERED = 30
MOST_LISTED = 500
LATELY = timedelta(days=90)


@dataclass(frozen=True)
class Preview:
    """What a macro would do on this ticket: its words, and the acts in sentences."""

    macro: Macro
    text: str
    missing: tuple[str, ...]
    sentences: tuple[str, ...]


def macros_for(ticket: Ticket, user: User, *, words: str = "") -> list[Macro]:
    """What this person may use here, with every word in its name or its text; those whose name has them first. One
    query."""
    wanted = words.split()[:6]
    rows = Macro.objects.usable_in(ticket.department_id, by=user)
    for word in wanted:
        rows = rows.filter(Q(name__icontains=word) | Q(body__icontains=word))
    found = [one for one in rows.order_by("name")[:MOST_LISTED] if usable(one, user)]
    found.sort(key=lambda one: not all(word.lower() in one.name.lower() for word in wanted))
    return found[:MOST_OFFERED]


def usable(macro: Macro, user: User) -> bool:
    """Whether this person's role does all that it does."""
    names = {str(act["act"]) for act in macro.acts}
    return all(name in acting.kinds() and may(user, acting.kinds()[name].verb) for name in names)


def macro_for(ticket: Ticket, user: User, pk: int | None) -> Macro | None:
    """One of those, by number."""
    return Macro.objects.usable_in(ticket.department_id, by=user).filter(pk=pk).first() if pk else None


def preview(macro: Macro, ticket: Ticket, user: User) -> Preview:
    """One query for each noun that its acts name."""
    filled = macros.fill(macro.body, macro_facts(ticket, user))
    return Preview(macro, filled.text, filled.missing, tuple(sentences(macro)))


def sentences(macro: Macro) -> list[str]:
    acts = acting.read_acts(macro.acts) if macro.acts else ()
    said = acting.describe(acts, acting.look_up(acts))
    return [*said, str(macro.get_then_display())] if macro.then else said


@dataclass(frozen=True)
class Kept:
    """A macro in the list of those who keep them."""

    macro: Macro
    uses: int  # lately
    last_used: datetime | None


def kept_macros(user: User, *, words: str = "", unused: bool = False, at: datetime) -> list[Kept]:
    """Those this person may change, or only look at, and how often each was used lately. One query."""
    rows = Macro.objects.filter(Q(owner=None) | Q(owner=user)).select_related("department", "owner")
    for word in words.split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(body__icontains=word))
    lately = Count("uses", filter=Q(uses__at__gt=at - LATELY))
    counted = rows.annotate(lately=lately, last=Max("uses__at")).order_by("name", "pk")
    found = [Kept(one, one.lately, one.last) for one in counted[:MOST_LISTED]]
    return [one for one in found if one.macro.is_active and not one.uses] if unused else found


def kept(macro: Macro, *, at: datetime) -> Kept:
    """One of them. One query."""
    lately = Count("pk", filter=Q(at__gt=at - LATELY))
    counted = macro.uses.aggregate(lately=lately, last=Max("at"))
    return Kept(macro, counted["lately"], counted["last"])
