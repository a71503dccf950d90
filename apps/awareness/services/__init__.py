"""Every write of awareness, by use case."""

from apps.awareness.services.digests import send_digests
from apps.awareness.services.notices import (
    FixNotProven,
    NoticePublished,
    NoticeWithdrawn,
    edit_notice,
    publish_fix,
    publish_notice,
    take_back_fix,
    withdraw_notice,
)
from apps.awareness.services.reports import (
    NobodyToSendTo,
    make_report,
    send_due_report,
    send_report,
    set_recipients,
)

__all__ = [
    "FixNotProven",
    "NobodyToSendTo",
    "NoticePublished",
    "NoticeWithdrawn",
    "edit_notice",
    "make_report",
    "publish_fix",
    "publish_notice",
    "send_digests",
    "send_due_report",
    "send_report",
    "set_recipients",
    "take_back_fix",
    "withdraw_notice",
]
