"""Lists of cases: the board, and what waits for one person."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.analysis.deadlines import today
from apps.analysis.models import Action, ActionState, Case, CaseState, CaseTicket, Outcome, Reminder, Step
from apps.analysis.models.action import STILL_TO_DO
from apps.analysis.models.case import CaseQuerySet
from apps.analysis.provenance import Provenance
from apps.analysis.queries.origins import of_money
from apps.control.queries import referrals_for
from apps.output.articles.queries import title_of
from apps.output.articles.queries_parts import questions_for
from apps.response.queries.remedies import approvals_waiting
from helpdesk.models import Department, User
from helpdesk.permissions import may

COLUMNS = (
    CaseState.NEW, CaseState.ASSESS, CaseState.ROUTED, CaseState.INVESTIGATING, CaseState.PLANNING, CaseState.FIXING,
    CaseState.MONITORING, CaseState.ON_HOLD, CaseState.CLOSED,
)  # fmt: skip
CLOSED_SHOWN = 12
FOUND = 10
AGEING = timedelta(days=60)
RISK_ENDS = timedelta(days=7)

# The number of a case, and where its money comes from.
Origins = list[tuple[str, Provenance]]


@dataclass(frozen=True)
class Card:
    """One case on the board."""

    case: Case
    tickets: int
    is_overdue: bool
    is_ageing: bool


@dataclass(frozen=True)
class Column:
    """One state and its cases by money at risk, which is never summed: one customer may have several issues."""

    state: CaseState
    cards: tuple[Card, ...]


def board(user: User, *, at: datetime, department: Department | None = None) -> list[Column]:
    """Every open case this person may see, and the last few closed ones; two queries."""
    cases = _with_counts(Case.objects.visible_to(user)).by_money()
    if department is not None:
        cases = cases.filter(owner_department=department)
    closed = cases.filter(state=CaseState.CLOSED).order_by("-closed_at")[:CLOSED_SHOWN]
    found = [*cases.open(), *closed]
    return [
        Column(state, tuple(_card(case, at) for case in found if case.state == state)) for state in COLUMNS
    ]


def _with_counts(cases: CaseQuerySet) -> Any:
    # Counted for each case by itself: joined and grouped, a hundred thousand rows would be sorted.
    evidence = CaseTicket.objects.filter(case=OuterRef("pk"), excluded_at=None).order_by().values("case")
    counted = Coalesce(Subquery(evidence.annotate(n=Count("pk")).values("n")), 0)
    related = ("owner", "owner_department", "issue", "release")
    return cases.select_related(*related).annotate(tickets_count=counted)


def _card(case: Case, at: datetime) -> Card:
    old = at - case.opened_at > AGEING and case.state not in (CaseState.MONITORING, CaseState.CLOSED)
    return Card(case, getattr(case, "tickets_count", 0), case.is_overdue(today(at)), old)


def case_number(text: object) -> int | None:
    """What RC-31, #31 and 31 mean; None for other words."""
    found = re.fullmatch(r"\s*(?:rc-?|#)?(\d{1,9})\s*", str(text), re.IGNORECASE | re.ASCII)
    return int(found[1]) if found else None


def found_cases(user: User, text: str) -> list[Case]:
    """Cases by number (“RC-31”) or by words of their title and statement; the latest first."""
    text = text.strip()
    if number := case_number(text):
        wanted = Q(pk=number)
    elif text:
        wanted = Q(title__icontains=text) | Q(statement__icontains=text)
    else:
        return []
    return list(Case.objects.visible_to(user).filter(wanted).order_by("-id")[:FOUND])


class NeedKind(StrEnum):
    """What is wanted of somebody, for programs; people read the verb."""

    ANSWER_CASE = "answer_case"
    FIND_CAUSE = "find_cause"
    PLAN_FIX = "plan_fix"
    SEE_THROUGH = "see_through"
    CONFIRM_RISK = "confirm_risk"
    LOOK_AT_RISK = "look_at_risk"
    DO_ACTION = "do_action"
    CONFIRM_ACTION = "confirm_action"
    ANSWER_REFERRAL = "answer_referral"
    DECIDE_APPROVAL = "decide_approval"
    SEE_TO_OWNER = "see_to_owner"
    SEE_TO_ACTION = "see_to_action"
    ASSESS_CASE = "assess_case"
    ROUTE_CASE = "route_case"
    DECIDE_OWNER = "decide_owner"
    RISK_RAN_OUT = "risk_ran_out"
    ANSWER_QUESTION = "answer_question"
    JUDGE_CASE = "judge_case"
    LOOK_AGAIN = "look_again"
    SAY_PARTS = "say_parts"


@dataclass(frozen=True)
class Need:
    """One thing that waits for a person: do this, about that, by then, this large."""

    kind: NeedKind
    verb: str
    object: str
    url: str
    due: date | None
    money: Decimal | None
    is_overdue: bool
    number: str = ""
    # Whose money it is.
    case: Case | None = None

    @property
    def place(self) -> str:
        """Where it stands among all: by its day, then the dearest first; words that sort, and no two alike."""
        cents = CENTS_AT_MOST - int((self.money or 0) * 100)
        return f"{self.due or date.max} {cents:016d} {self.kind} {self.url}"


CENTS_AT_MOST = 10**15
OWNER_VERBS = {
    CaseState.ROUTED: (NeedKind.ANSWER_CASE, pgettext_lazy("act", "Answer")),
    CaseState.INVESTIGATING: (NeedKind.FIND_CAUSE, _("Find the cause of")),
    CaseState.PLANNING: (NeedKind.PLAN_FIX, _("Plan the fix of")),
    CaseState.FIXING: (NeedKind.SEE_THROUGH, _("See through")),
}
MANAGER_VERBS = {
    CaseState.NEW: (NeedKind.ASSESS_CASE, _("Assess")),
    CaseState.ASSESS: (NeedKind.ROUTE_CASE, _("Describe and route")),
}


def needs_of(user: User, *, at: datetime) -> list[Need]:
    """What waits for this person, the most urgent first; a fixed number of queries."""
    now = today(at)
    needs = [
        *_owned(user, now),
        *_risks(user, now),
        *_actions(user, now),
        *_asked(user),
        *_to_approve(user, at),
        *_carried_up(user, now),
        *_of_articles(user),
    ]
    if may(user, "analysis.case"):
        needs += _to_manage(user, now)
    return sorted(needs, key=lambda need: need.place)


def money_from(cases: Iterable[Case]) -> Origins:
    """Where the money at risk of these cases comes from, each once, the latest case first; one query."""
    rows = {case.pk: case for case in cases}
    found = of_money(rows.values())
    return [(rows[pk].number, found[pk]) for pk in sorted(found, reverse=True)]


def _owned(user: User, now: date) -> Iterable[Need]:
    mine = Case.objects.filter(_answered_by(user), state__in=OWNER_VERBS)
    for case in mine.select_related("release").distinct():
        kind, verb = OWNER_VERBS[CaseState(case.state)]
        yield _need(kind, str(verb), case, now)


def _answered_by(user: User) -> Q:
    return Q(owner=user) | Q(deputy=user) | Q(stand_in=user) | Q(owner_department__head=user)


def _risks(user: User, now: date) -> Iterable[Need]:
    """The risks this person is said to accept, and those they accepted, or answer for, that run out in a week."""
    asked = Q(state=CaseState.CLOSED, outcome=Outcome.RISK_ACCEPTED, risk_confirmed_at=None)
    for case in Case.objects.filter(asked, risk_approved_by=user).select_related("release"):
        yield _need(NeedKind.CONFIRM_RISK, gettext("Say whether you accept the risk of"), case, now)
    theirs = _answered_by(user) | Q(risk_approved_by=user)
    ending = Q(
        state=CaseState.CLOSED,
        outcome=Outcome.RISK_ACCEPTED,
        risk_confirmed_at__isnull=False,
        risk_expires_on__range=(now, now + RISK_ENDS),
    )
    for case in Case.objects.filter(theirs, ending).select_related("release").distinct():
        need = _need(NeedKind.LOOK_AT_RISK, gettext("Is it still acceptable:"), case, now)
        yield replace(need, due=case.risk_expires_on)


def _to_approve(user: User, at: datetime) -> Iterable[Need]:
    """What colleagues may not give alone, until when they need to know, and how much it is."""
    for row in approvals_waiting(user):
        what = row.offer.words if row.offer else row.get_remedy_display()
        yield Need(
            kind=NeedKind.DECIDE_APPROVAL,
            verb=gettext("Decide on"),
            object=gettext("%(what)s for %(customer)s") % {"what": what, "customer": row.ticket.customer},
            url=reverse("approval", kwargs={"pk": row.pk}),
            due=today(row.until),
            money=row.amount,
            is_overdue=row.until < at,
            number=f"#{row.ticket_id}",
        )


def _carried_up(user: User, now: date) -> Iterable[Need]:
    """What was carried up to this person as a sponsor, and still is not seen to."""
    rows = Reminder.objects.standing().filter(told=user, step=Step.SPONSOR, case__state__in=OWNER_VERBS)
    theirs = Case.objects.filter(_answered_by(user)).values("pk")
    for row in rows.exclude(case__in=theirs).select_related(
        "case__owner", "case__release", "action__assignee"
    ):
        if row.action is not None:
            verb = gettext("See to it that %(assignee)s does") % {"assignee": row.action.assignee}
            yield _action_need(NeedKind.SEE_TO_ACTION, verb, row.action, row.case, now)
        else:
            verb = gettext("See to it that %(owner)s answers for") % {"owner": row.case.owner}
            yield _need(NeedKind.SEE_TO_OWNER, verb, row.case, now)


def _to_manage(user: User, now: date) -> Iterable[Need]:
    come = Q(state__in=[CaseState.MONITORING, CaseState.ON_HOLD], due_on__lte=now)
    rows = Case.objects.visible_to(user).select_related("release")
    for case in rows.filter(Q(state__in=MANAGER_VERBS) | come | _ran_out(now)):
        yield _need(*_managed(case), case, now)


def _ran_out(now: date) -> Q:
    """An accepted risk whose day has come: brought back already, or within the hour."""
    closed = Q(state=CaseState.CLOSED, outcome=Outcome.RISK_ACCEPTED)
    return (closed | Q(state=CaseState.ASSESS)) & Q(risk_expires_on__lte=now)


def _managed(case: Case) -> tuple[NeedKind, str]:
    if case.needs_arbitration:
        return NeedKind.DECIDE_OWNER, gettext("Decide whose it is:")
    if case.state == CaseState.CLOSED or (case.state == CaseState.ASSESS and case.risk_expires_on):
        return NeedKind.RISK_RAN_OUT, gettext("The accepted risk has run out:")
    if case.state == CaseState.ASSESS and case.question:
        return NeedKind.ANSWER_QUESTION, gettext("Answer the owner's question about")
    if case.state == CaseState.MONITORING:
        return NeedKind.JUDGE_CASE, gettext("Tell the customers of, or judge,")
    kind, verb = MANAGER_VERBS.get(CaseState(case.state), (NeedKind.LOOK_AGAIN, gettext("Look again at")))
    return kind, str(verb)


def decisions_wanted(*, at: datetime) -> list[Need]:
    """What somebody above the owners has to settle, the dearest first: whose a case is that was sent back twice, a
    case on hold whose day has come, and an accepted risk that has run out. One query."""
    now = today(at)
    disputed = Q(needs_arbitration=True) & ~Q(state=CaseState.CLOSED)
    held = Q(state=CaseState.ON_HOLD, due_on__lte=now)
    cases = Case.objects.filter(disputed | held | _ran_out(now)).by_money()
    return [_need(*_managed(case), case, now) for case in cases]


def _need(kind: NeedKind, verb: str, case: Case, now: date) -> Need:
    url, late = reverse("case", kwargs={"number": case.pk}), case.is_overdue(now)
    return Need(kind, verb, case.title, url, case.due_on, case.money_likely, late, case.number, case)


def _actions(user: User, now: date) -> Iterable[Need]:
    rows = Action.objects.filter(
        Q(assignee=user, state__in=STILL_TO_DO) | Q(state=ActionState.IMPLEMENTED)
    ).select_related("case__release")
    for action in rows:
        if action.state != ActionState.IMPLEMENTED:
            yield _action_need(NeedKind.DO_ACTION, gettext("Do"), action, action.case, now)
        elif may(user, "analysis.verify") and user.pk not in {action.assignee_id, action.case.owner_id}:
            verb = gettext("Confirm that it is in place:")
            yield _action_need(NeedKind.CONFIRM_ACTION, verb, action, action.case, now)


def _action_need(kind: NeedKind, verb: str, action: Action, case: Case, now: date) -> Need:
    url = reverse("case", kwargs={"number": case.pk}) + f"#action-{action.pk}"
    late = action.state in STILL_TO_DO and action.due_on is not None and action.due_on < now
    return Need(kind, verb, action.title, url, action.due_on, case.money_likely, late, case.number, case)


def _asked(user: User) -> Iterable[Need]:
    for referral in referrals_for(user):
        url = reverse("referral", kwargs={"number": referral.pk})
        yield Need(
            NeedKind.ANSWER_REFERRAL, gettext("Answer a colleague about"), referral.ticket.subject, url,
            None, None, False, f"#{referral.ticket_id}",
        )  # fmt: skip


def _of_articles(user: User) -> Iterable[Need]:
    """Articles that answer every part of an issue that was split, until somebody says which."""
    for question in questions_for(user):
        url = reverse("article_parts", kwargs={"pk": question.article_id}) + f"?question={question.pk}"
        yield Need(
            NeedKind.SAY_PARTS, gettext("Say which parts of “%(issue)s” it answers:") % {"issue": question.issue.label},
            title_of(question.article), url, None, None, False,
        )  # fmt: skip
