"""Many days of tickets at once, for what only shows over months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.db import connection

from helpdesk.models import Issue, TaxonomyRelease
from tests.factories import NOW, Cast, make_issue

TODAY = NOW.date()

# Thousands of rows: three statements instead of thousands of objects.
SOW = """
    INSERT INTO helpdesk_ticket (subject, customer_id, department_id, status, severity, channel, contact_type,
        product_version, segment, region, language, primary_issue_id, remedy_wanted, attempts_before, outcome,
        handling_minutes, reopened_count, tags, custom, campaign, occurred_at, opened_at, updated_at, clock_state)
    SELECT %(subject)s, %(customer)s, %(department)s, 'new', 3, %(channel)s, 'problem', '', '', region, '', %(issue)s,
        '', 0, '', 0, 0, '{}', '{}', %(campaign)s, at, at, at, ''
    FROM unnest(%(at)s::timestamptz[], %(region)s::text[]) AS sown (at, region)
"""
CODE = """
    INSERT INTO helpdesk_ticketissue (ticket_id, issue_id, release_id, is_primary, source, coded_at, at,
        suspected_cause, remedy)
    SELECT id, primary_issue_id, %(release)s, true, 'person', opened_at, opened_at, '', '' FROM helpdesk_ticket ticket
    WHERE primary_issue_id = %(issue)s AND NOT EXISTS (SELECT FROM helpdesk_ticketissue WHERE ticket_id = ticket.id)
"""
SAY = """
    INSERT INTO helpdesk_message (ticket_id, direction, channel, customer_id, sender_name, sender_email, body, html,
        is_automatic, in_reply_to, at)
    SELECT id, 'in', channel, customer_id, '', '', %(body)s, '', false, '', opened_at FROM helpdesk_ticket ticket
    WHERE NOT EXISTS (SELECT FROM helpdesk_message WHERE ticket_id = ticket.id)
"""


@dataclass
class World:
    """Four issues of one branch, and one elsewhere; `sow` gives them tickets."""

    cast: Cast
    parent: Issue
    charged: Issue
    refund: Issue
    late: Issue
    login: Issue
    unfit: Issue

    @property
    def issues(self) -> tuple[Issue, ...]:
        return self.charged, self.refund, self.late, self.login


def make_world(cast: Cast) -> World:
    parent = make_issue("invoice", owner=cast.billing)
    delivery = make_issue("delivery", owner=cast.shipping)
    return World(
        cast=cast,
        parent=parent,
        charged=make_issue("charged-twice", owner=cast.billing, parent=parent),
        refund=make_issue("refund-late", owner=cast.billing, parent=parent),
        late=make_issue("late-parcel", owner=cast.shipping, parent=delivery),
        login=make_issue("login-code", owner=cast.billing),
        unfit=make_issue("no-fitting-code", kind="no_code"),
    )


def day_before(days: int) -> date:
    return TODAY - timedelta(days=days)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def sow(
    world: World,
    issue: Issue | None,
    rates: dict[tuple[int, int], float],
    *,
    seed: int,
    regions=("north", "south"),
    subject: str = "Something is wrong",
    body: str = "",
    channel: str = "form",
    campaign: str = "",
) -> int:
    """Poisson tickets for days `(from, to)` days ago, at so many a day: `{(300, 30): 2.0, (30, 0): 6.0}`."""
    dice = np.random.default_rng(seed)
    days = [ago for begin, end in rates for ago in range(begin, end, -1)]
    means = [rate for (begin, end), rate in rates.items() for _ in range(begin, end, -1)]
    moments = [
        noon(day_before(ago)) for ago, n in zip(days, dice.poisson(means), strict=True) for _ in range(n)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            SOW,
            {
                "subject": subject,
                "customer": world.cast.zoe.pk,
                "department": world.cast.billing.pk,
                "channel": channel,
                "campaign": campaign,
                "issue": issue.pk if issue else None,
                "at": moments,
                "region": [str(region) for region in dice.choice(regions, len(moments))],
            },
        )
        if issue is not None:
            cursor.execute(CODE, {"issue": issue.pk, "release": TaxonomyRelease.objects.get(number=1).pk})
        if body:
            cursor.execute(SAY, {"body": body})
    return len(moments)


def sow_quiet(world: World, days: int = 330, *, rate: float = 2.0, but: tuple[Issue, ...] = ()) -> None:
    """Every issue as ever."""
    for number, issue in enumerate(world.issues):
        if issue not in but:
            sow(world, issue, {(days, 0): rate}, seed=10 + number)
