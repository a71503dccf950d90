"""What the pages of rules show."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.response.acting import Act, describe, look_up
from apps.response.rules.conditions import in_words, kept
from apps.response.rules.models import Outcome, Rule, RuleFiring, RuleHealth, RuleRun
from apps.response.rules.moments import MOMENTS, TIMED, WHEN
from apps.response.rules.services.saving import may_change
from apps.response.rules.traces import Look, read_looks
from helpdesk.marked import Marked
from helpdesk.models import Ticket, User

DAYS = 14
MOST_RUNS, MOST_VERSIONS = 100, 30


def kinds_looked_at(kinds: Collection[str]) -> set[str]:
    """Of these kinds of event those that any rule in use looks at. One query."""
    moments = set(
        Rule.objects.filter(is_active=True).exclude(when=TIMED).values_list("when", flat=True).order_by()
    )
    return {kind for kind in kinds if WHEN.get(kind) in moments}


@dataclass(frozen=True)
class Said:
    """A rule as a sentence."""

    when: str
    condition: str
    acts: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """What became of a rule in the last thirty days; `days` are the last fourteen, the oldest first."""

    fitted: int = 0
    refused: int = 0
    errors: int = 0
    held_back: int = 0
    last: datetime | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True)
class RuleRow:
    rule: Rule
    said: Said
    figures: Figures
    why_off: str
    may_change: bool
    is_first: bool
    is_last: bool


def rule_rows(user: User, *, at: datetime) -> list[RuleRow]:
    """All rules this person may see, in their order. Eight queries at most, whatever their number."""
    rules = list(Rule.objects.visible_to(user).select_related("department", "made_by"))
    said = sentences(rules)
    figures = figures_of([rule.pk for rule in rules], at=at)
    off = dict(RuleHealth.objects.exclude(why_off="").values_list("rule_id", "why_off"))
    return [
        RuleRow(
            rule, said[rule.pk], figures.get(rule.pk, Figures()), "" if rule.is_active else off.get(rule.pk, ""),
            may_change(rule=rule, by=user), place == 0, place == len(rules) - 1,
        )
        for place, rule in enumerate(rules)
    ]  # fmt: skip


def sentences(rules: Sequence[Any]) -> dict[int, Said]:
    """One query for each noun that their acts name. Rules, or past versions of them."""
    acts = {rule.pk: [Act(one["act"], one.get("value")) for one in rule.acts] for rule in rules}
    known = look_up(act for those in acts.values() for act in those)
    return {
        rule.pk: Said(when_of(rule), in_words(kept(rule.conditions)), tuple(describe(acts[rule.pk], known)))
        for rule in rules
    }


def when_of(rule: Any) -> str:
    said = str(MOMENTS[rule.when].sentence)
    if rule.when != TIMED:
        return said
    return gettext("%(said)s, every %(minutes)s min") % {"said": said, "minutes": rule.every_minutes}


def figures_of(rules: Collection[int], *, at: datetime) -> dict[int, Figures]:
    """Two queries."""
    rows = RuleFiring.objects.filter(rule__in=rules).order_by()
    counts: dict[int, dict[str, int]] = {}
    last: dict[int, datetime] = {}
    for number, outcome, count, newest in rows.values_list("rule", "outcome").annotate(
        Count("pk"), Max("at")
    ):
        counts.setdefault(number, {})[outcome] = count
        if outcome == Outcome.DONE:
            last[number] = newest
    first = at.date() - timedelta(days=DAYS - 1)
    fitted: dict[tuple[int, date], int] = {}
    recent = rows.filter(at__date__gte=first).annotate(day=TruncDate("at"))
    for number, day, count in recent.values_list("rule", "day").annotate(Count("pk")):
        fitted[number, day] = count
    days = [first + timedelta(days=place) for place in range(DAYS)]
    return {
        number: Figures(
            sum(those.values()), those.get(Outcome.REFUSED, 0), those.get(Outcome.ERROR, 0),
            those.get(Outcome.LOOPED, 0) + those.get(Outcome.CAPPED, 0), last.get(number),
            tuple(fitted.get((number, day), 0) for day in days),
        )
        for number, those in counts.items()
    }  # fmt: skip


@dataclass(frozen=True)
class Touched:
    """A ticket that a rule fitted, and what became of that."""

    number: int
    subject: str
    outcome: str
    is_done: bool
    at: datetime


MOST_TOUCHED = 10


def touched_by(rule: Rule, user: User) -> list[Touched]:
    """The newest ten that this person sees. One query."""
    rows = RuleFiring.objects.filter(rule=rule, ticket__in=Ticket.objects.visible_to(user))
    return [
        Touched(
            row.ticket_id, row.ticket.subject, row.get_outcome_display(), row.outcome == Outcome.DONE, row.at
        )
        for row in rows.select_related("ticket").order_by("-at", "-pk")[:MOST_TOUCHED]
    ]


# --- traces ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trace:
    """Rules looked at the ticket once."""

    run: RuleRun
    when: str
    looks: list[Look]
    chain: list[str]


def traces_of(ticket: Ticket, *, fitted_only: bool = False) -> list[Trace]:
    """The newest hundred looks. Two queries."""
    rows = RuleRun.objects.filter(ticket=ticket)
    runs = list((rows.filter(fitted=True) if fitted_only else rows)[:MOST_RUNS])
    chained = {number for run in runs for number in run.chain}
    names = dict(Rule.objects.filter(pk__in=chained).values_list("pk", "name"))
    return [
        Trace(
            run,
            str(MOMENTS[run.when].label),
            read_looks(run.looks),
            [names.get(number, gettext("a rule that is gone")) for number in run.chain],
        )
        for run in runs
    ]


# --- versions --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """How a rule was from a moment on: what that changed, before and after."""

    number: int
    at: datetime
    by: str
    changes: list[tuple[str, str, str]]
    is_current: bool


_TOLD: dict[str, Marked] = {
    "name": _("Name"), "department": _("Department"), "when": _("When"), "if": _("If"), "then": _("Then"),
    "stops": _("Stops"), "is_active": _("In use"),
}  # fmt: skip


def versions_of(rule: Rule) -> list[Version]:
    """The newest thirty, newest first; moves in the order are left out. Three queries and those that name acts."""
    past = rule.events.select_related("department", "changed_by")  # type: ignore[attr-defined]
    rows = list(past.order_by("-pgh_id")[: MOST_VERSIONS * 2])
    told = _facts(rows)
    versions: list[Version] = []
    for place, row in enumerate(rows):
        before = told[row.pgh_id], (told[rows[place + 1].pgh_id] if place + 1 < len(rows) else None)
        if changes := _changes(*before):
            versions.append(
                Version(row.pgh_id, row.pgh_created_at, row.changed_by.name, changes, not versions)
            )
    return versions[:MOST_VERSIONS]


def _facts(rows: Sequence[Any]) -> dict[int, dict[str, str]]:
    acts = {row.pgh_id: [Act(one["act"], one.get("value")) for one in row.acts] for row in rows}
    known = look_up(act for those in acts.values() for act in those)
    return {
        row.pgh_id: {
            "name": row.name,
            "department": str(row.department or gettext("Whole desk")),
            "when": when_of(row),
            "if": in_words(kept(row.conditions)),
            "then": "; ".join(describe(acts[row.pgh_id], known)),
            "stops": _yes_or_no(row.stops),
            "is_active": _yes_or_no(row.is_active),
        }
        for row in rows
    }


def _yes_or_no(said: bool) -> str:
    return gettext("yes") if said else gettext("no")


def _changes(now: dict[str, str], before: dict[str, str] | None) -> list[tuple[str, str, str]]:
    if before is None:
        return [(gettext("Written"), "", now["name"])]
    return [(str(_TOLD[name]), before[name], now[name]) for name in _TOLD if now[name] != before[name]]
