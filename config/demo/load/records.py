"""What the event log says of a ticket that came and went: the same events the services would have recorded."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from config.demo.rows import SurveyRow, TicketRow

SECONDS_TO_ASSIGN = timedelta(seconds=3)


class Happening(NamedTuple):
    """One event to be: when, what, by whose id."""

    at: datetime
    kind: str
    by: int
    data: dict[str, Any]


class Spoken(NamedTuple):
    """Ids of what was said on a ticket after the first letter; None where nobody said it."""

    reply: int | None = None
    complaint: int | None = None
    complained_at: datetime | None = None
    second_reply: int | None = None
    note: int | None = None
    noted_at: datetime | None = None


class Hands(NamedTuple):
    """Who acts on a ticket, by id: who brought it in, who has it, and the machine for the rest."""

    opener: int
    agent: int | None
    system: int

    @property
    def worker(self) -> int:
        return self.agent or self.system


def happenings(
    row: TicketRow,
    hands: Hands,
    said: Spoken,
    issues: list[int],
    source: str,
    survey: SurveyRow | None,
    now: datetime,
) -> Iterator[Happening]:
    """A ticket's whole life, roughly in order."""
    yield Happening(row.opened_at, "ticket.opened", hands.opener, {"channel": row.channel})
    if hands.agent:
        assigned_at = min(row.opened_at + SECONDS_TO_ASSIGN, now)
        yield Happening(assigned_at, "ticket.assigned", hands.system, {"from": None, "to": hands.agent})
    yield from _coding(row, hands, issues, source)
    if said.note and said.noted_at:
        yield Happening(said.noted_at, "note.added", hands.worker, {"note": said.note})
    if row.first_replied_at:
        yield from _answering(row, hands, said, issues)
    if survey:
        yield Happening(survey.answered_at, "outcome.told", hands.system, {"outcome": survey.outcome})


def _coding(row: TicketRow, hands: Hands, issues: list[int], source: str) -> Iterator[Happening]:
    by = hands.worker if source == "person" else hands.system
    for place, issue in enumerate(issues):
        data = {
            "issue": issue,
            "primary": not place,
            "before": issues[0] if place else None,
            "source": source,
        }
        yield Happening(row.coded_at or row.updated_at, "ticket.classified", by, data)


def _answering(row: TicketRow, hands: Hands, said: Spoken, issues: list[int]) -> Iterator[Happening]:
    replied_at, solved_at = row.first_replied_at or row.updated_at, row.solved_at
    yield Happening(replied_at, "message.written", hands.worker, {"message": said.reply})
    if solved_at is None:
        held = row.status.startswith("waiting")
        data = {"from": "new", "to": row.status} | ({"reason": ""} if held else {})
        yield Happening(replied_at, "ticket.held" if held else "ticket.begun", hands.worker, data)
        return
    if solved_at > replied_at:
        yield Happening(replied_at, "ticket.begun", hands.worker, {"from": "new", "to": "open"})
    if said.complained_at:
        yield from _coming_back(said, hands, replied_at)
    if row.remedy and issues:
        amount = None if row.remedy_amount is None else str(row.remedy_amount)
        given: dict[str, Any] = {"issue": issues[0], "remedy": row.remedy, "amount": amount}
        yield Happening(solved_at, "remedy.given", hands.worker, given)
    before = "new" if solved_at == replied_at else "open"
    yield Happening(solved_at, "ticket.resolved", hands.worker, {"from": before, "to": "solved"})
    if row.closed_at:
        yield Happening(row.closed_at, "ticket.closed", hands.system, {"from": "solved", "to": "closed"})


def _coming_back(said: Spoken, hands: Hands, replied_at: datetime) -> Iterator[Happening]:
    """Solved too early: the customer writes again, and the ticket is open once more."""
    back = said.complained_at or replied_at
    solved_first = replied_at + (back - replied_at) / 2
    yield Happening(solved_first, "ticket.resolved", hands.worker, {"from": "open", "to": "solved"})
    yield Happening(back, "message.received", hands.opener, {"message": said.complaint})
    data = {"from": "solved", "to": "open", "reason": "the customer wrote again"}
    yield Happening(back, "ticket.reopened", hands.system, data)
    yield Happening(
        back + (back - solved_first), "message.written", hands.worker, {"message": said.second_reply}
    )
