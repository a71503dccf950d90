"""What is done about outside trackers, by use case."""

from apps.analysis.trackers.services.connect import (
    VERB,
    TrackerAway,
    TrackerShown,
    add_tracker,
    change_tracker,
    new_hook_secret,
    switch_tracker,
    try_tracker,
)
from apps.analysis.trackers.services.errands import due_errands, run_errand
from apps.analysis.trackers.services.hear import (
    forget_old_news,
    hear,
    look_at_item,
    mind_item,
    stale_items,
)
from apps.analysis.trackers.services.link import (
    AlreadyLinked,
    NotLinked,
    create_in_tracker,
    link_to_tracker,
    tell_tracker,
    unlink_from_tracker,
)

__all__ = [
    "VERB",
    "AlreadyLinked",
    "NotLinked",
    "TrackerAway",
    "TrackerShown",
    "add_tracker",
    "change_tracker",
    "create_in_tracker",
    "due_errands",
    "forget_old_news",
    "hear",
    "link_to_tracker",
    "look_at_item",
    "mind_item",
    "new_hook_secret",
    "run_errand",
    "stale_items",
    "switch_tracker",
    "tell_tracker",
    "try_tracker",
    "unlink_from_tracker",
]
