"""Staff management: the right person, with the skill and the time, gets the ticket.

Duty: selection and training (skills by issue and product), supervision (load against capacity, absence and
stand-ins), so that work goes to somebody who can finish it and nobody drowns.

Comes in: opened, classified and moved tickets; what leads say of skills, capacity and absence.
Goes out: assignments. Hears: ticket.opened, ticket.classified, ticket.moved. Announces nothing of its own:
an assignment is the ticket's event `ticket.assigned`, an absence (a noun of the kernel) says so itself.
Engine: matching.py, who takes it, without a database.
"""
