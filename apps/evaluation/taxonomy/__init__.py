"""The taxonomy as its administrators work on it: what is there, what is wrong with it, and what a change would do.

The nouns and every write are the kernel's (`helpdesk/services/taxonomy*.py`, docs/decisions/0016). Here stand
the pages, and what they read from all points: open cases, ownership rules, the Pareto, the checks of coding quality.

`tree` the nodes with what hangs on them; `work` what should be looked at; `effect` what a draft would do; `wording`
each change in a sentence; `releases` what was published and how far tickets are recoded; `packs` taxonomies
to begin with; `files` CSV and JSON, out and in; `services` tickets of a split issue by suggestion, packs and files into
the draft.
"""
