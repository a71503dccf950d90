"""Every write of links: tying and untying tickets, and what a parent does for its children."""

from apps.response.links.services.children import (
    AT_ONCE,
    answer_children,
    answer_waiting_children,
    open_child,
)
from apps.response.links.services.linking import VERB, CannotLink, add_link, remove_link, tie

__all__ = [
    "AT_ONCE",
    "VERB",
    "CannotLink",
    "add_link",
    "answer_children",
    "answer_waiting_children",
    "open_child",
    "remove_link",
    "tie",
]
