"""Rules: when something happens to a ticket, or some time has passed, and it fits, then something is done to it.

A rule is data: *when* (`moments.py`), *if* (`conditions.py`: fields and operators that become the queue's own query,
so that a rule and the search box mean the same) and *then* (`apps.response.acting`). `judging.py` asks the database
once for all conditions of all rules that look at a ticket; the trial on past tickets asks the same question.

Rules look in their order, and each sees what those before it did. What a rule does is heard by rules again; within one
such chain a rule acts on a ticket once, a chain ends after ten links, and in an hour a rule acts on a ticket ten times
at most. Each look leaves a trace (`RuleRun`): thirty days where something fitted, three where nothing did. A timed rule
acts once for each time that a ticket comes to fit; it passes over closed and merged tickets.

Each rule acts as a user row of its own: of its department, or of the whole desk, and never beyond.
"""
