"""Marks as numbers, in the database: points, and the sums that averages need, as of any moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, Q, Sum, When
from django.db.models.functions import Cast

from apps.evaluation.models import Scale
from apps.evaluation.quality.scoring import Sums

WEIGHT = Cast(1.0 / F("chance"), FloatField())
# What a query that is grouped yields for `sums_of`, in its order.
SUMS = ("n", "w", "ww", "wx", "wwx", "wwxx")
SAME = 1e-9  # points are thirds: they are compared with the pass mark as far as that is exact


def sums(x: Any, weight: Any) -> dict[str, Any]:
    """Annotations of a grouped query: what a weighted mean of x needs, its parts in the order of `SUMS`."""
    return {
        "n": Count("pk"), "w": Sum(weight), "ww": Sum(weight * weight), "wx": Sum(weight * x),
        "wwx": Sum(weight * weight * x), "wwxx": Sum(weight * weight * x * x),
    }  # fmt: skip


def sums_of(row: Mapping[str, Any]) -> Sums:
    return Sums(*(row[name] for name in SUMS))


def value_as_of(at: datetime) -> Case:
    """The mark as it stood: a dispute that was settled later has not changed it yet."""
    return Case(
        When(Q(is_corrected=True, review__settled_at__gt=at), then=F("first_value")), default=F("value")
    )


def points(value: str) -> Case:
    """Of an annotated value, the share of its scale."""
    number = Cast(F(value), FloatField())
    return Case(
        When(criterion__scale=Scale.YES_NO, then=number),
        default=(number - 1.0) / 3.0,
        output_field=FloatField(),
    )
