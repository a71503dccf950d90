"""The company's root-cause cases, step by step through the services, each on its day: what they guard is guarded here."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from apps.analysis import services as analysis
from apps.analysis.models import (
    Action,
    ActionState,
    Case,
    CaseState,
    Cause,
    CauseState,
    Signal,
)
from apps.analysis.models.case_notice import WORDS
from config.demo import company, diary, planned
from config.demo.load import waves
from config.demo.load.house import House
from config.demo.load.step import Step
from config.demo.planned import PlannedCase, Rejection
from config.demo.rows import World
from helpdesk import events
from helpdesk.models import Ticket, User

WEEKS_BEFORE = 8
CHART_WEEKS = 26
LEAST_PAST = timedelta(days=42)


def steps(world: World, house: House) -> list[Step]:
    """Every step of every case that has enough of a past in this world to be told."""
    told = [planned for planned in world.cases if _has_a_past(world, planned)]
    return [step for planned in told for step in Teller(world, house, planned).steps()]


def _has_a_past(world: World, planned: PlannedCase) -> bool:
    """A proof needs a baseline: some weeks, and some tickets in them. Short and small worlds lack the older cases'."""
    first = world.start + LEAST_PAST
    before = datetime.combine(planned.detected_from, time(), ZoneInfo(company.TIME_ZONE))
    since = before - timedelta(days=7 * diary.BASELINE_WEEKS)
    return planned.detected_from >= first and any(
        planned.issue_code in ticket.issues for ticket in world.tickets if since <= ticket.opened_at < before
    )


class Teller:
    """Tells one planned case. Its steps share the rows the earlier ones made."""

    def __init__(self, world: World, house: House, planned: PlannedCase) -> None:
        self.world, self.house, self.planned = world, house, planned
        self.opener = house.people[planned.opened_by]
        self.owner = house.people[planned.owner]
        self.verifier = house.people[planned.verifier]
        self.numbers: dict[str, int] = {}

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.numbers["case"])

    def steps(self) -> Iterator[Step]:
        planned = self.planned
        if planned.state == CaseState.NEW:
            yield _step(planned.opened_on, "13:20", self.flag)
            return
        yield _step(planned.opened_on, "09:30", self.open)
        yield _step(planned.opened_on, "11:10", self.describe, reads=False)
        for number, rejection in enumerate(planned.rejections):
            yield _step(rejection.on, "08:40", partial(self.route_to, rejection.department))
            yield _step(rejection.on, f"15:{20 + number}", partial(self.reject, rejection), reads=False)
        yield _step(planned.routed_on, "10:15", partial(self.route_to, planned.department))
        if planned.accepted_on:
            yield _step(planned.accepted_on, "14:05", self.accept, reads=False)
        for cause in planned.causes:
            yield _step(cause.verified_on, "16:00", partial(self.find_cause, cause), reads=False)
        if planned.workaround and planned.accepted_on:
            yield _step(planned.accepted_on, "17:10", self.tell_agents, reads=False)
        if planned.notice and planned.accepted_on:
            yield _step(planned.accepted_on, "17:20", self.tell_customers, reads=False)
        if planned.planning_on:
            yield _step(planned.planning_on, "10:00", self.plan, reads=False)
        if planned.ending:
            yield _step(planned.ending.on, "11:45", partial(self.rest, planned.ending), reads=False)
        if planned.plan:
            yield _step(planned.plan.frozen_on, "10:00", self.plan, reads=False)
            yield _step(planned.plan.frozen_on, "15:30", self.freeze)
        yield from self.work()

    def work(self) -> Iterator[Step]:
        for place, action in enumerate(self.planned.actions):
            if action.implemented_on:
                yield _step(
                    action.implemented_on, f"12:{10 + place}", partial(self.implement, place), reads=False
                )
            if action.confirmed_on:
                yield _step(action.confirmed_on, f"16:{30 + place}", partial(self.confirm, place))
        if self.planned.heard:
            yield _step(self.planned.heard.on, "10:30", partial(self.ask, self.planned.heard), reads=False)

    def open(self, at: datetime) -> None:
        signal = _signal(self.world, self.house, self.planned, at)
        title = self.planned.title
        case = analysis.open_case(title=title, signals=[signal], by=self.opener, at=at)
        self.numbers["case"] = case.pk

    def flag(self, at: datetime) -> None:
        seen = Ticket.objects.filter(primary_issue__code=self.planned.issue_code, opened_at__lt=at)
        ticket = seen.latest("opened_at")
        analysis.flag_case(ticket=ticket, title=self.planned.title, by=self.opener, at=at)

    def describe(self, at: datetime) -> None:
        planned = self.planned
        analysis.describe_case(
            case=self.case, title=planned.title, statement=planned.statement, is_text=planned.is_text,
            is_not_text=planned.is_not_text, severity=planned.severity, by=self.opener, at=at,
        )  # fmt: skip

    def route_to(self, department: str, at: datetime) -> None:
        analysis.route_case(
            case=self.case, department=self.house.departments[department], by=self.verifier, at=at
        )

    def reject(self, rejection: Rejection, at: datetime) -> None:
        analysis.reject_case(
            case=self.case, reason=rejection.reason, note=rejection.explanation,
            propose=self.house.departments[rejection.proposed], by=self.house.people[rejection.by], at=at,
        )  # fmt: skip

    def accept(self, at: datetime) -> None:
        analysis.accept_case(case=self.case, by=self.owner, at=at)

    def find_cause(self, found: planned.Cause, at: datetime) -> None:
        cause = analysis.add_cause(
            case=self.case, text=found.text, path=found.asks, cause_class=found.cause_class, by=self.owner, at=at
        )  # fmt: skip
        analysis.judge_cause(
            cause=cause, state=CauseState.VERIFIED, evidence=found.evidence, by=self.owner, at=at
        )

    def plan(self, at: datetime) -> None:
        analysis.begin_planning(case=self.case, by=self.owner, at=at)
        why = Cause.objects.filter(case=self.case).first()
        cut = self.planned.plan.expected_reduction if self.planned.plan else None
        for place, step in enumerate(self.planned.actions):
            action = analysis.add_action(
                case=self.case, title=step.title, kind=step.kind, strength=step.strength, route=step.route,
                assignee=self.house.people[step.assignee], due_on=step.due_on, cause=why, promised_cut=cut,
                by=self.owner, at=at,
            )  # fmt: skip
            self.numbers[f"action {place}"] = action.pk

    def freeze(self, at: datetime) -> None:
        plan = self.planned.plan
        assert plan is not None  # noqa: S101 (a step of a planned case only)
        analysis.freeze_plan(
            case=self.case, expected_cut=plan.expected_reduction, window_days=diary.MONITORING_DAYS,
            second_source=plan.second_source, override=plan.weak_actions_override, by=self.owner, at=at,
        )  # fmt: skip

    def tell_agents(self, at: datetime) -> None:
        analysis.publish_workaround(case=self.case, workaround=self.planned.workaround, by=self.opener, at=at)

    def tell_customers(self, at: datetime) -> None:
        assert self.planned.notice is not None  # noqa: S101 (a step of a planned case only)
        title, text, meanwhile = self.planned.notice
        german = self.planned.notice_in_german
        analysis.publish_case_notice(
            case=self.case, title=title, text=text, meanwhile=meanwhile, by=self.opener, at=at,
            translations={"de": dict(zip(WORDS, german, strict=True))} if german else None,
        )  # fmt: skip

    def rest(self, ending: planned.Ending, at: datetime) -> None:
        who: dict[str, Any] = {"case": self.case, "at": at}
        if ending.how == "hold" and ending.until:
            analysis.hold_case(**who, reason=ending.words, review_on=ending.until, by=self.opener)
        elif ending.how == "risk" and ending.until:
            analysis.accept_risk(
                **who, approver=self.opener, expires_on=ending.until, note=ending.words, by=self.owner
            )
            analysis.confirm_risk(case=self.case, by=self.opener, at=at + timedelta(hours=1))
        else:
            analysis.close_case(**who, outcome=ending.how, note=ending.words, by=self.opener)

    def implement(self, place: int, at: datetime) -> None:
        action = self._action(place)
        hand = action.assignee or self.owner
        analysis.move_action(action=action, to=ActionState.IN_PROGRESS, by=hand, at=at - timedelta(hours=3))
        analysis.move_action(action=self._action(place), to=ActionState.IMPLEMENTED, by=hand, at=at)

    def confirm(self, place: int, at: datetime) -> None:
        who = self.house.people[self.planned.actions[place].confirmed_by or self.planned.verifier]
        analysis.confirm_action(action=self._action(place), note="Looked at it myself.", by=who, at=at)

    def ask(self, heard: planned.Heard, at: datetime) -> None:
        waves.ask(self.case, heard, by=self.verifier, at=at)

    def _action(self, place: int) -> Action:
        return Action.objects.select_related("case", "assignee").get(pk=self.numbers[f"action {place}"])


def _step(day: date, clock: str, act: Callable[[datetime], object], *, reads: bool = True) -> Step:
    local = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(company.TIME_ZONE))
    return Step(local, act, reads)


def _signal(world: World, house: House, planned: PlannedCase, at: datetime) -> Signal:
    """What the analysis of those days showed: the detection window against the eight weeks before it."""
    issue, zone = house.issues[planned.issue_code], ZoneInfo(company.TIME_ZONE)
    start, end = planned.detected_from, planned.detected_to
    days = [
        ticket.opened_at.astimezone(zone).date()
        for ticket in world.tickets
        if planned.issue_code in ticket.issues
    ]
    length = (end - start).days + 1
    observed = sum(start <= day <= end for day in days)
    before = sum(start - timedelta(weeks=WEEKS_BEFORE) <= day < start for day in days)
    expected = round(max(before * length / (7 * WEEKS_BEFORE), 0.1), 4)
    weekly = [
        float(sum((end - day).days // 7 == week for day in days)) for week in reversed(range(CHART_WEEKS))
    ]
    chronic = planned.signal_kind == "chronic"
    sentence = (
        f"{issue.label} has been among the largest reasons for long: {observed} tickets in {length} days."
        if chronic
        else f"{issue.label} came far more often than usual: {observed} tickets in {length} days, {expected:.0f} were to be"
        " expected."
    )
    signal = Signal.objects.create(
        kind=planned.signal_kind, issue=issue, label=issue.label,
        sentence=sentence,
        detector="the nightly analysis", started_on=start, window_start=start, window_end=end,
        observed=observed, expected=expected, ratio=round(observed / expected, 4),
        excess=round(observed - expected, 4), weekly=weekly, release=house.release, first_seen_on=end, last_seen_on=end,
    )  # fmt: skip
    data = {"kind": signal.kind, "issue": issue.pk, "label": signal.label}
    by: User = house.system
    events.record("signal.raised", about=f"signal:{signal.pk}", by=by, at=at - timedelta(hours=6), data=data)
    return signal
