"""The demo company's world, made from a seed: the one function a loader calls."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from config.demo import company, contacts, history, planted, population, taxonomy, volume
from config.demo.rows import World

CUSTOMERS_A_TICKET = 0.5


def build(*, end: date, seed: int = 7, months: int = 18, tickets: int = volume.STANDARD_TICKETS) -> World:
    """The world as it stands at midnight after `end`: months of about so many tickets, with the planted truths.

    Pass yesterday, so that nothing lies in the future. Shorter than 18 months, some truths have no beginning.
    """
    days = round(months * planted.DAYS_A_MONTH)
    start = end - timedelta(days=days - 1)
    now = datetime.combine(end + timedelta(days=1), time(), ZoneInfo(company.TIME_ZONE)).astimezone(UTC)
    rng, random = np.random.default_rng(seed), Random(seed)
    calendar, profiles = company.desk(start, end), taxonomy.profiles()
    customers = population.customers(random, start, days, max(200, round(tickets * CUSTOMERS_A_TICKET)))
    busy = volume.busyness(start, days, calendar.holidays)
    expectation = volume.expected(
        profiles, start, days, population.active(customers, start, days), busy, tickets
    )
    surging = [profile.code for profile in profiles].index(planted.SURGE)
    drawn = volume.contacts(rng, expectation, busy, tickets, surging)
    desk = contacts.Desk(random, start, now, calendar, profiles, customers)
    rows, surveys = contacts.tickets(desk, drawn)
    return World(
        seed=seed,
        start=start,
        end=end,
        now=now,
        departments=company.DEPARTMENTS,
        people=company.PEOPLE,
        products=company.PRODUCTS,
        nodes=taxonomy.nodes(),
        macros=company.MACROS,
        holidays=tuple(sorted(calendar.holidays)),
        customers=customers,
        tickets=rows,
        surveys=surveys,
        exposure=population.exposure(rng, customers, start, days, busy),
        cases=history.cases(end, company.office(start, end)),
    )
