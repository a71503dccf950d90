"""To which ticket a mail belongs: asks the database what `threading.candidates` proposes, and follows merges."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.intake import message_id
from apps.intake.mail import Address, Letter
from apps.intake.queries import number_in_own_id, standing
from apps.intake.threading import Lookup, Trust, candidates
from helpdesk.models import Direction, Message, SideConversation, SideLetter, Ticket, User


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket a mail belongs to, and how sure that is."""

    ticket: Ticket
    trust: Trust
    # It names a mail that the customer had as well; otherwise a notice that only we had.
    answers_public: bool

    @property
    def is_proven(self) -> bool:
        return self.trust is Trust.SIGNED

    def is_customer(self, sender: Address | None) -> bool:
        return sender is not None and self.ticket.customer.speaks_from(sender.key)


def find_thread(letter: Letter, *, also: Iterable[str] = ()) -> Thread | None:
    """The most trusted ticket that exists; two queries, and one for each step of a merge."""
    also = tuple(also)
    lookups = candidates(letter, number_in=number_in_own_id, also=also)
    ids = {lookup.message_id for lookup in lookups if lookup.message_id} | _own_ids(letter, also)
    numbers = {lookup.ticket_number for lookup in lookups if lookup.ticket_number}
    stored = {
        one.message_id: one
        for one in Message.objects.filter(message_id__in=ids).only("message_id", "ticket", "direction")
    }
    numbers |= {one.ticket_id for one in stored.values()}
    tickets = Ticket.objects.select_related("customer").in_bulk(numbers)
    for lookup in lookups:
        message = stored.get(lookup.message_id)
        number = message.ticket_id if message else lookup.ticket_number
        ticket = tickets.get(number) if number else None
        if ticket is not None and _is_believed(lookup, ticket, letter.sender):
            public = any(
                one.ticket_id == ticket.pk and one.direction == Direction.OUT for one in stored.values()
            )
            return Thread(standing(ticket), lookup.trust, public)
    return None


def find_side(letter: Letter) -> SideConversation | None:
    """The side conversation that a mail answers: the newest id of ours that it names is one of its letters', which
    nobody else can sign. One query at most, none for any other mail."""
    named = (*letter.in_reply_to, *reversed(letter.references))
    newest = next((one for one in named if number_in_own_id(one) is not None), "")
    if not message_id.names_side(newest):
        return None
    known = SideLetter.objects.filter(message_id=newest.strip("<>"))
    letter_of_ours = known.select_related("side__ticket__customer").first()
    return letter_of_ours.side if letter_of_ours else None


def _own_ids(letter: Letter, also: tuple[str, ...]) -> set[str]:
    named = (*also, *letter.references, *letter.in_reply_to)
    return {one for one in named if number_in_own_id(one) is not None}


def _is_believed(lookup: Lookup, ticket: Ticket, sender: Address | None) -> bool:
    """Anybody can type a number into a subject: it counts only for those who are on the ticket, and for us."""
    if not lookup.needs_participant:
        return True
    if sender is None:
        return False
    if ticket.customer.speaks_from(sender.key) or ticket.participants.filter(email=sender.key).exists():
        return True
    user = User.objects.filter(email=sender.key, is_active=True).first()
    return user is not None and user.is_staff_member and ticket.is_visible_to(user)
