"""Quality of answers: reviewed by a form, drawn fairly, by reviewers who mean the same.

Evaluate the system, not only the agent: every form asks both, and what the system got wrong becomes a root-cause case.

`scoring` what a form comes to, and averages with their interval; `sampling` which answers are drawn, each with a known
chance; `preset` the form a new house begins with; `services` scorecards, the weekly draw, reviews, calibration, causes
raised; `queries` what the pages read; `figures` the averages again as of any moment; `forms`, `views`, `api`, `urls`.
"""
