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

__all__ = [
    "FixNotProven",
    "NoticePublished",
    "NoticeWithdrawn",
    "edit_notice",
    "publish_fix",
    "publish_notice",
    "send_digests",
    "take_back_fix",
    "withdraw_notice",
]
