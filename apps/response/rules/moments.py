"""When rules look: what happens to a ticket, and the events that tell of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

TIMED = "timed"


@dataclass(frozen=True)
class Moment:
    """As a choice, as the beginning of a sentence, and the kinds of event it is."""

    label: Any
    sentence: Any
    kinds: tuple[str, ...] = ()


MOMENTS: dict[str, Moment] = {
    "opened": Moment(_("A ticket is opened"), _("When a ticket is opened"), ("ticket.opened",)),
    "wrote": Moment(_("The customer writes"), _("When the customer writes"), ("message.received",)),
    "replied": Moment(_("We reply"), _("When we reply"), ("message.written",)),
    "noted": Moment(_("A note is added"), _("When a note is added"), ("note.added",)),
    "state": Moment(
        _("The state changes"),
        _("When the state changes"),
        (
            "ticket.begun", "ticket.held", "ticket.resolved", "ticket.reopened", "ticket.closed",
            "ticket.named",
        ),
    ),
    "assigned": Moment(_("It is given to somebody"), _("When it is given to somebody"), ("ticket.assigned",)),
    "moved": Moment(_("It goes to another department"), _("When it goes to another department"), ("ticket.moved",)),
    "classified": Moment(_("It is classified"), _("When it is classified"), ("ticket.classified",)),
    "rated": Moment(_("Its severity changes"), _("When its severity changes"), ("ticket.rated",)),
    "described": Moment(
        _("Its product, tags or fields change"),
        _("When its product, tags or fields change"),
        ("ticket.described", "ticket.filled"),
    ),
    "warned": Moment(_("A clock is about to run out"), _("When a clock is about to run out"), ("clock.warned",)),
    "breached": Moment(_("A clock runs out"), _("When a clock runs out"), ("clock.breached",)),
    "survey": Moment(_("A survey is answered"), _("When a survey is answered"), ("outcome.told",)),
    TIMED: Moment(_("By the clock"), _("By the clock")),
}  # fmt: skip
WHEN = {kind: name for name, moment in MOMENTS.items() for kind in moment.kinds}
CHOICES = [(name, moment.label) for name, moment in MOMENTS.items()]


@dataclass(frozen=True)
class Happening:
    """What happened to a ticket, as conditions may ask: who did it, and its state before and after."""

    done_by: str = ""
    changed_from: str = ""
    changed_to: str = ""
