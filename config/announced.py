"""What programs of others may be told: the noun an event is about, and the function that says what they hear of it.

Which kinds of event are offered stands in config/subscribers.py: those that are owed to `output.announce`. A function
is given the event and the user with whose eyes the other program sees; it returns plain values, or None when that
user may not know of it. Texts of notes are never among them.
"""

ANNOUNCED: dict[str, str] = {
    "ticket": "apps.output.webhooks.documents.ticket",
    "customer": "apps.output.webhooks.documents.customer",
    "organisation": "apps.output.webhooks.documents.organisation",
    "case": "apps.analysis.announced.case",
    "signal": "apps.analysis.announced.signal",
    "assumption": "apps.analysis.announced.assumption",
    "verdict": "apps.analysis.announced.verdict",
}
