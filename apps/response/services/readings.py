"""Second readings: some tickets are coded twice, blind, so that it is known how far a code can be trusted."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from apps.intake.models import Suggestion
from apps.response import drawing
from apps.response.models import ReadingState, SampledWeek, SecondReading
from apps.response.services.coding import check_usable, classify
from helpdesk import events
from helpdesk.errors import DomainError
from helpdesk.models import CodingSource, Issue, Ticket, TicketIssue, User
from helpdesk.permissions import require
from helpdesk.rows import held

WEEK = timedelta(days=7)
WEEKS_BACK = 4  # weeks that were missed are drawn later, up to so many
KEEP_UNREAD = timedelta(days=60)
LEARN_FROM = timedelta(days=365)
# From here on a code is called disputed, or doubted: shares of readers and of the suggestion's belief.
OFTEN_DISPUTED, DOUBTED = 0.3, 0.4


class AlreadyRead(DomainError):
    """Somebody has read this ticket meanwhile. Go on with the next one."""

    code = "already-read"


class OwnCode(DomainError):
    """You gave this ticket its code yourself: somebody else has to check it."""

    code = "own-code"
    status = 403


class NothingToSettle(DomainError):
    """There is nothing to settle here: the two agree, or somebody has decided."""

    code = "nothing-to-settle"


@dataclass(frozen=True)
class _Coded:
    """A ticket's primary code, as a person gave it."""

    ticket: int
    issue: int
    by: int
    at: datetime


@transaction.atomic
def draw_readings(*, by: User, at: datetime) -> list[SecondReading]:
    """Draw from each finished week that was not drawn from yet, and let go of what nobody has read in time.

    Safe to run at any time: a week is drawn from once, and always the same tickets.
    """
    require(by, "response.settle")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('draw readings'))")
    for reading in SecondReading.objects.stale(on=at.date(), drawn_before=at - KEEP_UNREAD):
        reading.lapse(by=by, at=at)
    this_week = _monday(at)
    weeks = [this_week - WEEK * back for back in range(WEEKS_BACK, 0, -1)]
    known = set(SampledWeek.objects.filter(monday__in=weeks).values_list("monday", flat=True))
    return [row for monday in weeks if monday not in known for row in _draw_from(monday, by=by, at=at)]


@transaction.atomic
def read_again(
    *, reading: SecondReading, issue: Issue, seconds: int | None = None, by: User, at: datetime
) -> SecondReading:
    """Code a drawn ticket a second time. Raises AlreadyRead, OwnCode, UnusableIssue."""
    require(by, "response.read_again", reading.ticket)
    check_usable(issue, at)
    reading = held(reading)
    if reading.state != ReadingState.WAITING:
        raise AlreadyRead
    if reading.first_by_id == by.pk:
        raise OwnCode
    reading.read_as(issue, seconds=seconds, by=by, at=at)
    return reading


@transaction.atomic
def settle_reading(
    *, reading: SecondReading, issue: Issue, keep_both: bool = False, by: User, at: datetime
) -> SecondReading:
    """Decide between two readers, and correct the ticket where its code was wrong; `keep_both` leaves the wrong one
    on it as a second issue.

    Raises NothingToSettle, OwnCode for one of the two, UnusableIssue.
    """
    require(by, "response.settle", reading.ticket)
    check_usable(issue, at)
    ticket = held(reading.ticket)
    reading = held(reading)
    if reading.state != ReadingState.DIFFERS:
        raise NothingToSettle
    if by.pk in (reading.first_by_id, reading.second_by_id):
        raise OwnCode(_("You are one of the two who differ: a third person has to decide."))
    reading.settle_as(issue, by=by, at=at)
    if ticket.merged_into_id is None and ticket.primary_issue_id != issue.pk:
        _correct(ticket, issue, keep_both=keep_both, by=by, at=at)
    return reading


def _correct(ticket: Ticket, issue: Issue, *, keep_both: bool, by: User, at: datetime) -> None:
    """The right code takes the wrong one's place, and with it what was given to the customer for it."""
    wrong = ticket.issues.filter(is_primary=True).select_related("issue").first()
    cause = wrong.suspected_cause if wrong else ""
    right = classify(ticket=ticket, issue=issue, suspected_cause=cause, by=by, at=at)
    if wrong is None or keep_both:
        return
    if wrong.remedy and not right.remedy:
        right.remedy, right.remedy_amount = wrong.remedy, wrong.remedy_amount
        right.save(update_fields=["remedy", "remedy_amount"])
    held(ticket).take_off(wrong.issue, by=by, at=at)


def _monday(at: datetime) -> date:
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def _draw_from(monday: date, *, by: User, at: datetime) -> list[SecondReading]:
    coded = _coded_in(monday, at)
    week = SampledWeek.objects.create(monday=monday, coded=len(coded), drawn_at=at)
    guesses, disputes = _guesses([one.ticket for one in coded]), _disputes(at)
    doubts = [drawing.doubt(one.issue, guesses.get(one.ticket, {})) for one in coded]
    usual = drawing.disagreement(0, 0)
    differing = [disputes.get(one.issue, usual) for one in coded]
    suspicion = [1 - (1 - doubt) * (1 - rate) for doubt, rate in zip(doubts, differing, strict=True)]
    drawn = drawing.draw(suspicion, settings.READINGS_A_WEEK, seed=monday.toordinal())
    rows = [
        SecondReading(
            ticket_id=coded[place].ticket, week=week, why=_why(differing[place], doubts[place]), chance=chance,
            first_issue_id=coded[place].issue, first_by_id=coded[place].by, first_at=coded[place].at,
            suggested_id=_best(guesses.get(coded[place].ticket, {})),
        )
        for place, chance in zip(drawn.places.tolist(), drawn.chances.tolist(), strict=True)
    ]  # fmt: skip
    data = {"week": monday.isoformat(), "coded": len(coded), "drawn": len(rows)}
    events.record("sample.drawn", about=f"week:{week.pk}", by=by, at=at, data=data)
    return SecondReading.objects.bulk_create(rows)


def _coded_in(monday: date, at: datetime) -> list[_Coded]:
    """What people coded in this week and nobody has read twice, in an order that never changes."""
    rows = TicketIssue.objects.filter(
        Q(issue__valid_to=None) | Q(issue__valid_to__gt=at.date()),
        is_primary=True, source=CodingSource.PERSON, coded_by__isnull=False, ticket__merged_into=None,
        coded_at__gte=_midnight(monday), coded_at__lt=_midnight(monday + WEEK),
    ).exclude(ticket__in=SecondReading.objects.values("ticket"))  # fmt: skip
    fields = ("ticket_id", "issue_id", "coded_by_id", "coded_at")
    return [_Coded(*row) for row in rows.order_by("ticket_id").values_list(*fields)]


def _guesses(tickets: Sequence[int]) -> Mapping[int, dict[int, float]]:
    """What the suggestion thought of each ticket: issues and its confidence, the best first."""
    found: dict[int, dict[int, float]] = defaultdict(dict)
    rows = Suggestion.objects.filter(ticket__in=tickets, is_further=False).order_by("ticket_id", "rank")
    for ticket, issue, confidence in rows.values_list("ticket_id", "issue_id", "confidence"):
        found[ticket][issue] = confidence
    return found


def _disputes(at: datetime) -> dict[int, float]:
    """How often the second reader of a code differed, in the last year: one rate for each code."""
    read = SecondReading.objects.read().filter(second_at__gt=at - LEARN_FROM).order_by()
    differed = Count("id", filter=~Q(second_issue=F("first_issue")))
    rows = read.values_list("first_issue").annotate(read=Count("id"), differed=differed)
    return {issue: drawing.disagreement(read, differed) for issue, read, differed in rows}


def _best(guesses: Mapping[int, float]) -> int | None:
    return next(iter(guesses), None)


def _why(differing: float, doubt: float) -> SecondReading.Why:
    if doubt >= DOUBTED and doubt >= differing:
        return SecondReading.Why.DOUBTED
    return SecondReading.Why.DISPUTED if differing >= OFTEN_DISPUTED else SecondReading.Why.ANY
