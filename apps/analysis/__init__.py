"""Analysis: find what makes customers contact us, hand it to whoever can remove it, and prove it gone.

Duty: "statistics" (rates, Pareto, surges, slow burns, money) and "policy analysis" (root-cause cases) of the
framework: tasks 2 to 6 of the root-cause loop.

Comes in: coded tickets with their exposure (customers, orders, or all contacts), satisfaction answers, and
the words of tickets that no issue code fits.
Goes out: signals, root-cause cases routed to the department that owns the cause, prevention actions,
verdicts, the prevention ledger.

Announces: analysis.asked; signal.raised and .judged; case.opened, .routed, .accepted, .rejected, .moved, .noted,
.judged, .doubted, .reminded, .stood_in, .reopened, .spread and .regressed; cause.added, .placed, .predicted, .tested
and .judged;
action.added and .moved; plan.frozen; evidence.changed.
Hears: analysis.asked, and begins the run; absence.entered and .ended, and lets somebody stand in. That a ticket
changed it reads from marks the database leaves in the change's own transaction (docs/decisions/0008): the night counts
those days again (`services/count_days.py`).

The way in: `acts.py` lists what can be done with a case, for page, owner's link and API alike; `findings.py` runs the
engines of a night, in one go (`services/find_signals.py`) or in blocks over many workers (`run_in_pieces.py`). A day's
contacts are counted once into `DayCount` and read from there.

Whose a case is, `queries/ownership.py` says, with the reason; `services/remind_owners.py` is all that waiting brings
about: reminders and the ladder (`ladder.py`), stand-ins for who is away, accepted risks that run out. `acceptance.py`
learns from acceptances whose it is likely to be, and routes nothing.

A cause says what it predicts, and `services/hypotheses.py` asks the tickets: `contrast` whether it is there and not
elsewhere, `change_point` on which day it began, held against the calendar of what happened (`models/calendar.py`);
what was counted is kept (`trials.py`), so the answer comes out again. What customers answer to "is it gone for you?"
(`services/hear_customers.py`) can hold back a proof and never make one (docs/decisions/0021).

Engines (pure, arrays in and frozen dataclasses out): series, tails and baseline are the ground; surge, drift,
localise and clusters find; discovery keeps false alarms honest; pareto, ranking, market, damage and simulation
weigh; contrast and change_point test causes; likeness says how often a ticket that reads alike is about a case; proof
and relapse judge; masking hides personal data in quoted words.
"""
