"""Tasks on a ticket: what must be done besides the answer, by whom, by when; and checklists that lay them out.

A required task that is not done keeps a ticket from being solved (`services/solving.py` asks).
"""
