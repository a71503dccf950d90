"""Published figures for the money model: a beginning where nothing is known yet, never taken silently."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.analysis.market import LOYALTY_PRESETS, Loyalty
from apps.analysis.models import Parameter


@dataclass(frozen=True)
class PresetRow:
    parameter: str
    low: Decimal
    likely: Decimal
    high: Decimal
    unit: str = "share"


@dataclass(frozen=True)
class Preset:
    """A set of numbers from one source, and for whom they were measured."""

    label: str
    source: str
    dated_on: date
    population: str
    rows: tuple[PresetRow, ...]


def _loyalty(found: Loyalty) -> Preset:
    """Published is who stays; the model asks who leaves. Nothing was published on the merely mollified: they lie
    somewhere between satisfied and dissatisfied."""
    satisfied, dissatisfied, silent = (
        1 - found.satisfied, 1 - found.unsatisfied, 1 - found.silent,
    )  # fmt: skip
    quick = 1 - found.satisfied_quickly
    middle = ((satisfied + dissatisfied) / 2).quantize(Decimal("0.001"))
    return Preset(
        label=f"Loyalty, {found.label}", source=found.source, dated_on=date(1979, 1, 1),
        population="US consumers, large-scale survey",
        rows=(
            PresetRow(Parameter.LOSS_SATISFIED, quick, satisfied, satisfied),
            PresetRow(Parameter.LOSS_MOLLIFIED, satisfied, middle, dissatisfied),
            PresetRow(Parameter.LOSS_DISSATISFIED, dissatisfied, dissatisfied, dissatisfied),
            PresetRow(Parameter.LOSS_SILENT, silent, silent, silent),
        ),
    )  # fmt: skip


def _multiplier(label: str, lowest: str, highest: str) -> Preset:
    """From the share of customers with a problem who complain to the front line."""
    few, many = Decimal(lowest), Decimal(highest)
    middle = 2 / (few + many)
    low, likely, high = (point.quantize(Decimal("0.01")) for point in (1 / many, middle, 1 / few))
    return Preset(
        label=f"Multiplier, {label}", source="Goodman, Strategic Customer Service: front-line complaint rates",
        dated_on=date(2009, 1, 1), population="US consumers, several industries",
        rows=(PresetRow(Parameter.MULTIPLIER, low, likely, high, unit="customers"),),
    )  # fmt: skip


PRESETS: dict[str, Preset] = {
    "loyalty-small-loss": _loyalty(LOYALTY_PRESETS[0]),
    "loyalty-large-loss": _loyalty(LOYALTY_PRESETS[1]),
    "multiplier-mistreatment": _multiplier("mistreatment or quality", "0.05", "0.30"),
    "multiplier-money-lost": _multiplier("money lost", "0.50", "0.75"),
}
