"""Half a year of quality reviews in Care, some of Ana's, one dispute, one calibration: drawn as the product draws."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Q

from apps.evaluation.models import (
    CalibrationItem,
    CalibrationMark,
    CalibrationSession,
    Criterion,
    Review,
    ReviewedWeek,
    ReviewMark,
    Scorecard,
    Scoring,
)
from apps.evaluation.quality.sampling import Answer, DrawnAnswer, draw_answers
from apps.evaluation.quality.scoring import Marked, result
from apps.evaluation.quality.services import lay_out_scorecard
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Direction, Message, Outcome, User

CARE, ANA, LENA = (
    ("dele@warmfold.example", "hanne@warmfold.example"),
    "ana@warmfold.example",
    "lena@warmfold.example",
)
WEEKS = range(23, 1, -2)  # weeks ago; of the last one the answers still wait
ANAS_WEEKS = (9, 5, 3)
CALIBRATED, DISPUTED, UNANSWERED = 6, 19, (21, 22, 24)
# How often a question is answered well, where it is not nearly always so.
WELL = {
    "cause": 0.6,
    "expectation": 0.7,
    "prevent": 0.6,
    "guidance": 0.7,
    "authority": 0.75,
    "process": 0.7,
    "safety": 1.0,
}
USUALLY, APPLIES = 0.92, 0.95
SUMMARIES = (
    "Warm and clear from the first line. Say when the customer hears from us again.",
    "The remedy was right. Explain why it happened, in one sentence: they asked for it.",
    "Everything was answered in one go, so nobody has to write again.",
    "Kind, but long: the answer to the question stands in the last paragraph.",
)
COUNTER = "I had no way to know: the guidance of this issue said nothing about the new sensor."


@dataclass(frozen=True)
class Seen:
    """An answer of an agent, and when it was given."""

    answer: Answer
    at: datetime


def tell_reviews(world: World, house: House) -> None:
    """The form, what was drawn with it, and what was said; last week's sample waits to be reviewed."""
    lay_out_scorecard(by=house.admin, at=house.opened_at)
    used = Scorecard.objects.get()
    criteria = list(used.criteria.all())
    answers = _answers(world, house)
    random = Random(world.seed + 5)
    reviews = [
        *(row for back in WEEKS for row in _draw(world, house, answers, back, CARE, 1)),
        *(row for back in ANAS_WEEKS for row in _draw(world, house, answers, back, (ANA,), 1)),
    ]
    told = [_write(row, place, used, criteria, house, random) for place, row in enumerate(reviews)]
    waiting = _draw(world, house, answers, 1, CARE, 2)
    weeks = {id(row.week): row.week for row in [*reviews, *waiting] if row.week}
    ReviewedWeek.objects.bulk_create(weeks.values())
    for row in [*reviews, *waiting]:
        row.week_id = row.week.pk if row.week else None
    Review.objects.bulk_create([*reviews, *waiting])
    ReviewMark.objects.bulk_create(
        ReviewMark(review=row, criterion=one, value=values[one.code])
        for row, values in zip(reviews, told, strict=True)
        for one in criteria
    )
    _calibrate(world, house, used, criteria, reviews[:CALIBRATED], random)


def _answers(world: World, house: House) -> dict[tuple[int, date], list[Seen]]:
    """What these agents answered in their own departments, by agent and week. One query."""
    people = [house.people[email] for email in (*CARE, ANA)]
    mine = Q()
    for person in people:
        mine |= Q(author=person, ticket__department=person.department_id)
    rows = Message.objects.filter(
        mine, direction=Direction.OUT, is_automatic=False, at__gte=world.now - timedelta(weeks=WEEKS[0] + 2)
    )
    found: dict[tuple[int, date], dict[int, Seen]] = defaultdict(dict)
    fields = ("author", "ticket", "at", "ticket__outcome", "ticket__reopened_count")
    for author, ticket, at, outcome, reopened in rows.order_by("at", "pk").values_list(*fields):
        trouble = outcome == Outcome.DISSATISFIED or reopened > 0
        monday = at.date() - timedelta(days=at.weekday())
        found[author, monday].setdefault(ticket, Seen(Answer(author, ticket, trouble), at))
    return {key: list(seen.values()) for key, seen in found.items()}


def _draw(
    world: World, house: House, answers: dict[tuple[int, date], list[Seen]], back: int, emails: tuple[str, ...],
    size: int,
) -> list[Review]:  # fmt: skip
    """The reviews of a week, as the night after it would have drawn them."""
    this_monday = world.now - timedelta(days=world.now.weekday())
    monday, drawn_at = (
        (this_monday - timedelta(weeks=back)).date(),
        this_monday - timedelta(weeks=back - 1, hours=-2),
    )
    people = [house.people[email] for email in emails]
    seen = [one.answer for person in people for one in answers.get((person.pk, monday), [])]
    week = ReviewedWeek(
        monday=monday, department=people[0].department, seed=world.seed, per_agent=size, answers=len(seen),
        drawn_at=drawn_at,
    )  # fmt: skip
    return [_row(week, one, drawn_at) for one in draw_answers(seen, size, seed=world.seed)]


def _row(week: ReviewedWeek, drawn: DrawnAnswer, at: datetime) -> Review:
    why = "troubled" if drawn.answer.in_trouble else "any"
    return Review(
        ticket_id=drawn.answer.ticket, agent_id=drawn.answer.agent, department=week.department, week=week, why=why,
        chance=drawn.chance, made_at=at,
    )  # fmt: skip


def _write(
    row: Review, place: int, used: Scorecard, criteria: list[Criterion], house: House, random: Random
) -> dict[str, int | None]:
    """What the reviewer found, and what the agent said to it."""
    ana = house.people[ANA]
    values = {one.code: _value(one, random) for one in criteria}
    found = result(
        [Marked(c.code, c.scale, c.weight, c.is_critical, c.about, values[c.code]) for c in criteria],
        pass_mark=used.pass_mark,
    )
    row.reviewer = house.admin if row.agent_id == ana.pk or place == DISPUTED else house.people[LENA]
    row.scorecard, row.summary = used, SUMMARIES[place % len(SUMMARIES)]
    row.score, row.system_score, row.passed = found.score, found.system, found.passed
    row.first_score, row.first_passed = found.score, found.passed
    row.published_at = row.made_at + timedelta(days=1 + place % 3, hours=8)
    row.state = "published" if place in UNANSWERED else "disputed" if place == DISPUTED else "acknowledged"
    if row.state != "published":
        row.answered_at = row.published_at + timedelta(hours=20)
        row.answer = COUNTER if row.state == "disputed" else ""
    return values


def _value(criterion: Criterion, random: Random) -> int | None:
    if random.random() > APPLIES:
        return None
    good = random.random() < WELL.get(criterion.code, USUALLY)
    if criterion.scale == "yes_no":
        return int(good)
    return random.choice((3, 4)) if good else random.choice((1, 2, 2))


def _calibrate(
    world: World,
    house: House,
    used: Scorecard,
    criteria: list[Criterion],
    answers: list[Review],
    random: Random,
) -> None:
    """Lena and Jonas scored the same answers; he is the stricter one."""
    lena = house.people[LENA]
    at = world.now - timedelta(days=33)
    session = CalibrationSession.objects.create(
        title="What is a good explanation?", department=lena.department, scorecard=used, state="closed",
        opened_by=house.admin, opened_at=at, closed_by=house.admin, closed_at=at + timedelta(days=4),
        discussion="“Is the cause explained?” was read in two ways. From now on: 4 only where the customer could tell a "
        "friend why it happened.",
    )  # fmt: skip
    session.panel.set([lena, house.admin])
    tickets = {row.ticket_id: row for row in answers}
    items = CalibrationItem.objects.bulk_create(
        CalibrationItem(session=session, place=place, ticket_id=row.ticket_id, agent_id=row.agent_id)
        for place, row in enumerate(tickets.values(), 1)
    )
    scorings = Scoring.objects.bulk_create(
        Scoring(item=item, reviewer=who, scored_by=who or house.admin, scored_at=at + timedelta(days=2))
        for item in items
        for who in (lena, house.admin, None)
    )
    first = {(item.pk, one.code): _value(one, random) for item in items for one in criteria}
    CalibrationMark.objects.bulk_create(
        CalibrationMark(
            scoring=scoring,
            criterion=one,
            value=_seen_by(scoring.reviewer, first[scoring.item_id, one.code], one, random),
        )
        for scoring in scorings
        for one in criteria
    )


def _seen_by(who: User | None, value: int | None, criterion: Criterion, random: Random) -> int | None:
    """The second reads it stricter now and then, where the scale lets him."""
    if who is None or who.role == "lead" or value is None or random.random() < 0.7:
        return value
    return max(value - 1, 0 if criterion.scale == "yes_no" else 1)
