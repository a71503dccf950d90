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
from apps.awareness.services.waves import (
    AnswerClosed,
    NobodyToTell,
    NotADraft,
    NothingToTell,
    WaveStands,
    WaveUnderWay,
    answer_wave,
    draft_wave,
    edit_wave,
    send_waves,
    start_wave,
    stop_wave,
)

__all__ = [
    "AnswerClosed",
    "FixNotProven",
    "NobodyToSendTo",
    "NobodyToTell",
    "NotADraft",
    "NothingToTell",
    "NoticePublished",
    "NoticeWithdrawn",
    "WaveStands",
    "WaveUnderWay",
    "answer_wave",
    "draft_wave",
    "edit_notice",
    "edit_wave",
    "make_report",
    "publish_fix",
    "publish_notice",
    "send_digests",
    "send_due_report",
    "send_report",
    "send_waves",
    "set_recipients",
    "start_wave",
    "stop_wave",
    "take_back_fix",
    "withdraw_notice",
]
