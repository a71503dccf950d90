"""Somebody has a ticket before them. Who it is, is written nowhere in the database."""

from datetime import datetime

from apps.response.presence import board
from apps.response.presence.board import Doing
from apps.response.services.play import read_on
from helpdesk.models import Ticket, User
from helpdesk.permissions import require


def be_at(*, ticket: Ticket, doing: Doing | None, by: User, at: datetime) -> None:
    """They view it, or write on it; None: they have left. Nobody is told of programs, nor of who does not want it.
    What they took up by Play stays before them for as long."""
    require(by, "response.view", ticket)
    if doing is not None:
        read_on(ticket=ticket, by=by, at=at)
    if doing is None or not by.is_staff_member or not by.show_presence:
        board.leave(ticket=ticket.pk, user=by.pk)
    else:
        board.appear(ticket=ticket.pk, user=by.pk, doing=doing, at=at)
