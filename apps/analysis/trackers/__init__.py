"""Outside trackers: an action of a case has its counterpart where developers work, and both know of each other.

Out: "Create in tracker" and comments when the action moves, as errands (`TrackerErrand`) with retries; a marker in the
item keeps a crash from making it twice.
In: signed webhooks of the tracker, and a look every ten minutes at what they may have missed. "Done" over there makes
the action *implemented* and no more: whether it is in place a colleague confirms, whether it helped the proof tells.
`github.py` and `jira.py` are the only files that know those two; `shapes.py` is what both are reduced to.
"""
