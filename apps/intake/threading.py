"""To which ticket a mail belongs: where to look, in order of trust.

Our own signed Message-ID is a proof. Any other id named in References (newest first) or In-Reply-To must be found
among all stored ids, in and out. A tag in the subject counts only for a participant or an agent, because anybody
can type one. Pure: the caller asks the database, stops at the first hit, and follows merges.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.intake import message_id
from apps.intake.mail import Letter


class Trust(StrEnum):
    SIGNED = "signed"
    KNOWN_ID = "known_id"
    SUBJECT_TAG = "subject_tag"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question to the database: a ticket number, or a Message-ID that a stored message may carry.

    One of ours has both: the message is asked first, since it may have moved to another ticket.
    """

    trust: Trust
    ticket_number: int | None = None
    message_id: str = ""

    @property
    def needs_participant(self) -> bool:
        return self.trust is Trust.SUBJECT_TAG


def candidates(
    letter: Letter, *, number_in: Callable[[str], int | None], also: Iterable[str] = ()
) -> tuple[Lookup, ...]:
    """Where to look, most trusted first.

    `number_in`: the ticket that a Message-ID of ours names, None for anybody else's. `also`: ids from inside the mail,
    as a bounce carries them.
    """
    ids = dict.fromkeys([*also, *reversed(letter.references), *letter.in_reply_to])
    numbers = {one: number_in(one) for one in ids}
    ours: dict[int, str] = {}
    for one, number in numbers.items():
        if number is not None:
            ours.setdefault(number, one)
    signed = [Lookup(Trust.SIGNED, ticket_number=number, message_id=one) for number, one in ours.items()]
    known = [Lookup(Trust.KNOWN_ID, message_id=one) for one, number in numbers.items() if number is None]
    tagged = [Lookup(Trust.SUBJECT_TAG, ticket_number=one) for one in message_id.subject_tags(letter.subject)]
    return (*signed, *known, *tagged)
