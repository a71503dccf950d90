"""Control: nothing that was promised is forgotten.

Duty: internal follow-up (clocks for acknowledge, first response, next update and resolve; promises made to
customers with a due time), referral follow-up (work handed to a department stays ours until the customer says
it is done) and the escalation ladder when time runs out.

Comes in: opened, replied, paused, solved and reopened tickets; referrals and promises written by agents.
Goes out: due times and states (fine, soon, overdue, paused) for lists and pages; breaches for the leads.
Hears: ticket.opened, message.sent, ticket.held, ticket.resumed, ticket.solved, ticket.reopened.
Announces: clock.breached, referral.opened, referral.answered, referral.closed, promise.broken.
Engine: clock.py, business hours in any time zone, without a database.
"""
