"""How long people worked on a ticket: minutes written down by hand, or measured by a timer that the server keeps.

`Ticket.handling_minutes` is what the costs are computed from. It is what was brought in with the ticket, and the sum
of what is written down here: every entry, and every correction, changes both in one transaction.
"""
