"""What is really going on in the demo company. Everything that is not listed here is chance, weekday and season.

Days are counted backwards from the last day of the world, so the story ends today whenever it is told.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from config.demo.rows import World

DAYS_A_YEAR = 365.25
DAYS_A_MONTH = 30.4375

PROVEN = "charged-twice"
NO_EFFECT = "marked-delivered"
SEASONAL = "renewal-price-question"
SLOW_BURN = "battery-short"
DISPLACED, DISPLACED_TO = "code-not-received", "locked-out"
SURGE, SURGE_PRODUCT, SURGE_VERSION, SURGE_REGION = "hub-drops-wifi", "hub", "3.2", "North"
UNNAMED = "hub-chirps"

PROVEN_STARTS, PROVEN_FIXED, PROVEN_RISE, PROVEN_LEFT = 250, 150, 5.0, 0.12
NO_EFFECT_STARTS, NO_EFFECT_FIXED, NO_EFFECT_RISE = 420, 180, 2.4
SEASON_PEAK = 7
SLOW_BURN_A_MONTH = 1.07
DISPLACED_FIXED, DISPLACED_LEFT = 160, 0.2
SURGE_STARTS, SURGE_A_DAY = 10, 7.0
UNNAMED_STARTS, UNNAMED_TICKETS, UNNAMED_GROWTH = 35, 56, 0.14

QUIET_EXCEPTIONS = frozenset(
    {PROVEN, NO_EFFECT, SEASONAL, SLOW_BURN, DISPLACED, DISPLACED_TO, SURGE, "no-fitting-code"}
)


@dataclass(frozen=True)
class PlantedTruth:
    """One thing that is really so, and the finding the analysis must reach about it on the last day."""

    kind: str
    issue_code: str
    starts: date
    fixed: date | None
    expected_finding: str
    related: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()


def truths(world: "World") -> tuple[PlantedTruth, ...]:
    """Everything planted, with its dates in this world."""

    def day(before: int) -> date:
        return world.end - timedelta(days=before)

    place = (("product", SURGE_PRODUCT), ("product_version", SURGE_VERSION), ("region", SURGE_REGION))
    return (
        PlantedTruth("proven fix", PROVEN, day(PROVEN_STARTS), day(PROVEN_FIXED), "effective"),
        PlantedTruth(
            "fix without effect", NO_EFFECT, day(NO_EFFECT_STARTS), day(NO_EFFECT_FIXED), "ineffective"
        ),
        PlantedTruth("season", SEASONAL, world.start, None, "no signal"),
        PlantedTruth("slow burn", SLOW_BURN, world.start, None, "slow_burn"),
        PlantedTruth("emerging", UNNAMED, day(UNNAMED_STARTS - 1), None, "emerging", ("no-fitting-code",)),
        PlantedTruth(
            "displaced", DISPLACED, world.start, day(DISPLACED_FIXED), "displaced", related=(DISPLACED_TO,)
        ),
        PlantedTruth("surge", SURGE, day(SURGE_STARTS - 1), None, "surge", where=place),
    )


def may_be_reported(world: "World") -> dict[str, date]:
    """From which day on a report of an issue is right: what was planted in it, and what follows from that."""
    found = {truth.issue_code: truth.starts for truth in truths(world)}
    del found[SEASONAL], found[UNNAMED]
    return found | {
        DISPLACED_TO: world.end - timedelta(days=DISPLACED_FIXED),
        "no-fitting-code": world.end - timedelta(days=UNNAMED_STARTS - 1),
    }


def rates(
    codes: tuple[str, ...], weights: NDArray[np.float64], before: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Expected tickets a day, days by codes, from the weights of quiet days and the planted changes.

    `before` holds the days left until the end of the world, falling to 0.
    """
    planted = np.tile(weights, (len(before), 1))
    column = {code: planted[:, place] for place, code in enumerate(codes)}
    column[PROVEN][:] *= np.select(
        [before <= PROVEN_FIXED, before <= PROVEN_STARTS], [PROVEN_LEFT, PROVEN_RISE], 1.0
    )
    column[NO_EFFECT][:] *= np.where(before <= NO_EFFECT_STARTS, NO_EFFECT_RISE, 1.0)
    column[SEASONAL][:] *= season(before)
    column[SLOW_BURN][:] *= slow_burn(before)
    moved = np.where(before <= DISPLACED_FIXED, 1 - DISPLACED_LEFT, 0.0) * column[DISPLACED]
    column[DISPLACED][:] -= moved
    column[DISPLACED_TO][:] += moved
    return planted


def season(before: NDArray[np.int64]) -> NDArray[np.float64]:
    """A yearly wave with its crest in the last week: the founding customers' renewal letters. Mean about 1."""
    angle = 2 * np.pi * (before - SEASON_PEAK) / DAYS_A_YEAR
    wave = np.exp(0.55 * np.cos(angle) + 0.3 * np.cos(2 * angle))
    return np.asarray(wave / 1.1)


def slow_burn(before: NDArray[np.int64]) -> NDArray[np.float64]:
    """Seven per cent more each month, never enough in one week to be noticed."""
    grown: NDArray[np.float64] = SLOW_BURN_A_MONTH ** (-before / DAYS_A_MONTH)
    return np.asarray(grown / grown.mean())


def surge_extra(before: NDArray[np.int64]) -> NDArray[np.float64]:
    """Tickets a day on top of the usual, all of one hub version in one region."""
    return np.where(before < SURGE_STARTS, SURGE_A_DAY, 0.0)


def unnamed_counts(before: NDArray[np.int64], size: float) -> NDArray[np.int64]:
    """Tickets a day of the fault nobody has coded: more every day for five weeks, without chance."""
    growing = np.where(before < UNNAMED_STARTS, np.exp(-UNNAMED_GROWTH * before), 0.0)
    reached = np.round(np.cumsum(growing) / growing.sum() * UNNAMED_TICKETS * size).astype(np.int64)
    return np.asarray(np.diff(reached, prepend=0))
