"""The call log: who rang whom about a ticket, for how long, and how it ended.

A call is logged on its ticket, or opens one (`intake/phone/`). What follows from it goes through the services that are
there: words become a note, minutes are booked, a call back is a task with a time, a settled call solves the ticket.
"""
