"""Every write of control, by use case."""

from apps.control.services.asking import draw_surveys, set_ask_limits, set_ask_rule, withdraw_ask_rule
from apps.control.services.clocks import (
    AGAIN,
    cancel_clocks,
    meet_clocks,
    pause_clocks,
    restart_clocks,
    resume_clocks,
    start_clocks,
    stop_clocks,
    unmeet_clocks,
)
from apps.control.services.defaults import lay_out_defaults
from apps.control.services.referrals import (
    ReferralAnswered,
    ReferralClosed,
    ReferralOpen,
    answer_referral,
    close_referral,
    refer,
)
from apps.control.services.surveys import (
    FollowedUp,
    SurveyClosed,
    answer_survey,
    finish_follow_up,
    plan_survey,
    send_due_surveys,
)
from apps.control.services.tick import tick

__all__ = [
    "AGAIN",
    "FollowedUp",
    "ReferralAnswered",
    "ReferralClosed",
    "ReferralOpen",
    "SurveyClosed",
    "answer_referral",
    "answer_survey",
    "cancel_clocks",
    "close_referral",
    "draw_surveys",
    "finish_follow_up",
    "lay_out_defaults",
    "meet_clocks",
    "pause_clocks",
    "plan_survey",
    "refer",
    "restart_clocks",
    "resume_clocks",
    "send_due_surveys",
    "set_ask_limits",
    "set_ask_rule",
    "start_clocks",
    "stop_clocks",
    "tick",
    "unmeet_clocks",
    "withdraw_ask_rule",
]
