"""The weekly draw: which answers of each agent are reviewed."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext

from apps.control.models import Escalation
from apps.evaluation.models import Review, ReviewedWeek, SampleSize, Why
from apps.evaluation.models.review import USUAL_SIZE
from apps.evaluation.quality.sampling import Answer, draw_answers
from apps.evaluation.queries.window import zone
from helpdesk import events
from helpdesk.errors import Invalid, NotAllowed
from helpdesk.models import Department, Direction, Message, Outcome, Role, User
from helpdesk.permissions import may, require

WEEK = timedelta(days=7)
WEEKS_BACK = 2  # a missed week is drawn later; an older one would teach nobody anything
KEEP_UNDONE = timedelta(days=45)
MOST_A_WEEK = 20


@transaction.atomic
def set_sample_size(*, department: Department, per_agent: int, by: User, at: datetime) -> SampleSize:
    """How many answers of each agent are drawn a week; none with 0. Raises NotAllowed for another department,
    Invalid."""
    require(by, "evaluation.review")
    if not may(by, "helpdesk.configure") and department.pk != by.department_id:
        raise NotAllowed(
            gettext("You set the sample of your own department. Ask an administrator for the others.")
        )
    if not 0 <= per_agent <= MOST_A_WEEK:
        raise Invalid(
            gettext("From 0 to %(most_a_week)s a week.") % {"most_a_week": MOST_A_WEEK}, pointer="per_agent"
        )
    row, _ = SampleSize.objects.update_or_create(
        department=department, defaults={"per_agent": per_agent, "set_by": by, "set_at": at}
    )
    return row


@transaction.atomic
def draw_reviews(*, seed: int, by: User, at: datetime) -> list[Review]:
    """Draw from each finished week of each department that was not drawn from yet, and let go of what nobody has
    reviewed in time. Safe to run at any time: a week is drawn from once."""
    require(by, "evaluation.review")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('draw reviews'))")
    for review in Review.objects.stale(drawn_before=at - KEEP_UNDONE):
        review.lapse(by=by, at=at)
    this_week = _monday(at)
    weeks = [this_week - WEEK * back for back in range(WEEKS_BACK, 0, -1)]
    known = set(ReviewedWeek.objects.filter(monday__in=weeks).values_list("monday", "department"))
    departments = list(Department.objects.order_by("pk"))
    return [
        review
        for monday in weeks
        if any((monday, one.pk) not in known for one in departments)
        for review in _draw_from(
            monday, [one for one in departments if (monday, one.pk) not in known], seed=seed, by=by, at=at
        )
    ]


def _draw_from(
    monday: date, departments: list[Department], *, seed: int, by: User, at: datetime
) -> list[Review]:
    answers, sizes = _answers_in(monday), dict(SampleSize.objects.values_list("department", "per_agent"))
    rows: list[Review] = []
    for department in departments:
        found, size = answers.get(department.pk, []), sizes.get(department.pk, USUAL_SIZE)
        week = ReviewedWeek.objects.create(
            monday=monday, department=department, seed=seed, per_agent=size, answers=len(found), drawn_at=at
        )
        drawn = draw_answers(found, size, seed=seed)
        rows += [
            Review(
                ticket_id=one.answer.ticket, agent_id=one.answer.agent, department=department, week=week,
                chance=one.chance, why=Why.TROUBLED if one.answer.in_trouble else Why.ANY, made_at=at,
            )
            for one in drawn
        ]  # fmt: skip
        if found:
            data = {"week": monday.isoformat(), "answers": len(found), "drawn": len(drawn), "seed": seed}
            events.record("reviews.drawn", about=f"reviewed-week:{week.pk}", by=by, at=at, data=data)
    return Review.objects.bulk_create(rows)


def _answers_in(monday: date) -> Mapping[int, list[Answer]]:
    """What agents answered in this week, by department: each ticket once for each agent who wrote on it. One query.
    worth of work, one query."""
    escalated = Escalation.objects.filter(clock__ticket=OuterRef("ticket"))
    before = Review.objects.drawn().filter(ticket=OuterRef("ticket"), agent=OuterRef("author"))
    said = (
        Message.objects.filter(
            direction=Direction.OUT, is_automatic=False, withdrawn_at=None, at__gte=_midnight(monday),
            at__lt=_midnight(monday + WEEK), author__role=Role.AGENT, author__is_active=True,
            author__department=F("ticket__department"), ticket__merged_into=None,
        )
        .exclude(Exists(before))
        .annotate(
            trouble=Q(ticket__outcome=Outcome.DISSATISFIED) | Q(ticket__reopened_count__gt=0) | Exists(escalated)
        )
    )  # fmt: skip
    found: dict[int, list[Answer]] = defaultdict(list)
    rows = said.order_by("author", "ticket").distinct("author", "ticket")
    for department, agent, ticket, trouble in rows.values_list(
        "ticket__department", "author", "ticket", "trouble"
    ):
        found[department].append(Answer(agent, ticket, trouble))
    return found


def _monday(at: datetime) -> date:
    day = at.astimezone(zone()).date()
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())
