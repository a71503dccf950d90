"""What is done about webhooks, by use case."""

from apps.output.webhooks.services.announce import announce
from apps.output.webhooks.services.endpoints import (
    VERB,
    AlreadyThere,
    Shown,
    SwitchedOff,
    add_webhook,
    change_webhook,
    remove_webhook,
    rotate_secret,
    send_test,
    switch_webhook,
)
from apps.output.webhooks.services.send import (
    forget_old_deliveries,
    resend,
    send_to_webhook,
    webhooks_to_serve,
)

__all__ = [
    "VERB",
    "AlreadyThere",
    "Shown",
    "SwitchedOff",
    "add_webhook",
    "announce",
    "change_webhook",
    "forget_old_deliveries",
    "remove_webhook",
    "resend",
    "rotate_secret",
    "send_test",
    "send_to_webhook",
    "switch_webhook",
    "webhooks_to_serve",
]
