"""Money at risk through an issue, from the stored assumptions; and what is missing when it can't be said."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from apps.analysis.market import Estimate, at_risk_range
from apps.analysis.models import Assumption, Parameter
from helpdesk.models import Outcome, Ticket

SEED = 1  # the same figures give the same range every night
LEAST_ANSWERS = 30
QUARTER_DAYS = 91
NEEDED = (Parameter.CUSTOMER_VALUE, Parameter.MULTIPLIER, Parameter.LOSS_SILENT)
LOSSES = (Parameter.LOSS_SATISFIED, Parameter.LOSS_MOLLIFIED, Parameter.LOSS_DISSATISFIED)


@dataclass(frozen=True)
class Money:
    """The 10 %, 50 % and 90 % points of a quarter's money at risk; all None with the reason in `note`."""

    low: Decimal | None
    likely: Decimal | None
    high: Decimal | None
    note: str

    @property
    def is_known(self) -> bool:
        return self.likely is not None


@dataclass(frozen=True)
class MoneyModel:
    """The assumptions in force, and how customers judged our answers, read once for a page or a night."""

    rows: dict[tuple[str, int | None], Assumption]
    shares: dict[str, float] | None

    def find(self, parameter: str, issue: int | None) -> Estimate | None:
        row = self.rows.get((parameter, issue)) or self.rows.get((parameter, None))
        return Estimate(float(row.low), float(row.likely), float(row.high)) if row else None

    def missing(self, issue: int | None) -> list[str]:
        return [str(name.label) for name in NEEDED if self.find(name, issue) is None]

    def at_risk(self, tickets: float, issue: int | None) -> Money:
        """A quarter's money at risk when `tickets` contacts about the issue come in a quarter."""
        value, multiplier = (self.find(name, issue) for name in NEEDED[:2])
        loss, note = self._loss(issue)
        if value is None or multiplier is None or loss is None:
            return Money(None, None, None, f"Not known until set: {', '.join(self.missing(issue))}.")
        count = Estimate(tickets, tickets, tickets)
        found = at_risk_range(tickets=count, multiplier=multiplier, loss=loss, value=value, seed=SEED)
        low, likely, high = (Decimal(f"{point:.2f}") for point in (found.low, found.likely, found.high))
        return Money(low, likely, high, note)

    def unit(self, issue: int | None) -> float | None:
        """The likely money one contact stands for; None while unknown."""
        value, multiplier = (self.find(name, issue) for name in NEEDED[:2])
        loss, _ = self._loss(issue)
        if value is None or multiplier is None or loss is None:
            return None
        return value.likely * multiplier.likely * loss.likely

    def _loss(self, issue: int | None) -> tuple[Estimate | None, str]:
        """Share of affected customers who leave: those who told us by how our answer was, the others in silence."""
        silent, multiplier = self.find(Parameter.LOSS_SILENT, issue), self.find(Parameter.MULTIPLIER, issue)
        told = [self.find(name, issue) for name in LOSSES]
        if silent is None or multiplier is None:
            return None, ""
        if self.shares is None or None in told:
            return (
                silent,
                "Customers who told us are counted like silent ones: too little is known of the answers.",
            )
        complain = 1 / max(multiplier.likely, 1.0)
        shares = [self.shares[outcome] for outcome in Outcome.values]
        points = []
        for end in ("low", "likely", "high"):
            heard = sum(share * getattr(loss, end) for share, loss in zip(shares, told, strict=True))
            points.append(complain * heard + (1 - complain) * getattr(silent, end))
        return Estimate(*points), ""


def money_model() -> MoneyModel:
    """Two queries: the assumptions, and the outcomes of all answered surveys."""
    rows = {(row.parameter, row.issue_id): row for row in Assumption.objects.all()}
    answers = Ticket.objects.exclude(outcome="").aggregate(
        **{outcome: Count("id", filter=Q(outcome=outcome)) for outcome in Outcome.values}
    )
    total = sum(answers.values())
    shares = {name: number / total for name, number in answers.items()} if total >= LEAST_ANSWERS else None
    return MoneyModel(rows, shares)
