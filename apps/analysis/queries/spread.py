"""Where else: the same issue in sister products, with its rate there and what was decided about each."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from apps.analysis.deadlines import yesterday
from apps.analysis.models import Case, SpreadCheck
from apps.analysis.queries.contacts import read_measured
from apps.analysis.queries.metric import as_today
from apps.analysis.queries.taxonomy import place_names, read_taxonomy
from helpdesk.models import Product

MOST = 30
# Rates are ordered as if each product had brought so many contacts more, at the rate of all: one ticket of two contacts
# is no half.
DOUBT = 20.0


@dataclass(frozen=True)
class Sister:
    """A product with this issue among its contacts; `check` is what was decided last."""

    product: Product
    tickets: int
    contacts: int
    is_own: bool
    check: SpreadCheck | None

    @property
    def share(self) -> float:
        return self.tickets / max(self.contacts, 1)


@dataclass(frozen=True)
class Spread:
    """Since the case stood out, the highest rate first."""

    since: date
    last: date
    sisters: list[Sister]


def spread_of(case: Case, *, at: datetime) -> Spread:
    """From the counted days; six queries."""
    last, since = yesterday(at), min(case.detection_start, yesterday(at))
    taxonomy = read_taxonomy()
    contacts, measures = read_measured(since, last, names=place_names(), crosswalk=taxonomy.crosswalk)
    own = contacts.cells_of(as_today(taxonomy.subtree(case.issue_id), taxonomy) if case.issue_id else ())
    code, names = contacts.codes["product"], contacts.names["product"]
    known = code >= 0
    tickets = np.bincount(code[own & known], minlength=len(names))
    total = np.bincount(code[measures.first & known], minlength=len(names))
    usual = tickets.sum() / max(float(total.sum()), 1.0)
    order = np.argsort(-(tickets + DOUBT * usual) / (total + DOUBT), kind="stable")
    products = {product.code: product for product in Product.objects.filter(is_active=True)}
    checks = {check.product_id: check for check in case.spread.select_related("action", "by")}
    sisters = [
        Sister(
            product, int(tickets[n]), int(total[n]), case.dimension == "product" and case.value == product.code,
            checks.get(product.pk),
        )
        for n in order.tolist() if total[n] and (product := products.get(names[n])) is not None
    ]  # fmt: skip
    return Spread(since, last, sisters[:MOST])
