"""Every write of this point, by use case. Each asks permission, locks what it decides on, and records one event."""

from apps.response.services.answer import NewerMessage, NothingSaid, add_note, reply, take_back
from apps.response.services.carry_guidance import carry_guidance
from apps.response.services.change import change
from apps.response.services.coding import (
    AboveAuthority,
    NotCoded,
    UnusableIssue,
    classify,
    describe,
    give_remedy,
    rate,
)
from apps.response.services.drafts import (
    Composer,
    Read,
    discard_draft,
    forget_settled_drafts,
    keep_file,
    save_draft,
)
from apps.response.services.knowledge import save_guidance
from apps.response.services.merging import (
    CannotMerge,
    CannotUndoMerge,
    NotMerged,
    merge,
    merge_all,
    undo_merge,
)
from apps.response.services.own_fields import fill_in
from apps.response.services.people import NotAssignable, TakenMeanwhile, assign, move
from apps.response.services.play import NotYours, keep, keep_played, let_go, pass_over, take_up_next
from apps.response.services.readings import (
    AlreadyRead,
    NothingToSettle,
    OwnCode,
    draw_readings,
    read_again,
    settle_reading,
)
from apps.response.services.solving import NotReady
from apps.response.services.splitting import CannotSplit, CannotUndoSplit, split, undo_split
from apps.response.services.state import close_settled, deny_thanks, hear, hold, reopen, solve
from apps.response.services.ticket_views import count_views, forget_view, save_view
from apps.response.transitions import NotNow, TicketMerged

__all__ = [
    "AboveAuthority",
    "AlreadyRead",
    "CannotMerge",
    "CannotSplit",
    "CannotUndoMerge",
    "CannotUndoSplit",
    "Composer",
    "NewerMessage",
    "NotAssignable",
    "NotCoded",
    "NotMerged",
    "NotNow",
    "NotReady",
    "NotYours",
    "NothingSaid",
    "NothingToSettle",
    "OwnCode",
    "Read",
    "TakenMeanwhile",
    "TicketMerged",
    "UnusableIssue",
    "add_note",
    "assign",
    "carry_guidance",
    "change",
    "classify",
    "close_settled",
    "count_views",
    "deny_thanks",
    "describe",
    "discard_draft",
    "draw_readings",
    "fill_in",
    "forget_settled_drafts",
    "forget_view",
    "give_remedy",
    "hear",
    "hold",
    "keep",
    "keep_file",
    "keep_played",
    "let_go",
    "merge",
    "merge_all",
    "move",
    "pass_over",
    "rate",
    "read_again",
    "reopen",
    "reply",
    "save_draft",
    "save_guidance",
    "save_view",
    "settle_reading",
    "solve",
    "split",
    "take_back",
    "take_up_next",
    "undo_merge",
    "undo_split",
]
