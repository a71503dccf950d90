"""What refers to a customer, and what becomes of it when two customers turn out to be one.

Every foreign key to a customer stands here; `tests/output/test_merge_customers.py` fails for one that does not.
`unless` names the fields of which the remaining customer may have one row only: where they have it already, the other
row is taken off, and comes back when the merge is undone. `stays` keeps such a row where it is: it
tells what was done, and to whom. `lifts` names the guard in the database that forbids the change to everybody else.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Referring:
    """How rows of one table move from one customer to another."""

    moves: bool = True
    unless: tuple[str, ...] | None = None
    stays: bool = False
    lifts: str = ""


MERGING: dict[str, Referring] = {
    "helpdesk.Ticket.customer": Referring(),
    "helpdesk.Message.customer": Referring(),
    "helpdesk.User.customer": Referring(),
    "helpdesk.CustomerAddress.customer": Referring(),
    "helpdesk.CustomerPhone.customer": Referring(unless=("number",)),
    "helpdesk.CustomerChange.customer": Referring(),
    # Chains stay readable: whoever was merged into the one that goes is now of the one that remains.
    "helpdesk.Customer.merged_into": Referring(),
    "response.Call.customer": Referring(),
    "output.CustomerNote.customer": Referring(),
    "output.LegalHold.customer": Referring(),
    # What was asked for one of them stays where it was asked for.
    "output.CustomerExport.customer": Referring(moves=False),
    "output.Erasure.customer": Referring(moves=False),
    # Whoever was signed in as the one that goes is so no longer.
    "output.SignInLink.customer": Referring(moves=False),
    "output.CustomerSession.customer": Referring(moves=False),
    # The merges themselves: they say which two it were.
    "output.CustomerMerge.kept": Referring(moves=False),
    "output.CustomerMerge.gone": Referring(moves=False),
    # Promises of time made to one customer; of two, both stand, and the first that fits holds. Their history stays.
    "control.ServicePolicy.customer": Referring(),
    "control.ServicePolicyEvent.customer": Referring(moves=False),
    "control.RecurringTicket.customer": Referring(),
    "control.RecurringTicketEvent.customer": Referring(moves=False),
    "analysis.CustomerVoice.customer": Referring(unless=("case",)),
    "awareness.WaveLetter.customer": Referring(unless=("wave",), stays=True),
    # Lots are drawn once, and for two of one person only the first one counts.
    "awareness.OutreachCustomer.customer": Referring(
        unless=("outreach",), stays=True, lifts="awareness.OutreachCustomer:a_lot_stays"
    ),
    "awareness.OptOut.customer": Referring(unless=()),
}
