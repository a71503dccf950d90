"""What the pages of campaigns show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.analysis.contacts import Contacts
from apps.analysis.deadlines import today, yesterday
from apps.analysis.models import DayCount, Signal, SignalKind
from apps.analysis.places import Place
from apps.analysis.queries.contacts import read_contacts
from apps.analysis.queries.taxonomy import place_names
from apps.analysis.series import Floats
from apps.analysis.solicited import TAIL
from apps.awareness.complaint_rate import ComplaintRate
from apps.awareness.lift import Lift, lift, lift_against
from apps.awareness.models.campaign import (
    Campaign,
    CampaignProblem,
    CampaignReply,
    CampaignVisits,
    Via,
)
from helpdesk.charts import Caption, Chart, Line, LinePoint, draw_lines
from helpdesk.models import Issue, Ticket

WEEKS_BEFORE = 8
SHOWN = 20
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class IssueRate:
    """One problem of the aided list, and what share of those who had it told us."""

    issue: Issue
    rate: ComplaintRate


@dataclass(frozen=True)
class Heard:
    """How a campaign was answered, by way."""

    visits: dict[str, int]
    replies: dict[str, int]
    tickets: dict[str, int]

    @property
    def all_visits(self) -> int:
        return sum(self.visits.values())

    @property
    def all_replies(self) -> int:
        return sum(self.replies.values())

    @property
    def all_tickets(self) -> int:
        return sum(self.tickets.values())

    @property
    def ways(self) -> list[tuple[str, int, int, int]]:
        return [
            (str(via.label), self.visits.get(via, 0), self.replies.get(via, 0), self.tickets.get(via, 0))
            for via in Via
        ]


@dataclass(frozen=True)
class Spill:
    """The lift of contacts without the mark: before and during, and against those who were not asked."""

    own: Lift | None
    against: Lift | None

    @property
    def best(self) -> Lift | None:
        return self.against or self.own


@dataclass(frozen=True)
class CampaignPage:
    """One campaign: who came, what they told, and what the analysis made of it."""

    campaign: Campaign
    stands: str
    heard: Heard
    rates: list[IssueRate]
    all_rate: ComplaintRate
    spill: Spill
    chart: Chart | None
    tickets: list[Ticket]
    signals: list[Signal]

    @property
    def share_answered(self) -> float | None:
        """Of those who saw it; of those who opened its page where nobody knows how many saw it."""
        seen = self.campaign.reach or self.heard.all_visits
        return min(self.heard.all_replies / seen, 1.0) if seen else None


def campaigns() -> QuerySet[Campaign]:
    """Each with its visits, replies and tickets; one query."""
    return Campaign.objects.annotate(
        seen=_number(CampaignVisits.objects.filter(campaign=OuterRef("pk")), Sum("number"), "campaign"),
        answered=_number(CampaignReply.objects.filter(campaign=OuterRef("pk")), Count("pk"), "campaign"),
        brought=_number(Ticket.objects.filter(campaign=OuterRef("key")), Count("pk"), "campaign"),
    )


def _number(rows: QuerySet[Any], what: Sum | Count, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=what).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def campaign_page(campaign: Campaign, *, at: datetime) -> CampaignPage:
    """A dozen queries, whatever came."""
    last = min(campaign.ends_on + TAIL, yesterday(at))
    first = campaign.starts_on - WEEKS_BEFORE * WEEK
    rates, all_rate = _rates(campaign)
    return CampaignPage(
        campaign=campaign,
        stands=campaign.stands(today(at)),
        heard=_heard(campaign),
        rates=rates,
        all_rate=all_rate,
        spill=_spill(campaign, first, last),
        chart=_chart(campaign, first, last),
        tickets=list(
            Ticket.objects.filter(campaign=campaign.key)
            .select_related("primary_issue")
            .order_by("-id")[:SHOWN]
        ),
        signals=list(
            Signal.objects.filter(
                kind=SignalKind.SURGE,
                window_end__gte=campaign.starts_on,
                window_start__lte=campaign.ends_on + TAIL,
            ).order_by("-excess")[:SHOWN]
        ),
    )


def complaint_rate(campaign: Campaign, issue: Issue) -> ComplaintRate | None:
    """Of one problem; None when nobody had it."""
    rates, _ = _rates(campaign)
    return next((row.rate for row in rates if row.issue.pk == issue.pk and row.rate.had), None)


def _rates(campaign: Campaign) -> tuple[list[IssueRate], ComplaintRate]:
    after = Q(told=True) | Q(reply__ticket__isnull=False)
    said = CampaignProblem.objects.filter(reply__campaign=campaign).order_by()
    rows = said.values_list("issue").annotate(
        had=Count("pk"), before=Count("pk", filter=Q(told=True)), by_now=Count("pk", filter=after)
    )
    counted = {issue: ComplaintRate(had, before, by_now) for issue, had, before, by_now in rows}
    offered = campaign.issues.order_by("path")
    rates = [IssueRate(issue, counted.get(issue.pk, ComplaintRate(0, 0, 0))) for issue in offered]
    whole = ComplaintRate(
        sum(rate.had for rate in counted.values()), sum(rate.told_before for rate in counted.values()),
        sum(rate.told_after for rate in counted.values()),
    )  # fmt: skip
    return sorted(rates, key=lambda row: -row.rate.had), whole


def _heard(campaign: Campaign) -> Heard:
    visits = dict(campaign.visits.order_by().values_list("via").annotate(Sum("number")))
    replies, tickets = {}, {}
    for via, number, wrote in (
        campaign.replies.order_by().values_list("via").annotate(Count("pk"), Count("ticket"))
    ):
        replies[via], tickets[via] = number, wrote
    return Heard(visits, replies, tickets)


# --- what came without the mark


def _spill(campaign: Campaign, first: date, last: date) -> Spill:
    if last < campaign.starts_on:
        return Spill(None, None)
    contacts = read_contacts(first, last, names=place_names())
    start = contacts.index(campaign.starts_on)
    if start < WEEK.days or contacts.days <= start:
        return Spill(None, None)
    asked = _of_those_asked(campaign, contacts)
    own = lift(asked[:start].tolist(), asked[start:].tolist())
    if not campaign.is_for_some:
        return Spill(own, None)
    everybody = np.bincount(contacts.day, contacts.tickets, contacts.days).astype(np.float64)
    others = everybody - asked
    against = lift_against(
        asked[:start].tolist(), asked[start:].tolist(), others[:start].tolist(), others[start:].tolist()
    )
    return Spill(own, against)


def _of_those_asked(campaign: Campaign, contacts: Contacts) -> Floats:
    """Codings a day of the customers it was for; all tickets where it was for everybody."""
    if not campaign.is_for_some:
        return contacts.total
    chosen = np.ones(len(contacts.issue), np.bool_)
    for dimension, value in (("segment", campaign.segment), ("region", campaign.region)):
        if value:
            chosen &= contacts.cells_of(np.unique(contacts.issue).tolist(), Place(dimension, value))
    return np.bincount(contacts.day[chosen], contacts.tickets[chosen], contacts.days).astype(np.float64)


def _chart(campaign: Campaign, first: date, last: date) -> Chart | None:
    """Weeks with and without what it brought: what the analysis reads is the lower line."""
    days = DayCount.objects.filter(day__range=(first, last)).values_list("day", "tickets", "solicited")
    counted = {day: (tickets, solicited) for day, tickets, solicited in days}
    if not counted:
        return None
    weeks = [first + n * WEEK for n in range(((last - first).days + 1) // 7)]
    own = [sum(counted.get(begin + timedelta(days=n), (0, 0))[0] for n in range(7)) for begin in weeks]
    asked = [sum(counted.get(begin + timedelta(days=n), (0, 0))[1] for n in range(7)) for begin in weeks]
    if not weeks:
        return None
    labels = [date_format(begin, "j M") for begin in weeks]
    lines = [
        Line(
            gettext("with its tickets"),
            [LinePoint(a, float(b + c)) for a, b, c in zip(labels, own, asked, strict=True)],
        ),
        Line(gettext("without them"), [LinePoint(a, float(b)) for a, b in zip(labels, own, strict=True)]),
    ]
    title = gettext("%(asked)s tickets came through it, and are counted apart") % {"asked": sum(asked)}
    period = f"{date_format(first, 'j M')} – {date_format(last, 'j M Y')}"
    return draw_lines(Caption(title, gettext("Tickets a week"), sum(own) + sum(asked), period), lines)
