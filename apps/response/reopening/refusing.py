"""An answer that came too late is refused: it stays where it was written, and its writer is asked to write anew."""

from datetime import datetime

from apps.intake.services.answerable import may_be_answered_automatically
from apps.response.reopening.models import ReopenPolicy
from apps.response.reopening.queries import refusal_words
from apps.response.services.automatic import may_write_back, written_back_on
from apps.response.wording.words import language_of
from helpdesk.models import Message, Ticket, User

# Whoever goes on writing to what is over has read it by then; two machines that answer each other never do.
MOST_LETTERS = 3


def refuse(
    *, ticket: Ticket, message: Message, policy: ReopenPolicy, by: User, at: datetime
) -> Message | None:
    """Keep the message as refused on a ticket that the caller has locked, and send its customer the policy's words.

    Returns the letter: None for what no person wrote, for who can't be reached by mail, and above the caps: three on a
    ticket, and ten to a customer, within three hours.
    """
    letter = _write(ticket, message, policy, by=by, at=at) if _may_write(ticket, message, at) else None
    message.refuse(letter=letter, by=by, at=at)
    return letter


def _may_write(ticket: Ticket, message: Message, at: datetime) -> bool:
    return (
        may_write_back(customer=ticket.customer, at=at)
        and written_back_on(ticket=ticket.pk, at=at) < MOST_LETTERS
        and may_be_answered_automatically(message=message)
    )


def _write(ticket: Ticket, message: Message, policy: ReopenPolicy, *, by: User, at: datetime) -> Message:
    body = refusal_words(policy, ticket, name=ticket.customer.name, language=language_of(ticket))
    # Whoever takes part hears of it where it was they who wrote, and of nothing else.
    writer = ticket.participants.filter(email__iexact=message.sender_email) if message.sender_email else []
    return Message.write(
        ticket=ticket, body=body, by=by, at=at, channel="email", is_automatic=True,
        cc=[one.email for one in writer],
    )  # fmt: skip
