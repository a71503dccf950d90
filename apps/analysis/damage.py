"""The damage of all problems together and what pulling a lever would save, with low, likely and high.

The market damage model of `market`, over draws: N c (s Ls + m Lm + d Ld) + N (1 - c) Ln customers, times their
value. Three levers: *prevent* a share of the problems (N falls), *solicit* (so many points more complain, c
rises), *satisfy* (so many points of those who complain become satisfied, the dissatisfied first, then the
mollified). Levers interact, so each payoff is the damage of a whole situation less that of another, draw by draw,
and single payoffs are never added. Soliciting pays only while those who complain leave less than the silent.
Arrays: () for the likely values, (draws,) for the draws. Source: Goodman, Strategic Customer Service.
"""

from dataclasses import dataclass, replace

import numpy as np

from apps.analysis.series import Floats
from apps.analysis.simulation import Drawn


@dataclass(frozen=True)
class Situation:
    """How many customers have a problem, the share who complain, what these become (adding up to 1), and what share
    of each group leaves.
    """

    customers: Drawn
    complain: Drawn
    outcomes: tuple[float, float, float]
    losses: tuple[Drawn, Drawn, Drawn]
    silent: Drawn

    @classmethod
    def of_contacts(
        cls,
        told: float,
        *,
        multiplier: Drawn,
        base: Drawn | None,
        outcomes: tuple[float, float, float],
        losses: tuple[Drawn, Drawn, Drawn],
        silent: Drawn,
    ) -> "Situation":
        """From the customers who told us: N = told x multiplier, at most the base; c = told / N."""

        def affected(many: Floats, limit: Floats | float) -> Floats:
            return np.maximum(np.minimum(told * np.maximum(many, 1.0), limit), told)

        customers = Drawn(
            affected(multiplier.likely, base.likely if base else np.inf),
            affected(multiplier.draws, base.draws if base else np.inf),
        )
        complain = Drawn(*(_share(told, n) for n in (customers.likely, customers.draws)))
        return cls(customers, complain, outcomes, losses, silent)

    @property
    def heard(self) -> Drawn:
        """The share of those who complain and leave."""
        satisfied, mollified, dissatisfied = (
            loss.times(share) for loss, share in zip(self.losses, self.outcomes, strict=True)
        )
        return satisfied.plus(mollified).plus(dissatisfied)

    @property
    def groups(self) -> tuple[Drawn, Drawn, Drawn, Drawn]:
        """Customers lost: satisfied, mollified, dissatisfied, and silent ones."""
        told = _product(self.customers, self.complain)
        quiet = _product(self.customers, Drawn(1 - self.complain.likely, 1 - self.complain.draws))
        first, second, third = (
            _product(told, loss.times(share)) for loss, share in zip(self.losses, self.outcomes, strict=True)
        )
        return first, second, third, _product(quiet, self.silent)

    @property
    def lost(self) -> Drawn:
        satisfied, mollified, dissatisfied, silent = self.groups
        return satisfied.plus(mollified).plus(dissatisfied).plus(silent)

    # Levers

    def prevent(self, share: float) -> "Situation":
        """So large a share of the problems no longer happens."""
        return replace(self, customers=self.customers.times(1 - share))

    def solicit(self, points: float) -> "Situation":
        """So many points more of those with a problem complain, at most all."""
        more = (np.minimum(part + points, 1.0) for part in (self.complain.likely, self.complain.draws))
        return replace(self, complain=Drawn(*more))

    def satisfy(self, points: float) -> "Situation":
        """So many points more of those who complain are satisfied, at most all."""
        satisfied, mollified, dissatisfied = self.outcomes
        from_worst = min(points, dissatisfied)
        from_middle = min(points - from_worst, mollified)
        better = (satisfied + from_worst + from_middle, mollified - from_middle, dissatisfied - from_worst)
        return replace(self, outcomes=better)


def saved(before: Situation, after: Situation) -> Drawn:
    """Customers kept by a change; negative when it drives them away."""
    return before.lost.plus(after.lost.times(-1.0))


def _product(one: Drawn, other: Drawn) -> Drawn:
    return Drawn(np.asarray(one.likely * other.likely), one.draws * other.draws)


def _share(told: float, customers: Floats) -> Floats:
    return np.divide(told, customers, out=np.ones_like(customers), where=customers > 0)
