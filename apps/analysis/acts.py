"""What can be done with a case: for each act its form, the one service behind it, and who is shown its button.

Page, owner's link and API read this table, so that they offer the same things and refuse the same things; the
services refuse on their own whatever else is tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.analysis import cause_forms, evidence_forms, forms, services
from apps.analysis.deadlines import today
from apps.analysis.forms_ownership import RouteForm
from apps.analysis.models import Case, CaseState, CauseState
from apps.analysis.models.case_states import BEFORE_THE_FIX, OPEN_STATES
from apps.analysis.notice_forms import NoticeForm
from apps.analysis.trackers import services as trackers
from apps.analysis.trackers.forms import CreateInTrackerForm, LinkToTrackerForm, UnlinkForm
from helpdesk.marked import Marked
from helpdesk.models import User
from helpdesk.permissions import may

DONE = _("Done.")


@dataclass(frozen=True)
class Act:
    """`states`: where its button shows; `verb`: whose button it is, "" for the owner's; `inline`: it stands beside
    the row it is about, and not among the buttons of the page."""

    name: str
    label: Marked
    form: type[forms.CaseForm]
    service: Callable[..., Any]
    states: tuple[str, ...]
    verb: str = ""
    inline: bool = False
    about_case: bool = True
    done: Marked = DONE

    def perform(self, *, case: Case, by: User, at: datetime, **given: Any) -> Any:
        target = {"case": case} if self.about_case else {}
        return self.service(**target, **given, by=by, at=at)


WORK = (CaseState.INVESTIGATING, CaseState.PLANNING)
ACTS = {
    act.name: act
    for act in (
        # The owner's answer
        Act("accept", _("Accept"), forms.AcceptForm, services.accept_case, (CaseState.ROUTED,),
            done=_("Accepted: it is yours now.")),
        Act("reject", _("Not ours"), forms.RejectForm, services.reject_case, (CaseState.ROUTED,), done=_("Sent back.")),
        Act("ask", _("Need information"), forms.AskForm, services.need_information, (CaseState.ROUTED,),
            done=_("Your question is on its way.")),
        Act("fixed", _("Already fixed"), forms.FixedForm, services.already_fixed,
            (CaseState.ROUTED, CaseState.INVESTIGATING), done=_("Noted. It will be measured.")),
        Act("risk", _("Accept the risk"), forms.RiskForm, services.accept_risk,
            (CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING, CaseState.CLOSED),
            done=_("Closed: the risk is accepted.")),
        # The approver's
        Act("confirm-risk", _("I accept the risk"), forms.NothingForm, services.confirm_risk, (CaseState.CLOSED,),
            done=_("Noted: it is accepted in your name.")),
        Act("refuse-risk", _("I do not accept it"), forms.RefuseRiskForm, services.refuse_risk, (CaseState.CLOSED,),
            done=_("Noted: the case is assessed again.")),
        # The owner's work
        Act("add-cause", _("Add a cause"), cause_forms.CauseForm, services.add_cause, WORK, done=_("Added.")),
        Act("move-cause", _("Move"), cause_forms.MoveCauseForm, services.move_cause, WORK, inline=True,
            about_case=False, done=_("Moved.")),
        Act("judge-cause", _("Judge"), cause_forms.JudgeCauseForm, services.judge_cause, WORK, inline=True,
            about_case=False, done=_("Noted.")),
        Act("predict-place", _("Where it must be"), cause_forms.PredictPlaceForm, services.predict_place, WORK,
            inline=True, about_case=False, done=_("The tickets were asked: what they say stands with the cause.")),
        Act("predict-day", _("When it must have begun"), cause_forms.PredictDayForm, services.predict_day, WORK,
            inline=True, about_case=False, done=_("The tickets were asked: what they say stands with the cause.")),
        Act("try-again", _("Ask again"), cause_forms.TryAgainForm, services.try_again, WORK, inline=True,
            about_case=False, done=_("The tickets were asked again.")),
        Act("plan", _("The cause is known: plan"), forms.NothingForm, services.begin_planning,
            (CaseState.INVESTIGATING,), done=_("Now: what will be done about it?")),
        Act("add-action", _("Add an action"), forms.ActionForm, services.add_action,
            (CaseState.PLANNING, CaseState.FIXING), done=_("Added.")),
        Act("assign-action", _("Assign"), forms.AssignActionForm, services.assign_action,
            (CaseState.PLANNING, CaseState.FIXING), inline=True, about_case=False, done=_("Assigned.")),
        Act("move-action", _("How it stands"), forms.MoveActionForm, services.move_action,
            (CaseState.PLANNING, CaseState.FIXING), inline=True, about_case=False, done=_("Noted.")),
        Act("block-action", _("Blocked"), forms.BlockActionForm, services.block_action,
            (CaseState.PLANNING, CaseState.FIXING), inline=True, about_case=False, done=_("Noted.")),
        Act("change-due", _("Move the day"), forms.DueForm, services.change_due, (CaseState.PLANNING, CaseState.FIXING),
            inline=True, about_case=False, done=_("Moved.")),
        Act("create-in-tracker", _("Create in tracker"), CreateInTrackerForm, trackers.create_in_tracker, OPEN_STATES,
            "analysis.view", inline=True, about_case=False, done=_("It is there within seconds.")),
        Act("link-to-tracker", _("Link existing"), LinkToTrackerForm, trackers.link_to_tracker, OPEN_STATES,
            "analysis.view", inline=True, about_case=False, done=_("Linked. How it stands is asked within minutes.")),
        Act("unlink-from-tracker", _("Unlink"), UnlinkForm, trackers.unlink_from_tracker, OPEN_STATES, "analysis.view",
            inline=True, about_case=False, done=_("Unlinked. Over there it stays as it is.")),
        Act("freeze-plan", _("Freeze the proof and begin"), forms.PlanForm, services.freeze_plan,
            (CaseState.PLANNING,), done=_("Frozen: nobody can change what counts as proof.")),
        Act("spread-action", _("Prevent it there too"), cause_forms.SpreadForm, services.spread_to,
            (CaseState.PLANNING, CaseState.FIXING), inline=True, done=_("Proposed: give it a person and a day.")),
        Act("spread-note", _("Not concerned"), cause_forms.NotConcernedForm, services.note_not_concerned,
            (*WORK, CaseState.FIXING, CaseState.MONITORING), inline=True, done=_("Noted.")),
        Act("exclude", _("Not this issue"), evidence_forms.ExcludeForm, services.exclude_ticket, OPEN_STATES,
            inline=True, about_case=False, done=_("It no longer speaks for this case.")),
        Act("include", _("It is, after all"), evidence_forms.ExcludeForm, services.include_ticket, OPEN_STATES,
            inline=True, about_case=False, done=_("It speaks for this case again.")),
        Act("link-alike", _("This issue"), evidence_forms.AlikeForm, services.link_alike, OPEN_STATES, inline=True,
            done=_("It speaks for this case.")),
        Act("link-by-hand", _("Add a ticket"), evidence_forms.ByHandForm, services.link_by_hand, OPEN_STATES,
            inline=True, done=_("It speaks for this case.")),
        # Managing the case
        Act("assess", _("Assess"), forms.NothingForm, services.assess_case, (CaseState.NEW,), "analysis.case",
            done=_("Counted and weighed: now describe it.")),
        Act("describe", _("Describe"), forms.DescribeForm, services.describe_case,
            (CaseState.NEW, CaseState.ASSESS, CaseState.ROUTED, CaseState.INVESTIGATING), "analysis.case",
            done=_("Saved.")),
        Act("route", _("Route to the owner"), RouteForm, services.route_case, (CaseState.ASSESS, CaseState.ROUTED),
            "analysis.route", done=_("Routed. The owner has a letter and three working days.")),
        Act("withdraw-links", _("Withdraw the letters' links"), forms.NothingForm, services.withdraw_links, OPEN_STATES,
            "analysis.route", done=_("No link in a letter about it opens it any more.")),
        Act("measure", _("Measure the claimed fix"), forms.PlanForm, services.freeze_plan, (CaseState.ASSESS,),
            "analysis.case", done=_("Frozen: it is measured from the day of the fix.")),
        Act("confirm-action", _("Confirm"), forms.ConfirmForm, services.confirm_action, (CaseState.FIXING,),
            "analysis.verify", inline=True, about_case=False, done=_("Noted.")),
        Act("judge", _("Give the verdict"), forms.NothingForm, services.judge_case, (CaseState.MONITORING,),
            "analysis.verify", done=_("The verdict stands below.")),
        Act("tell", _("Customers are told"), forms.TellForm, services.tell_customers,
            (CaseState.FIXING, CaseState.MONITORING), "analysis.case", done=_("Noted.")),
        Act("workaround", _("Workaround"), forms.WorkaroundForm, services.publish_workaround, OPEN_STATES,
            "analysis.case", done=_("Agents see it on every ticket with this issue.")),
        Act("publish-notice", _("Tell all customers: we know"), NoticeForm, services.publish_case_notice,
            OPEN_STATES, "analysis.case", done=_("Customers read it on the pages for help.")),
        Act("withdraw-notice", _("Withdraw the notice"), forms.NothingForm, services.withdraw_case_notice, OPEN_STATES,
            "analysis.case", done=_("Customers read it no longer.")),
        Act("hold", _("Put on hold"), forms.HoldForm, services.hold_case,
            tuple(state for state in OPEN_STATES if state != CaseState.ON_HOLD), "analysis.case", done=_("On hold.")),
        Act("resume", _("Take it up again"), forms.NothingForm, services.resume_case, (CaseState.ON_HOLD,),
            "analysis.case", done=_("It goes on.")),
        Act("close", _("Close without a fix"), forms.CloseForm, services.close_case, BEFORE_THE_FIX, "analysis.case",
            done=_("Closed.")),
    )
}  # fmt: skip
IN_TRACKERS = frozenset({"create-in-tracker", "link-to-tracker", "unlink-from-tracker"})
FROM_A_LINK = frozenset(act.name for act in ACTS.values() if not act.verb)


def next_act(case: Case, *, at: datetime) -> str:
    """The name of the act that brings a case on from where it stands; "" where that is not for a button here to do:
    while actions are carried out, and until the decision date."""
    match case.state:
        case CaseState.NEW:
            return "assess"
        case CaseState.ASSESS if case.fixed_on:
            return "measure"
        case CaseState.ASSESS:
            return "route" if case.statement else "describe"
        case CaseState.ROUTED:
            return "accept"
        case CaseState.INVESTIGATING:
            return "plan" if case.causes.filter(state=CauseState.VERIFIED).exists() else "add-cause"
        case CaseState.PLANNING:
            return "freeze-plan" if case.actions.exists() else "add-action"
        case CaseState.MONITORING if case.decision_on and case.decision_on <= today(at):
            return "judge"
        case CaseState.ON_HOLD:
            return "resume"
    return ""


def acts_for(case: Case, user: User, *, by_link: bool = False) -> list[Act]:
    """The acts this person can choose now, in the order of the table."""
    return [
        act for act in ACTS.values() if case.state in act.states and _is_offered(act, case, user, by_link)
    ]


def _is_offered(act: Act, case: Case, user: User, by_link: bool) -> bool:
    if act.name in IN_TRACKERS and not (case.is_owned_by(user) or may(user, "analysis.case")):
        return False
    if act.name == "measure" and case.fixed_on is None:
        return False
    if act.name == "risk" and case.state == CaseState.CLOSED and not case.is_risk_accepted:
        return False
    if act.name == "withdraw-links" and case.routed_at is None:
        return False
    if act.name == "judge" and not case.plans.filter(verdict=None).exists():
        return False
    if act.name in {"confirm-risk", "refuse-risk"}:
        theirs = user.pk == case.risk_approved_by_id or may(user, "helpdesk.configure")
        return case.waits_for_approver and theirs
    if act.name == "withdraw-notice" and (by_link or case.said_notice is None):
        return False
    if act.verb:
        return not by_link and may(user, act.verb)
    if act.name in {"move-action", "block-action"} and case.asks_of(user):
        return True
    works = case.is_owned_by(user) and may(user, "analysis.own")
    if act.name in {"accept", "reject", "ask", "fixed", "risk"}:
        return works or may(user, "helpdesk.configure")
    return works or may(user, "analysis.case")
