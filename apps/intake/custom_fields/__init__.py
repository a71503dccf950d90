"""Fields of a desk's own: who defines them, and what every door asks before it takes their values.

`checking.py` holds what services ask, `services.py` how a definition is saved and retired, `forms.py` the form of a
definition and the form made of definitions, which the portal, the phone note and the ticket page share.
"""
