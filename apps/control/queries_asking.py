"""Who would be asked, who was, who answered, and what the answers say of everybody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.control.models import AskLimits, AskRule, Survey
from apps.control.sampling import Candidate, Share, bounds, chances, weighted_share
from helpdesk.models import ContactType, Department, Issue, Outcome, Severity, Ticket
from helpdesk.models.ticket_choices import OPEN_STATUSES

DRY_RUN = 500
SEVERE = (Severity.CRITICAL, Severity.HIGH)


@dataclass(frozen=True)
class Asking:
    """A survey that may be sent, the rule that fits its ticket, and what it is asked by."""

    survey: Survey
    rule: AskRule | None
    candidate: Candidate


@dataclass(frozen=True)
class DryRun:
    """What the rules would have done with the newest solved tickets. `expected` is the sum of chances."""

    solved: int
    no_address: int
    at_rest: int
    always: int
    expected: float
    by_rule: tuple[tuple[AskRule | None, int, float], ...]

    @property
    def would_ask(self) -> int:
        return round(self.expected)


@dataclass(frozen=True)
class Heard:
    """Of the tickets a department solved: who was asked and answered, and the share that is satisfied."""

    department: Department | None
    solved: int = 0
    asked: int = 0
    answered: int = 0
    satisfied: Share = field(default_factory=lambda: weighted_share([]))
    settled: Share = field(default_factory=lambda: weighted_share([]))
    recommend: Share = field(default_factory=lambda: weighted_share([]))

    @property
    def responded(self) -> float | None:
        return self.answered / self.asked if self.asked else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The satisfied share if none, and if all, of the silent were satisfied."""
        if self.satisfied.value is None or self.responded is None:
            return None
        return bounds(self.satisfied.value, min(self.responded, 1.0))


@dataclass(frozen=True)
class Unheard:
    """A problem that surveys asked about: shown how often, had by how many of them."""

    issue: Issue
    shown: int
    had: int

    @property
    def share(self) -> float:
        return self.had / self.shown


def ask_limits() -> AskLimits:
    """As they were set, or the usual ones."""
    return AskLimits.objects.first() or AskLimits()


def rule_for(ticket: Ticket, rules: Sequence[AskRule]) -> AskRule | None:
    """The first, in order, that fits; the ticket comes with its issue."""
    path = ticket.primary_issue.path + "/" if ticket.primary_issue else ""
    for rule in rules:
        if rule.department_id not in (None, ticket.department_id) or rule.channel not in ("", ticket.channel):
            continue
        if rule.issue is None or path.startswith(rule.issue.path + "/"):
            return rule
    return None


def is_always_asked(ticket: Ticket, limits: AskLimits) -> bool:
    asked = {
        AskLimits.Always.COMPLAINT: ticket.contact_type == ContactType.COMPLAINT,
        AskLimits.Always.REOPENED: ticket.reopened_count > 0,
        AskLimits.Always.SEVERE: ticket.severity in SEVERE,
    }
    return any(asked[AskLimits.Always(name)] for name in limits.always)


def candidates_among(surveys: QuerySet[Survey], limits: AskLimits, *, at: datetime) -> list[Asking]:
    """Those whose customer can be asked and is not at rest, each with its chance. Two queries."""
    lately = Survey.objects.filter(
        ticket__customer=OuterRef("ticket__customer"), sent_at__gt=at - timedelta(days=limits.rest_days)
    )
    rows = (
        surveys.exclude(ticket__customer__email=None)
        .exclude(ticket__status__in=OPEN_STATUSES)
        .filter(~Exists(lately), ticket__merged_into=None, ticket__customer__anonymised_at=None)
        .select_related("ticket__primary_issue")
    )
    rules = list(AskRule.objects.select_related("issue"))
    return [_asking(row, row.ticket, rules, limits) for row in rows.order_by("pk")]


def _asking(survey: Survey, ticket: Ticket, rules: Sequence[AskRule], limits: AskLimits) -> Asking:
    rule = rule_for(ticket, rules)
    always = is_always_asked(ticket, limits)
    share = rule.share if rule else 1.0
    return Asking(survey, rule, Candidate(survey.pk, share, always))


def dry_run(*, at: datetime) -> DryRun:
    """The newest solved tickets, as if the rules of now had drawn them day by day. Three queries."""
    limits, rules = ask_limits(), list(AskRule.objects.select_related("issue", "department"))
    tickets = Ticket.objects.filter(solved_at__lte=at, merged_into=None).select_related(
        "primary_issue", "customer"
    )
    newest = list(tickets.order_by("-solved_at", "-pk")[:DRY_RUN])
    rest, asked_at = timedelta(days=limits.rest_days), dict[int, datetime]()
    days: dict[str, list[Candidate]] = {}
    fitting: dict[int, AskRule | None] = {}
    no_address = at_rest = always = 0
    for ticket in reversed(newest):
        solved_at = ticket.solved_at or at
        if not ticket.customer.email:
            no_address += 1
        elif ticket.customer_id in asked_at and solved_at - asked_at[ticket.customer_id] < rest:
            at_rest += 1
        else:
            asked_at[ticket.customer_id] = solved_at
            rule, is_sure = rule_for(ticket, rules), is_always_asked(ticket, limits)
            fitting[ticket.pk], always = rule, always + is_sure
            candidate = Candidate(ticket.pk, rule.share if rule else 1.0, is_sure)
            days.setdefault(f"{solved_at:%Y-%m-%d}", []).append(candidate)
    chance: dict[int, float] = {}
    for candidates in days.values():
        chance |= chances(candidates, most=limits.most_a_day)
    by_rule = tuple(
        (rule, len(own), sum(chance[number] for number in own))
        for rule in (*rules, None)
        if (own := [number for number, fits in fitting.items() if fits == rule])
    )
    return DryRun(len(newest), no_address, at_rest, always, sum(chance.values()), by_rule)


def heard(*, since: datetime, until: datetime, departments: Sequence[Department]) -> list[Heard]:
    """The company first, then these departments: tickets solved between two moments. Two queries."""
    solved: dict[int | None, list[int]] = {None: [0, 0]}
    window = {"solved_at__gte": since, "solved_at__lt": until, "merged_into": None}
    was_asked = Exists(Survey.objects.filter(ticket=OuterRef("pk"), sent_at__lte=until))
    counts = Ticket.objects.filter(**window).order_by().values_list("department")
    for department, number, asked in counts.annotate(n=Count("id"), asked=Count("id", filter=Q(was_asked))):
        for key in (department, None):
            had = solved.setdefault(key, [0, 0])
            had[0], had[1] = had[0] + number, had[1] + asked
    answers = Survey.objects.filter(
        ticket__solved_at__gte=since, ticket__solved_at__lt=until, ticket__merged_into=None,
        answered_at__lte=until,
    )  # fmt: skip
    told = list(
        answers.values_list(
            "ticket__department", "outcome", "settled_at_first", "would_recommend", "chance", named=False
        )
    )
    return [_heard(one, solved, told) for one in (None, *departments)]


Told = tuple[int, str, bool | None, int | None, float | None]


def _heard(department: Department | None, solved: dict[int | None, list[int]], told: Sequence[Told]) -> Heard:
    key = department.pk if department else None
    own = [row for row in told if key is None or row[0] == key]
    number, asked = solved.get(key, [0, 0])
    return Heard(
        department, number, asked, len(own),
        weighted_share([(outcome == Outcome.SATISFIED, chance or 1.0) for _, outcome, _, _, chance in own]),
        weighted_share([(first, chance or 1.0) for _, _, first, _, chance in own if first is not None]),
        # Nine and ten: those who recommend without being asked to.
        weighted_share([(likely >= 9, chance or 1.0) for _, _, _, likely, chance in own if likely is not None]),
    )  # fmt: skip


def unheard(*, since: datetime, until: datetime) -> list[Unheard]:
    """Problems found by asking, the most frequent share first. Two queries."""
    shown: dict[int, int] = {}
    had: dict[int, int] = {}
    answers = Survey.objects.filter(answered_at__gte=since, answered_at__lt=until).exclude(offered=[])
    for offered, problems in answers.values_list("offered", "problems"):
        for issue in offered:
            shown[issue] = shown.get(issue, 0) + 1
        for issue in problems:
            had[issue] = had.get(issue, 0) + 1
    issues = Issue.objects.in_bulk(shown)
    rows = [Unheard(issues[pk], number, had.get(pk, 0)) for pk, number in shown.items() if pk in issues]
    return sorted(rows, key=lambda row: (-row.share, row.issue.path))
