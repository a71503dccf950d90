"""Tickets that open themselves: what has to be looked at every Monday, every month, once a year.

A template says what opens and for whom; its rhythm says on which days, in which time zone. `dates.py` counts the
days, without a database; `services.py` keeps templates and opens what is due, exactly once for each moment.
"""
