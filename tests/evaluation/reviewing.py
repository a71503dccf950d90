"""Answers, reviews and panels for the tests of quality."""

from datetime import datetime, timedelta

from apps.evaluation.models import CalibrationSession, Criterion, Review, ReviewedWeek, Scorecard
from apps.evaluation.quality import services
from apps.evaluation.quality.services import Given
from helpdesk.models import Message, Role, Ticket, User
from tests.factories import NOW, Cast, make_ticket, make_user

LAST_WEEK = NOW - timedelta(days=7)  # a Wednesday too


def answered(cast: Cast, agent: User | None = None, *, at: datetime = LAST_WEEK, **fields) -> Ticket:
    """A ticket of last week with one answer to its customer."""
    ticket = make_ticket(cast, at=at - timedelta(hours=1), **fields)
    Message.write(ticket=ticket, body="We are on it.", by=agent or cast.ana, at=at, channel="email")
    return ticket


def form() -> Scorecard:
    """The preset, in use."""
    services.lay_out_scorecard(by=User.objects.system(), at=NOW)
    return Scorecard.objects.get(state="published", department=None)


def marks(scorecard: Scorecard, **other: int | None) -> dict[str, Given]:
    """Everything as well as can be, but for those named: `every_issue=0`, None where it does not apply."""
    best = {one.code: 1 if one.scale == "yes_no" else 4 for one in scorecard.criteria.all()}
    return {code: Given(value) for code, value in best.items()} | {
        code.replace("_", "-"): Given(value) for code, value in other.items()
    }


def drawn(cast: Cast, *, at: datetime = NOW, seed: int = 7) -> list[Review]:
    return services.draw_reviews(seed=seed, by=cast.system, at=at)


def waiting(cast: Cast, agent: User | None = None, *, chance: float = 0.5, at: datetime = NOW) -> Review:
    """A drawn review of an answer, as the draw would have left it."""
    agent = agent or cast.ana
    week, _ = ReviewedWeek.objects.get_or_create(
        monday=(at - timedelta(days=at.weekday() + 7)).date(), department=cast.billing,
        defaults={"seed": 1, "per_agent": 2, "answers": 4, "drawn_at": at},
    )  # fmt: skip
    return Review.objects.create(
        ticket=answered(cast, agent, at=at - timedelta(days=3)), agent=agent, department=cast.billing, why="any",
        week=week, chance=chance, made_at=at,
    )  # fmt: skip


def reviewed(cast: Cast, *, at: datetime = NOW, by: User | None = None, chance: float = 0.5,
             agent: User | None = None, **other: int | None) -> Review:  # fmt: skip
    """A published review."""
    used = Scorecard.objects.filter(state="published").first() or form()
    return services.publish_review(
        review=waiting(cast, agent, chance=chance, at=at), scorecard=used, marks=marks(used, **other),
        summary="Well done.", by=by or cast.lena, at=at,
    )  # fmt: skip


def second_lead(cast: Cast) -> User:
    return User.objects.filter(email="leo@desk.test").first() or make_user("leo", Role.LEAD, cast.billing)


def session(cast: Cast, *tickets: Ticket) -> CalibrationSession:
    """Lena and Leo score these, opened by Ada, who only looks on."""
    if not Scorecard.objects.filter(state="published").exists():
        form()
    return services.open_calibration(
        title="May", tickets=tickets or [answered(cast)], panel=[cast.lena, second_lead(cast)],
        department=cast.billing, by=cast.ada, at=NOW,
    )  # fmt: skip


def criterion(scorecard: Scorecard, code: str) -> Criterion:
    return scorecard.criteria.get(code=code)
