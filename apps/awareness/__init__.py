"""Awareness: what was learned reaches those who need to know it.

Duty: solicitation (campaigns that ask customers to tell us), internal awareness (a weekly digest that makes owners act)
and proactive communication ("you said, we did": customers see that telling us was worth it, and tell us more).

Comes in: verdicts of proven fixes, cases that came back, open cases and actions with their dates and money.
Goes out: notices for customers and colleagues, drafted by machine and published by a person; digests by mail; the
executive report of each month, as mail, PDF and page.
Hears: case.judged, case.regressed. Announces: notice.drafted, notice.edited, notice.published, notice.withdrawn,
campaign.opened, campaign.edited, outreach.drafted, outreach.edited,
outreach.moved, digest.sent, report.made, report.sent, recipients.changed.
Engines, without a database: digest.py, which seven lines a person gets and whether there is any news in them;
report.py, the report as data; pdf.py, the report in print; lift.py, what a campaign brought beside its mark;
complaint_rate.py, what share of customers tells us; holdout.py, what telling customers before they ask prevented.
"""
