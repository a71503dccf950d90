"""Staff management: the right person, with the skill and the time, gets the ticket; and what they see is heard.

Duty: selection and training (skills by issue and product), supervision (load against capacity, absence and
stand-ins, how many people are needed when), and empowerment: what colleagues suggest is weighed by its damage,
answered, and told to them until its verdict.

Comes in: opened, classified and moved tickets; what leads say of skills, capacity, absence and targets; suggestions.
Goes out: assignments, forecasts, cases and proposed issues. Hears: ticket.opened, ticket.classified, ticket.moved,
taxonomy.published, case.accepted, case.moved, case.judged, case.regressed. Announces: suggestion.made,
suggestion.edited, suggestion.backed, suggestion.unbacked, suggestion.answered, suggestion.drafted; an assignment is the
ticket's event `ticket.assigned`, an absence (a noun of the kernel) says so itself.
Engines: matching.py, who takes it; forecast.py, how many contacts come; erlang.py, how many people a line needs;
heads.py, people by the hour beside those who are there. None of them knows a database.
"""
