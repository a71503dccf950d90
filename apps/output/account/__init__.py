"""The customer's own account, which nobody needs: sign in by a letter, without a password, and see all your requests.

In: an address we know. Out: a session of its own (never one of the desk's), the list of requests, their details.
`docs/decisions/0025` says what opens a session and what ends it. Requests themselves are shown by the page that every
letter links to (`apps/intake/views/portal.py`), those of an organisation by `organisations/views_outside.py`.
"""
