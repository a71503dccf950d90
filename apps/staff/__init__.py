"""Staff management: the right person, with the skill and the time, gets the ticket; and what they see is heard.

Duty: selection and training (skills by issue and product, courses, certificates, coaching), supervision (load against
capacity, absence and stand-ins, how many people are needed when), and empowerment: what colleagues suggest is weighed
by its damage, answered, and told to them until its verdict.

Comes in: opened, classified and moved tickets; what leads say of skills, capacity, absence and targets; suggestions;
what is new in reviews, the taxonomy and guidance. Goes out: assignments of tickets and of courses, forecasts, cases and
proposed issues. Hears: ticket.opened, .classified, .moved; review.published; taxonomy.published, .withdrawn;
guidance.saved; case.accepted, .moved, .noted, .judged, .regressed. Announces: suggestion.made, .edited, .backed,
.unbacked, .answered, .drafted, .undrafted; training.assigned, .started, .passed, .excused; certificate.granted,
.withdrawn; coaching.noted, .answered (by number only). An assignment is the ticket's event, an absence (a noun of the
kernel) says so itself.
Engines: matching.py, who takes it; forecast.py, how many contacts come; erlang.py, how many people a line needs;
heads.py, people by the hour beside those who are there. None of them knows a database. briefings.py has the words of
what is to be read.
"""
