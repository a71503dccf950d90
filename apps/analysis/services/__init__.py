"""Every write of this point, by use case."""

from apps.analysis.services.access import WrongState
from apps.analysis.services.actions import (
    Blocked,
    SameHands,
    add_action,
    assign_action,
    block_action,
    change_due,
    confirm_action,
    move_action,
)
from apps.analysis.services.answer_case import (
    Decided,
    accept_case,
    accept_risk,
    already_fixed,
    need_information,
    reject_case,
)
from apps.analysis.services.approve_risk import confirm_risk, refuse_risk
from apps.analysis.services.assume import adopt_preset, keep_assumptions, measure_multiplier, set_assumption
from apps.analysis.services.calendar import (
    EntryExists,
    EntryRow,
    add_entry,
    import_entries,
    withdraw_entry,
)
from apps.analysis.services.causes import CauseNotVerified, add_cause, begin_planning, judge_cause, move_cause
from apps.analysis.services.close_case import (
    CustomersNotTold,
    NotProven,
    close_case,
    hold_case,
    publish_workaround,
    resume_case,
    tell_customers,
)
from apps.analysis.services.count_days import count_days, count_series, mark_days
from apps.analysis.services.evidence import (
    cases_to_join,
    exclude_ticket,
    include_ticket,
    join_evidence,
    link_alike,
    link_by_hand,
    link_ticket,
    unlink_ticket,
)
from apps.analysis.services.expire_risk import mind_risk
from apps.analysis.services.find_emerging import find_emerging
from apps.analysis.services.find_signals import find_signals
from apps.analysis.services.freeze_plan import (
    HardToProve,
    NoBaseline,
    NoWork,
    Prospect,
    WeakOnly,
    freeze_plan,
    prospect_of,
)
from apps.analysis.services.hear_customers import ask_customers, hear_customer
from apps.analysis.services.hypotheses import (
    NothingToTest,
    predict_day,
    predict_place,
    try_again,
)
from apps.analysis.services.judge_case import TooEarly, due_cases, judge_case, judge_due_cases
from apps.analysis.services.judge_signal import (
    AlreadyJudged,
    dismiss_signal,
    merge_signal,
    merge_signals,
    promote_signal,
    snooze_signal,
)
from apps.analysis.services.known_issues import (
    Followed,
    FollowedAlready,
    NothingSaid,
    NoticeEnded,
    follow_known_issue,
    publish_case_notice,
    withdraw_case_notice,
)
from apps.analysis.services.look_at_today import look_at_today
from apps.analysis.services.mail_views import mail_views
from apps.analysis.services.notify import (
    LinkExpired,
    NotYourLink,
    link_by_key,
    make_link,
    revoke_links,
    withdraw_links,
)
from apps.analysis.services.open_case import assess_case, flag_case, open_case, weigh_money
from apps.analysis.services.ownership import RuleExists, add_ownership_rule, remove_ownership_rule
from apps.analysis.services.record_exposure import (
    ExposureRow,
    FaultyRows,
    import_exposure,
    record_exposure,
)
from apps.analysis.services.remind_owners import remind_owner, remind_owners
from apps.analysis.services.route_case import NobodyOwnsIt, NotReady, describe_case, route_case
from apps.analysis.services.run_analysis import run_analysis
from apps.analysis.services.run_in_pieces import (
    Pieces,
    ask_for_run,
    lay_out_run,
    look_at_block,
    take_up_runs,
)
from apps.analysis.services.saved_views import forget_view, mail_view, save_view, share_view
from apps.analysis.services.seal_plan import PlanTampered
from apps.analysis.services.spread import note_not_concerned, spread_to
from apps.analysis.services.stand_in import cases_to_cover, cover_case
from apps.analysis.services.watch import proven_cases, watch_proven
from apps.analysis.services.work_limit import set_work_limit
from apps.analysis.services.workaround import NoWorkaround, use_workaround

__all__ = [
    "AlreadyJudged",
    "Blocked",
    "CauseNotVerified",
    "CustomersNotTold",
    "Decided",
    "EntryExists",
    "EntryRow",
    "ExposureRow",
    "FaultyRows",
    "Followed",
    "FollowedAlready",
    "HardToProve",
    "LinkExpired",
    "NoBaseline",
    "NoWork",
    "NoWorkaround",
    "NobodyOwnsIt",
    "NotProven",
    "NotReady",
    "NotYourLink",
    "NothingSaid",
    "NothingToTest",
    "NoticeEnded",
    "Pieces",
    "PlanTampered",
    "Prospect",
    "RuleExists",
    "SameHands",
    "TooEarly",
    "WeakOnly",
    "WrongState",
    "accept_case",
    "accept_risk",
    "add_action",
    "add_cause",
    "add_entry",
    "add_ownership_rule",
    "adopt_preset",
    "already_fixed",
    "ask_customers",
    "ask_for_run",
    "assess_case",
    "assign_action",
    "begin_planning",
    "block_action",
    "cases_to_cover",
    "cases_to_join",
    "change_due",
    "close_case",
    "confirm_action",
    "confirm_risk",
    "count_days",
    "count_series",
    "cover_case",
    "describe_case",
    "dismiss_signal",
    "due_cases",
    "exclude_ticket",
    "find_emerging",
    "find_signals",
    "flag_case",
    "follow_known_issue",
    "forget_view",
    "freeze_plan",
    "hear_customer",
    "hold_case",
    "import_entries",
    "import_exposure",
    "include_ticket",
    "join_evidence",
    "judge_case",
    "judge_cause",
    "judge_due_cases",
    "keep_assumptions",
    "lay_out_run",
    "link_alike",
    "link_by_hand",
    "link_by_key",
    "link_ticket",
    "look_at_block",
    "look_at_today",
    "mail_view",
    "mail_views",
    "make_link",
    "mark_days",
    "measure_multiplier",
    "merge_signal",
    "merge_signals",
    "mind_risk",
    "move_action",
    "move_cause",
    "need_information",
    "note_not_concerned",
    "open_case",
    "predict_day",
    "predict_place",
    "promote_signal",
    "prospect_of",
    "proven_cases",
    "publish_case_notice",
    "publish_workaround",
    "record_exposure",
    "refuse_risk",
    "reject_case",
    "remind_owner",
    "remind_owners",
    "remove_ownership_rule",
    "resume_case",
    "revoke_links",
    "route_case",
    "run_analysis",
    "save_view",
    "set_assumption",
    "set_work_limit",
    "share_view",
    "snooze_signal",
    "spread_to",
    "take_up_runs",
    "tell_customers",
    "try_again",
    "unlink_ticket",
    "use_workaround",
    "watch_proven",
    "weigh_money",
    "withdraw_case_notice",
    "withdraw_entry",
    "withdraw_links",
]
