"""Numbers of the money model, set as an analyst sets them."""

from decimal import Decimal

from apps.analysis import services
from tests.analysis.world import TODAY
from tests.factories import NOW


def assume(world, parameter, low, likely, high, *, at=NOW, **about):
    return services.set_assumption(
        parameter=parameter, low=Decimal(low), likely=Decimal(likely), high=Decimal(high), source="Finance",
        dated_on=TODAY, by=world.cast.nils, at=at, **about,
    )  # fmt: skip
