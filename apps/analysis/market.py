"""What problems cost: market damage, payoff, prevention value, market at risk, multiplier, repeat contacts,
wrong routes, word of mouth.

Exact decimal arithmetic throughout; money is rounded half up to the cent only where it is shown (`cents`).
`simulation` and `damage` have the same formulas over draws, with low, likely and high. Shares and probabilities
lie between 0 and 1, money is in one currency, and every parameter comes from a stored row with its source:
nothing here has a silent default. Source: Goodman, Strategic Customer Service (TARP's market damage model).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from scipy.stats import beta

_ONE = Decimal(1)


@dataclass(frozen=True)
class Handling:
    """How a problem is met: the share who complain, what they become, and how likely each group leaves."""

    complain: Decimal
    satisfied: Decimal
    mollified: Decimal
    dissatisfied: Decimal
    loss_satisfied: Decimal
    loss_mollified: Decimal
    loss_dissatisfied: Decimal
    loss_silent: Decimal

    def __post_init__(self) -> None:
        if any(not 0 <= share <= 1 for share in vars(self).values()):
            raise ValueError("shares and probabilities lie between 0 and 1")
        if self.satisfied + self.mollified + self.dissatisfied != 1:
            raise ValueError("satisfied, mollified and dissatisfied must add up to 1")

    @property
    def loss_of_complainants(self) -> Decimal:
        """Probability that one who complains leaves."""
        return (
            self.satisfied * self.loss_satisfied
            + self.mollified * self.loss_mollified
            + self.dissatisfied * self.loss_dissatisfied
        )

    @property
    def soliciting_pays(self) -> bool:
        """Whether hearing from more customers keeps more: only while complainants leave less than the silent."""
        return self.loss_of_complainants < self.loss_silent


@dataclass(frozen=True)
class Damage:
    """Customers lost, by what became of them, and the money they would have brought (expectations)."""

    complainants: Decimal
    silent: Decimal
    lost_satisfied: Decimal
    lost_mollified: Decimal
    lost_dissatisfied: Decimal
    lost_silent: Decimal
    value: Decimal

    @property
    def lost(self) -> Decimal:
        return self.lost_satisfied + self.lost_mollified + self.lost_dissatisfied + self.lost_silent

    @property
    def money(self) -> Decimal:
        return self.lost * self.value


@dataclass(frozen=True)
class Payoff:
    """Customers kept, and their money, by a change; negative when the change drives customers away."""

    customers: Decimal
    money: Decimal


def market_damage(customers: Decimal, handling: Handling, value: Decimal) -> Damage:
    """Customers lost to a problem, N c (s Ls + m Lm + d Ld) + N (1-c) Ln, and what they are worth."""
    if customers < 0 or value < 0:
        raise ValueError("customers and their value cannot be negative")
    complainants = customers * handling.complain
    silent = customers - complainants
    return Damage(
        complainants=complainants,
        silent=silent,
        lost_satisfied=complainants * handling.satisfied * handling.loss_satisfied,
        lost_mollified=complainants * handling.mollified * handling.loss_mollified,
        lost_dissatisfied=complainants * handling.dissatisfied * handling.loss_dissatisfied,
        lost_silent=silent * handling.loss_silent,
        value=value,
    )


def payoff(before: Damage, after: Damage) -> Payoff:
    """What a change saves: always both whole states, because savings of single levers do not add up."""
    return Payoff(before.lost - after.lost, before.money - after.money)


def prevention_value(
    *,
    base: Decimal,
    rate_before: Decimal,
    rate_after: Decimal,
    stay_without_problem: Decimal,
    stay_with_problem: Decimal,
    value: Decimal,
) -> Payoff:
    """Customers kept by lowering the share who meet the problem, times what loyalty the problem costs."""
    customers = base * (rate_before - rate_after) * (stay_without_problem - stay_with_problem)
    return Payoff(customers, customers * value)


@dataclass(frozen=True)
class IssueRisk:
    """One issue's market at risk. Customers may have several issues, so risks are ranked, never summed."""

    key: str
    share: Decimal
    customers: Decimal
    revenue: Decimal

    def per_month(self, months: Decimal) -> Decimal:
        """Cost of another month of inaction, when the shares were measured over `months`."""
        return self.revenue / months


def market_at_risk(
    *, base: Decimal, problem_share: Decimal, issues: Sequence[tuple[str, Decimal, Decimal]], value: Decimal
) -> tuple[IssueRisk, ...]:
    """Rank issues (key, share of those with problems f, share not buying again w) by risk = P f w."""
    risks = [
        IssueRisk(key, share, base * share, base * share * value)
        for key, share in ((key, problem_share * often * lost) for key, often, lost in issues)
    ]
    return tuple(sorted(risks, key=lambda risk: (-risk.share, risk.key)))


def problem_share_from_contacts(contacts: Decimal, multiplier: Decimal, base: Decimal) -> Decimal:
    """Share of the base who met an issue, P f, from those who told us; never more than everybody."""
    return min(_ONE, contacts * multiplier / base)


def multiplier(reach: Decimal | Fraction) -> Decimal | None:
    """Customers with the problem for each who told us: 1 / p(a complaint reaches us); None when unknown."""
    exact = Fraction(reach)
    if not 0 <= exact <= 1:
        raise ValueError("the rate lies between 0 and 1")
    return _decimal(1 / exact) if exact else None


def multiplier_from_silent(silent: int, out_of: int | None = None) -> Decimal | None:
    """The multiplier from “49 silent for each complaint”, or from “26 of 27 silent” with `out_of`."""
    whole = silent + 1 if out_of is None else out_of
    return multiplier(Fraction(whole - silent, whole))


def multiplier_interval(complained: int, asked: int, level: float = 0.9) -> tuple[float, float | None]:
    """Range of the multiplier when `complained` of `asked` customers with the problem told us (Jeffreys
    interval); no upper end when nobody did.
    """
    if not 0 <= complained <= asked or asked == 0:
        raise ValueError("complained must lie between 0 and the number asked")
    tail = (1 - level) / 2
    law = beta(complained + 0.5, asked - complained + 0.5)
    highest = 1.0 if complained == asked else float(law.ppf(1 - tail))
    return 1 / highest, 1 / float(law.ppf(tail)) if complained else None


@dataclass(frozen=True)
class RepeatContacts:
    """Contacts beyond one for each issue, and what handling them cost."""

    extra: int
    money: Decimal


def repeat_contacts(*, issues: int, contacts: int, cost_per_contact: Decimal) -> RepeatContacts:
    """(contacts - issues) x cost per contact."""
    if contacts < issues:
        raise ValueError("there cannot be fewer contacts than issues")
    return RepeatContacts(contacts - issues, (contacts - issues) * cost_per_contact)


def misroute_cost(*, moves: int, cost_per_move: Decimal) -> Decimal:
    """What tickets cost that came to the wrong department first: each hand-over x its cost."""
    if moves < 0 or cost_per_move < 0:
        raise ValueError("hand-overs and their cost cannot be negative")
    return moves * cost_per_move


@dataclass(frozen=True)
class WordOfMouth:
    """People customers told of their problem, and the customers that costs: None until somebody says how many of
    those told stay away. Reported apart, never added to the damage.
    """

    told: int
    lost: Decimal | None
    money: Decimal | None


def word_of_mouth(*, told: int, conversion: Decimal | None, value: Decimal | None) -> WordOfMouth:
    """told x conversion x value; blank where the conversion was not set by hand, for no published one is safe."""
    lost = None if conversion is None else told * conversion
    return WordOfMouth(told, lost, None if lost is None or value is None else lost * value)


def contact_cost(*, tickets: Decimal, minutes: Decimal, hourly_rate: Decimal, refunds: Decimal) -> Decimal:
    """Direct cost of an issue over a period: handling time of all its tickets, and what was paid back."""
    return tickets * minutes * hourly_rate / 60 + refunds


@dataclass(frozen=True)
class Loyalty:
    """Share of customers staying, by what became of their complaint, for a size of loss; with its source."""

    label: str
    silent: Decimal
    unsatisfied: Decimal
    satisfied: Decimal
    satisfied_quickly: Decimal
    source: str


_TARP = "TARP for the US Office of Consumer Affairs, 1979; in Goodman, Strategic Customer Service"
LOYALTY_PRESETS = (
    Loyalty("loss under $5", Decimal("0.37"), Decimal("0.46"), Decimal("0.70"), Decimal("0.95"), _TARP),
    Loyalty("loss over $100", Decimal("0.09"), Decimal("0.19"), Decimal("0.54"), Decimal("0.82"), _TARP),
)


def cents(amount: Decimal) -> Decimal:
    """Money as shown: to the cent, halves up."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def whole(amount: Decimal) -> Decimal:
    """Customers as shown: to the unit, halves up."""
    return amount.quantize(_ONE, ROUND_HALF_UP)


def sentence(damage: Damage, currency: str = "") -> str:
    """One plain sentence on who is lost and what that costs."""
    lost = whole(damage.lost)
    quiet = damage.lost_silent / damage.lost if damage.lost else Decimal(0)
    return (
        f"About {lost:,} customers are likely to be lost, worth {currency}{cents(damage.money):,}; "
        f"{quiet:.0%} of them never told us."
    )


def payoff_sentence(saved: Payoff, currency: str = "") -> str:
    """One plain sentence on a change: customers and money kept, or lost."""
    verb = "keeps" if saved.customers >= 0 else "loses"
    customers, money = whole(abs(saved.customers)), cents(abs(saved.money))
    return f"The change {verb} about {customers:,} customers, worth {currency}{money:,}."


def soliciting_sentence(handling: Handling) -> str:
    """Whether asking for complaints pays, in one sentence."""
    stay, quiet = 1 - handling.loss_of_complainants, 1 - handling.loss_silent
    if handling.soliciting_pays:
        return (
            f"Asking for complaints pays: {stay:.0%} of those who complain stay, {quiet:.0%} of the silent."
        )
    return (
        f"Asking for complaints loses customers until they are handled better: "
        f"{stay:.0%} of those who complain stay, {quiet:.0%} of the silent."
    )


def _decimal(ratio: Fraction) -> Decimal:
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)
