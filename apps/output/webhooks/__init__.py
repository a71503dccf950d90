"""Webhooks: programs of others hear of what happens here, signed after the Standard Webhooks specification.

In: every event whose kind is owed to `output.announce` in config/subscribers.py.
Out: one signed POST to each endpoint that asked for such a kind, if the user it belongs to may know of it.
`services.announce` writes one `WebhookDelivery` for each endpoint that listens, in the event's own delivery;
`services.send` takes one endpoint at a time and sends what is due to it, oldest first. What a document says is the
business of the point that owns the noun: `config/announced.py` names the functions.
"""
