"""What colleagues suggested, weighed by the damage of its issue, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.analysis.models import Case, CaseState, Verdict
from apps.analysis.queries.money import QUARTER_DAYS, Money, MoneyModel, money_model
from apps.analysis.queries.taxonomy import Taxonomy, read_taxonomy
from apps.staff.models import Suggestion, Voice
from apps.staff.models.suggestion import TRANSITIONS, SuggestionState
from helpdesk.marked import inside
from helpdesk.models import Event, TicketIssue, User
from helpdesk.sentences import Share

WINDOW = timedelta(days=90)
MOST_WEIGHED = 500  # waiting ones; beyond it the newest wait for the others to be answered


@dataclass(frozen=True)
class Weighed:
    """A suggestion with what it weighs: tickets of its issue in 90 days, money at risk a quarter, voices."""

    row: Suggestion
    tickets: int | None
    money: Money | None
    voices: int
    is_backed: bool
    is_own: bool
    became: str

    @property
    def may_be_backed(self) -> bool:
        return not self.is_own and self.row.state not in (SuggestionState.DECLINED, SuggestionState.MERGED)


def suggestions() -> QuerySet[Suggestion]:
    """All of them: everybody who works here reads what colleagues suggest."""
    return Suggestion.objects.select_related(
        "issue",
        "product",
        "department",
        "case",
        "merged_into__case",
        "suggested_by",
        "answered_by",
        "proposed_under",
    )


def waiting_by_damage(*, user: User, at: datetime) -> list[Weighed]:
    """Those that wait, the most damage first: money where it is known, then tickets, then voices. Seven queries."""
    rows = suggestions().filter(state=SuggestionState.WAITING).order_by("pk")[:MOST_WEIGHED]
    return sorted(weighed(rows, user=user, at=at), key=_damage)


def weighed(rows: Iterable[Suggestion], *, user: User, at: datetime) -> list[Weighed]:
    """In the order given; six queries besides that of the rows."""
    found = list(rows)
    taxonomy, model = read_taxonomy(), money_model(at)
    tickets = _tickets(found, taxonomy, at)
    people = _people(found)
    verdicts = _verdicts(found)
    return [
        Weighed(
            row=row, tickets=tickets.get(row.pk), money=_money(model, row, tickets.get(row.pk)),
            voices=len(people[row.pk]), is_backed=user.pk in people[row.pk] and row.suggested_by_id != user.pk,
            is_own=row.suggested_by_id == user.pk, became=became(row, verdicts),
        )
        for row in found
    ]  # fmt: skip


def became(row: Suggestion, verdicts: dict[int, Verdict]) -> str:
    """What came of it, in a sentence."""
    match row.state:
        case SuggestionState.TAKEN_UP:
            return _of_case(row.case, verdicts)
        case SuggestionState.MERGED:
            target = row.merged_into
            after = _of_case(target.case, verdicts) if target and target.case else ""
            return (_("Part of “%(target)s”. %(after)s") % {"target": target, "after": after}).strip()
        case SuggestionState.PROPOSED if row.issue and row.issue.code == row.proposed_code:
            return _("Led to an issue of its own: “%(issue)s”.") % {"issue": row.issue}
        case SuggestionState.PROPOSED:
            where = _("in the draft of the taxonomy") if row.proposed_code else _("not in the draft yet")
            return _("Proposed as a new issue, “%(proposed_label)s”: %(where)s.") % {
                "proposed_label": row.proposed_label,
                "where": where,
            }
        case SuggestionState.DECLINED:
            return _("Declined, with a reason.")
    return _("Waits for an answer.")


def history(row: Suggestion) -> QuerySet[Event]:
    """What happened to it, the oldest first."""
    return Event.objects.filter(about=row.ref).select_related("by").order_by("at", "id")


def acts_open(row: Suggestion) -> frozenset[str]:
    """The states it can go to from here."""
    return TRANSITIONS[row.state]


def _of_case(case: Case | None, verdicts: dict[int, Verdict]) -> str:
    if case is None:
        return ""
    verdict = verdicts.get(case.pk)
    if verdict is not None:
        known = (
            _("proven, %(cut)s fewer") % {"cut": Share(verdict.cut)}
            if verdict.is_proven
            else inside(verdict.get_verdict_display())
        )
    elif case.state == CaseState.CLOSED:
        known = inside(case.get_outcome_display())
    else:
        known = inside(case.get_state_display())
    return _("Led to %(number)s: %(known)s.") % {"number": case.number, "known": known}


def _damage(one: Weighed) -> tuple[float, int, int, int]:
    money = float(one.money.likely) if one.money and one.money.likely is not None else 0.0
    return -money, -(one.tickets or 0), -one.voices, one.row.pk


def _money(model: MoneyModel, row: Suggestion, tickets: int | None) -> Money | None:
    """A quarter's, at the pace of the 90 days."""
    if tickets is None:
        return None
    return model.at_risk(tickets * QUARTER_DAYS / WINDOW.days, row.issue_id)


def _tickets(rows: Sequence[Suggestion], taxonomy: Taxonomy, at: datetime) -> dict[int, int]:
    """Tickets in 90 days with the issue of each, or one below it: one statement, by the index of issue and time."""
    below = {row.pk: _read_as(taxonomy, row.issue_id) for row in rows if row.issue_id in taxonomy.nodes}
    wanted = {issue for issues in below.values() for issue in issues}
    counted = TicketIssue.objects.filter(
        issue__in=wanted, at__gte=at - WINDOW, at__lte=at, ticket__merged_into=None
    )
    counts = dict(counted.order_by().values_list("issue").annotate(n=Count("id")))
    return {key: sum(counts.get(issue, 0) for issue in issues) for key, issues in below.items()}


def _read_as(taxonomy: Taxonomy, issue: int | None) -> set[int]:
    """The issue as it is read today, all below it, and those of earlier editions that are read as them."""
    if issue is None:
        return set()
    present = taxonomy.subtree(taxonomy.read_as(issue))
    return {before for one in present for before in taxonomy.read_from(one)}


def _people(rows: Sequence[Suggestion]) -> dict[int, set[int]]:
    """Whose voices each has: those of its parts count with it. Two queries."""
    keys = [row.pk for row in rows]
    people: dict[int, set[int]] = {row.pk: {row.suggested_by_id} for row in rows}
    parts: dict[int, int] = {}
    merged = Suggestion.objects.filter(merged_into__in=keys, state=SuggestionState.MERGED)
    for key, into, author in merged.values_list("pk", "merged_into_id", "suggested_by_id"):
        parts[key] = into
        people[into].add(author)
    voices = Voice.objects.filter(
        Q(suggestion__in=keys) | Q(suggestion__merged_into__in=keys, suggestion__state=SuggestionState.MERGED)
    )
    for suggestion, user in voices.values_list("suggestion_id", "user_id"):
        for holder in {suggestion, parts.get(suggestion, suggestion)} & people.keys():
            people[holder].add(user)
    return people


def _verdicts(rows: Sequence[Suggestion]) -> dict[int, Verdict]:
    """The last verdict on each case."""
    cases = {row.case_id for row in rows} | {row.merged_into.case_id for row in rows if row.merged_into}
    last = Verdict.objects.filter(case__in=cases - {None}).order_by("case_id", "-decided_at", "-pk")
    return {verdict.case_id: verdict for verdict in last.distinct("case_id")}
