"""All that a case can show for itself, gathered for a program: what its page shows, without what only eyes need."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.analysis.models import (
    Action,
    Assumption,
    Case,
    Cause,
    EffectivenessPlan,
    Parameter,
    Signal,
    Verdict,
)
from apps.analysis.provenance import Provenance
from apps.analysis.queries.case_figures import CaseFigures, Weeks, case_figures
from apps.analysis.queries.money import LOSSES, NEEDED, money_model
from apps.analysis.queries.origins import of_money
from apps.analysis.queries.verbatims import Quote, quotes_of_case
from helpdesk.sentences import Words

QUOTES = 5


@dataclass(frozen=True)
class Week:
    """Tickets of seven days, and the usual range of its time; None where there is none to hold it against."""

    begins: date
    ends: date
    tickets: float
    usual: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Weighed:
    """Money at risk of a case: where it comes from, and what it was computed with. `answers`: the shares of customers
    by how they judged our answers; None while too little is known. Nothing of it while the money is not known.
    """

    provenance: Provenance | None
    assumptions: tuple[Assumption, ...]
    answers: dict[str, float] | None


@dataclass(frozen=True)
class ThemeEvidence:
    """The evidence of one case, with where each figure comes from."""

    case: Case
    counted: CaseFigures
    provenance: Provenance
    weekly: tuple[Week, ...]
    money: Weighed
    quotes: list[Quote]
    causes: list[Cause]
    actions: list[Action]
    plans: list[EffectivenessPlan]
    verdicts: list[Verdict]
    signals: list[Signal]

    @property
    def concentrated(self) -> list[Signal]:
        """The signals that found a part of the contacts in which the rise lies."""
        return [signal for signal in self.signals if signal.where or signal.terms or signal.place]

    @property
    def provable(self) -> Words | None:
        """What a fix could prove by when, while it can still change the promise."""
        return self.counted.prospect.outlook_sentence if self.counted.prospect else None


def theme_evidence(case: Case, *, at: datetime) -> ThemeEvidence:
    """A fixed number of queries, whatever hangs on the case."""
    verdicts = list(case.verdicts.select_related("release"))
    counted = case_figures(case, verdicts=verdicts, at=at)
    return ThemeEvidence(
        case=case,
        counted=counted.figures,
        provenance=counted.provenance,
        weekly=weeks_of(counted.figures.chart) if counted.figures.chart else (),
        money=_weighed(case),
        quotes=quotes_of_case(case, QUOTES),
        causes=list(case.causes.prefetch_related("predictions__trials__release", "predictions__entry")),
        actions=list(case.actions.select_related("assignee")),
        plans=list(case.plans.select_related("release")),
        verdicts=verdicts,
        signals=list(case.signals.select_related("issue", "release").order_by("-last_seen_on", "-id")),
    )


def weeks_of(weeks: Weeks) -> tuple[Week, ...]:
    """Each week beside the level of its time and the natural limits of that."""
    rows = []
    for n, (begins, tickets) in enumerate(zip(weeks.begins, weeks.tickets, strict=True)):
        era = next((era for era in weeks.eras if era.start <= n < era.end), None)
        usual = (era.mean, era.lower, era.upper) if era else (None, None, None)
        rows.append(Week(begins, begins + timedelta(days=6), tickets, *usual))
    return tuple(rows)


def _weighed(case: Case) -> Weighed:
    """The assumptions that were in force when the money was weighed, and not those of today."""
    provenance = of_money([case]).get(case.pk)
    if provenance is None:
        return Weighed(None, (), None)
    model = money_model(provenance.as_of)
    answers = model.shares if model.knows_answers(case.issue_id) else None
    names: tuple[Parameter, ...] = (*NEEDED, *(LOSSES.values() if answers else ()))
    rows = [model.row(name, case.issue_id) for name in names] + [model.row(Parameter.CUSTOMER_BASE)]
    return Weighed(provenance, tuple(row for row in rows if row is not None), answers)
