"""Control: nothing that was promised is forgotten.

Duty: internal follow-up (clocks for acknowledge, first response, next update and resolve; promises made to
customers with a due time), referral follow-up (work handed to a department stays ours until the customer says
it is done) and the escalation ladder when time runs out.

Comes in: opened, replied, paused, solved and reopened tickets; referrals and promises written by agents.
Goes out: due times and states (fine, soon, overdue, paused) for lists and pages; breaches for the leads.
Hears: a ticket opened, moved, rated, begun, held, resolved, reopened, closed or merged; a message received,
written or withdrawn; a call that was logged; clock.breached (to escalate).
Announces: clock.warned, clock.breached, clock.corrected; referral.opened, answered, closed; survey.followed_up.
Engines, without a database: clock.py, business hours in any time zone; sampling.py, whom to ask how it was.
"""
