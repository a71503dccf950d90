"""Evaluation: are we as good as our customers expect, and who answers for what it costs?

Duty: standards (goals from what customers expect, measured by department), accountability (a contact is charged
to the department that owns its issue, not to the one that answered it) and incentives that can't be won by hiding
complaints: neither "fewer complaints" nor "shorter calls" is a measure here, and none may be added. And of the system
itself: how far the codes of tickets can be trusted, which every number of the loop rests on. And of answers: reviewed
by a scorecard that asks what the agent did and what the system let them do (quality/).

Comes in: clocks and survey answers of control; coded tickets; second readings and answers of response; suggestions
of intake; verdicts and assumptions of analysis. Goes out: the pages of standards and of the quality of coding.
Hears: house.opened. Announces: statement.drafted, statement.acted; goals, bonus rules and
scorecards keep their own history; reviews.drawn, review.published (to whoever assigns training), review.answered,
review.settled, scorecard.published, calibration.opened, calibration.closed.
Where tickets are many, what standards and prevention are reckoned from is counted every quarter of an hour, and the
pages say when (services/count_months.py); statements are always reckoned from the tickets.
Engines, without a database: tally.py, a share with what it was counted from; incentive.py, what departments prevented
and the guards against winning by hearing less; nodes.py, issues that are one too many
or several in one. How two readers agree is reckoned by analysis/agreement.py, which the proof of fixes uses too.
"""
