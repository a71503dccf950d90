"""The point output: what is said leaves the house, and what was said is found again.

In: `message.written` (delivered to the customer), `ticket.opened` (acknowledged), `mail.bounced`; notices that points
further right ask for with `services.send_notice`.
Out: mail, through an outbox: one `Delivery` row a letter, with a frozen envelope, a state and its retries.
Announced: `delivery.sent`, `delivery.failed`. A reply can be taken back while it is held (`services.undo`).

`mailing.py` makes the letter, `transport.py` is the only file that talks to a mail server, `sink.py` writes letters
into a folder instead. `queries.search` looks through everything; `highlight.py` shows where.
`webhooks/` tells programs of others what happens: whatever is owed to `output.announce`, signed, with its own outbox.
Only `Message` rows are ever sent: nothing here reads the bodies of `Note`, except the search of staff.
"""
