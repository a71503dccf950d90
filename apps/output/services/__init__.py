"""Every write of this point, by use case."""

from apps.output.notifications.item import NewsItem, OwnLetter
from apps.output.services.acknowledge import acknowledge
from apps.output.services.approvals import ask_approvers, tell_of_approval
from apps.output.services.deliver import NotFailed, TooLate, deliver, retry, send_notice, undo
from apps.output.services.failures import note_bounce, note_failure
from apps.output.services.news import send_news
from apps.output.services.notify import choose, forget_old, inform, read, see, unread
from apps.output.services.remind import remind, remind_of_task, tell_colleague, tell_of_rule, tell_of_task
from apps.output.services.send_due import send_due
from apps.output.services.send_side import send_side, undo_side
from apps.output.services.tell import tell_assignee, tell_followers, tell_held, tell_mentioned, tell_side

__all__ = [
    "NewsItem",
    "NotFailed",
    "OwnLetter",
    "TooLate",
    "acknowledge",
    "ask_approvers",
    "choose",
    "deliver",
    "forget_old",
    "inform",
    "note_bounce",
    "note_failure",
    "read",
    "remind",
    "remind_of_task",
    "retry",
    "see",
    "send_due",
    "send_news",
    "send_notice",
    "send_side",
    "tell_assignee",
    "tell_colleague",
    "tell_followers",
    "tell_held",
    "tell_mentioned",
    "tell_of_approval",
    "tell_of_rule",
    "tell_of_task",
    "tell_side",
    "undo",
    "undo_side",
    "unread",
]
