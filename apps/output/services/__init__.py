"""Every write of this point, by use case."""

from apps.output.services.acknowledge import acknowledge
from apps.output.services.approvals import ask_approvers, tell_of_approval
from apps.output.services.deliver import NotFailed, TooLate, deliver, retry, send_notice, undo
from apps.output.services.failures import note_bounce, note_failure
from apps.output.services.remind import remind, remind_of_task, tell_colleague, tell_of_rule
from apps.output.services.send_due import send_due
from apps.output.services.send_side import send_side
from apps.output.services.tell import tell_followers, tell_held, tell_mentioned, tell_side

__all__ = [
    "NotFailed",
    "TooLate",
    "acknowledge",
    "ask_approvers",
    "deliver",
    "note_bounce",
    "note_failure",
    "remind",
    "remind_of_task",
    "retry",
    "send_due",
    "send_notice",
    "send_side",
    "tell_colleague",
    "tell_followers",
    "tell_held",
    "tell_mentioned",
    "tell_of_approval",
    "tell_of_rule",
    "tell_side",
    "undo",
]
