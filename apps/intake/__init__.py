"""Intake: every contact from every channel becomes a ticket that somebody can finish.

Duty: screening (own mail, bounces, automatic replies, spam, duplicates; never dropped silently), logging (identity,
verbatim words, product, when it happened as opposed to when it was reported) and classification (an issue code for each
issue, suggested from the text, settled by a person).

In: the portal form, `POST /api/v1/tickets/`, mail, a phone note by a CSR, CSV or JSON lines in bulk.
Out: a ticket with its first message, or a follow-up on one, or mail in quarantine with its reason.
Announces: `ticket.opened`, `message.received`, `ticket.classified`. Hears: `ticket.opened` (suggests the issue).
Engines, pure: `mail` (read, trim), `screening`, `bounce`, `message_id`, `threading`, `fingerprint`, `suggestion`,
`columns`.
"""
