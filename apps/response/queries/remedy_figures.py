"""What was given, by issue and month, and how happy customers were with money alone and with words beside it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from apps.response.models import GivenRemedy
from helpdesk.models import Outcome, Remedy, Ticket, User

# Goodman, Strategic Customer Service: complainants satisfied with money alone, and with an apology or explanation too.
PUBLISHED = {"money": 0.37, "both": 0.73}
WORDS = (Remedy.APOLOGY, Remedy.EXPLANATION)


@dataclass(frozen=True)
class GivenInMonth:
    """What was given for one issue in one month: how often with money and without, and how much."""

    month: date
    issue: str
    with_money: int
    without: int
    money: Decimal


@dataclass(frozen=True)
class SatisfiedWith:
    """Of tickets given one kind of thing, those whose customer told us the outcome, and those satisfied."""

    kind: str
    label: str
    tickets: int
    answered: int
    satisfied: int
    published: float | None

    @property
    def share(self) -> float | None:
        return self.satisfied / self.answered if self.answered else None


@dataclass(frozen=True)
class RemedyFigures:
    months: list[GivenInMonth]
    kinds: list[SatisfiedWith]


def remedy_figures(*, user: User, since: datetime, until: datetime) -> RemedyFigures:
    """Two queries over the remedies of the tickets this person sees; what was struck out does not count."""
    seen = Ticket.objects.visible_to(user).order_by().values("pk")
    rows = GivenRemedy.objects.standing().filter(given_at__gte=since, given_at__lt=until, ticket__in=seen)
    rows = rows.exclude(remedy=Remedy.NONE).order_by()
    grouped = rows.annotate(month=TruncMonth("given_at")).values("month", "issue__label").annotate(
        with_money=Count("pk", filter=Q(amount__isnull=False)),
        without=Count("pk", filter=Q(amount__isnull=True)),
        money=Sum("amount"),
    )  # fmt: skip
    months = [
        GivenInMonth(
            row["month"].date(), row["issue__label"], row["with_money"], row["without"], row["money"] or Decimal(0)
        )
        for row in grouped.order_by("-month", "issue__label")
    ]  # fmt: skip
    tickets = rows.values("ticket", "ticket__outcome").annotate(
        has_money=BoolOr(Q(amount__isnull=False)), has_words=BoolOr(Q(remedy__in=WORDS))
    )
    counted = Counter(
        (_kind(row["has_money"], row["has_words"]), row["ticket__outcome"]) for row in tickets.iterator()
    )
    return RemedyFigures(months, [_satisfied(kind, counted) for kind in ("money", "both", "words", "other")])


def _kind(has_money: bool, has_words: bool) -> str:
    if has_money:
        return "both" if has_words else "money"
    return "words" if has_words else "other"


def _satisfied(kind: str, counted: Counter[tuple[str, str]]) -> SatisfiedWith:
    labels = {
        "money": _("Money alone"),
        "both": _("Money with an apology or explanation"),
        "words": _("An apology or explanation alone"),
        "other": _("Repair, replacement or gift"),
    }
    of_kind = {outcome: number for (one, outcome), number in counted.items() if one == kind}
    return SatisfiedWith(
        kind=kind,
        label=labels[kind],
        tickets=sum(of_kind.values()),
        answered=sum(number for outcome, number in of_kind.items() if outcome),
        satisfied=of_kind.get(Outcome.SATISFIED, 0),
        published=PUBLISHED.get(kind),
    )
