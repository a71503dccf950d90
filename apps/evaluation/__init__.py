"""Evaluation: are we as good as our customers expect, and who answers for what it costs?

Duty: standards (goals from what customers expect, measured by department), accountability (a contact is charged
to the department that owns its issue, not to the one that answered it) and incentives that can't be won by hiding
complaints: neither "fewer complaints" nor "shorter calls" is a measure here, and none may be added.

Comes in: clocks and survey answers of control; coded tickets; verdicts and assumptions of analysis.
Goes out: the page of standards. Hears: house.opened. Announces nothing; goals keep their own history.
Engine: tally.py, a share with what it was counted from, without a database.
"""
