"""The customers of the demo company, and how many of them there were on each day."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
from numpy.typing import NDArray

from config.demo import company, names
from config.demo.logins import LOGINS
from config.demo.rows import CustomerRow, ExposureRow

JOINED_BEFORE = 0.58
DAYS_BEFORE = 1100
DAYS_TO_LEAVE = 4800
ORDERS_A_DAY = 0.014


def customers(random: Random, start: date, days: int, number: int) -> tuple[CustomerRow, ...]:
    """So many households, ordered by the day they joined; the first is the customer who has a login."""
    early = int(number * JOINED_BEFORE)
    joined = sorted(
        [-1 - int(DAYS_BEFORE * random.random() ** 1.3) for _ in range(early - 1)]
        # The square root makes the base grow faster towards the end, as a young company's does.
        + [int(days * random.random() ** 0.9) for _ in range(number - early)]
    )
    first = _known_customer(start - timedelta(days=DAYS_BEFORE + 30))
    return (first, *(_customer(random, start, days, place, day) for place, day in enumerate(joined, 1)))


def _known_customer(joined_on: date) -> CustomerRow:
    login = next(login for login in LOGINS if login.role == "customer")
    segment = company.SEGMENTS[0]
    return CustomerRow(
        login.name,
        login.email,
        "07700 900100",
        "",
        segment.name,
        "South",
        segment.value,
        "en",
        joined_on,
        None,
    )


def _customer(random: Random, start: date, days: int, place: int, joined: int) -> CustomerRow:
    region = random.choices(company.REGIONS, [region.share for region in company.REGIONS])[0]
    segment = random.choices(company.SEGMENTS, [segment.share for segment in company.SEGMENTS])[0]
    languages, shares = zip(*region.languages, strict=True)
    language = random.choices(languages, shares)[0]
    given, family = random.choice(names.GIVEN[language]), random.choice(names.FAMILY[language])
    left = max(joined, 0) + 1 + int(random.expovariate(1 / DAYS_TO_LEAVE))
    return CustomerRow(
        name=f"{given} {family}",
        email=f"{given}.{family}.{place}@{random.choice(names.DOMAINS)}".lower(),
        phone=f"07700 900{random.randrange(1000):03}" if random.random() < 0.4 else "",
        organisation=f"{family} Lettings" if segment.name == "Landlord" else "",
        segment=segment.name,
        region=region.name,
        value=(segment.value * Decimal(str(round(random.uniform(0.7, 1.3), 3)))).quantize(Decimal("0.01")),
        language=language,
        joined_on=start + timedelta(days=joined),
        left_on=start + timedelta(days=left) if left < days else None,
    )


def active(rows: tuple[CustomerRow, ...], start: date, days: int) -> NDArray[np.int64]:
    """How many of these customers there were on each day."""
    change = np.zeros(days + 1, dtype=np.int64)
    for row in rows:
        change[max((row.joined_on - start).days, 0)] += 1
        if row.left_on is not None:
            change[(row.left_on - start).days] -= 1
    return np.cumsum(change)[:days]


def exposure(
    rng: np.random.Generator, rows: tuple[CustomerRow, ...], start: date, days: int, busy: NDArray[np.float64]
) -> tuple[ExposureRow, ...]:
    """Active customers and orders by day, region and segment; orders follow the weekdays in `busy`."""
    found = []
    for region in company.REGIONS:
        for segment in company.SEGMENTS:
            here = tuple(row for row in rows if row.region == region.name and row.segment == segment.name)
            counts = active(here, start, days)
            orders = rng.poisson(counts * ORDERS_A_DAY * busy)
            found += [
                ExposureRow(start + timedelta(days=day), region.name, segment.name, int(count), int(order))
                for day, (count, order) in enumerate(zip(counts, orders, strict=True))
            ]
    return tuple(sorted(found))
