"""Links: how tickets hang together, and what follows from it.

In: two tickets and what the one is to the other (related, a duplicate, a child, a blocker). Out: a box on both tickets,
`link.added` and `link.removed` on both, and the answer that all children of a ticket are given at once. A link of
a merged ticket counts as one of the ticket it went to; the rows stay as they were made, for a merge that is undone.
"""
