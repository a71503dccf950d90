"""Recoding by hand: many tickets that were coded wrongly get another issue at once.

In: a question in the language of the queue, the issue they should have, and why.
Out: `ticket.classified` on each ticket, with who and why. First its effect is shown (how many, before and after, in
whose words); then a worker does it in batches, which can be stopped; for 30 days it can be undone, but for what
somebody has coded since. Unlike a release of the taxonomy it says what the tickets always were: every edition reads
them so.
"""
