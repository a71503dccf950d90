"""The point response: people find out what happened, decide what to do, and answer.

In: tickets that intake opened, and what customers write afterwards (`message.received`, heard by `hear`).
Out: replies, internal notes, codes, assignments and states of the ticket; guidance of an issue beside the work.
Announced: `message.written`, `note.added`, `ticket.assigned`, `.classified`, `.rated`, `.moved`, `.described`,
`.begun`, `.held`, `.resolved`, `.reopened`, `.closed`, `.merged`, `remedy.given`.

Each week some coded tickets are drawn (`drawing.py`), coded again blind, and settled by a third person where two
differ (`services/readings.py`); announced as `sample.drawn`, `reading.done`, `.settled`, `.lapsed`, `ticket.uncoded`.

`transitions.py` says which act is possible in which state; `query.py` reads the queue's search box; `queries.py`
gives each page all that it shows. Delivering a reply is the next point's work: it hears of `message.written`.
"""
