"""How well an issue was coded in a span of days, as second readings found it."""

from collections.abc import Collection
from datetime import date, timedelta

from apps.analysis.agreement import ErrorRates, error_rates
from apps.analysis.deadlines import midnight
from apps.response.models import SecondReading


def coding_errors(issues: Collection[int], first: date, last: date) -> ErrorRates:
    """Of tickets coded from `first` to `last` and read twice, weighted back to all that were coded: how many with one
    of these issues (an issue and all below it, say) had its code, and how many of the others had it too. One query.

    The numbers are those `proof.Audit` wants. Differences that nobody has settled yet are left out.
    """
    rows = SecondReading.objects.read().filter(
        first_at__gte=midnight(first),
        first_at__lt=midnight(last + timedelta(days=1)),
        true_issue__isnull=False,
    )
    read = list(rows.order_by("pk").values_list("first_issue", "true_issue", "chance"))
    wanted = set(issues)
    return error_rates(
        [code in wanted for code, _, _ in read],
        [truth in wanted for _, truth, _ in read],
        True,
        weights=[1 / chance for _, _, chance in read],
    )
