"""The point response: people find out what happened, decide what to do, and answer.

In: tickets that intake opened, and what customers write afterwards (`message.received`, heard by `hear`).
Out: replies, internal notes, codes, assignments and states of the ticket; guidance of an issue beside the work.
Announced: `message.written`, `note.added`, `ticket.assigned`, `.classified`, `.rated`, `.moved`, `.described`,
`.begun`, `.held`, `.resolved`, `.reopened`, `.closed`, `.merged`, `.filled`, `.snoozed`, `.woken`, `task.added`,
`.done`, `.due` and others, `time.booked`, `.struck`, `call.logged`, `remedy.given`.

Each week some coded tickets are drawn (`drawing.py`), coded again blind, and settled by a third person where two
differ (`services/readings.py`); announced as `sample.drawn`, `reading.done`, `.settled`, `.lapsed`, `ticket.uncoded`.

Around the work: fields of the desk's own (`services/own_fields.py`), tasks and checklists (`checklists/`), time
(`timekeeping/`), calls (`calls/`), and tickets put off until later (`snoozing/`). `services/solving.py` says what
must be done first.

`transitions.py` says which act is possible in which state; `query.py` reads the queue's search box; `queries.py`
gives each page all that it shows. Delivering a reply is the next point's work: it hears of `message.written`.
"""
