"""What the team learns: two courses, who is late with one, whose certificate runs out, and what Lena talked about."""

from datetime import datetime, timedelta

from apps.analysis.deadlines import today
from apps.response.models import Guidance
from apps.response.services import save_guidance
from apps.staff import services
from apps.staff.models import Assignment, Course, Skill
from config.demo.load.house import House
from config.demo.rows import World
from helpdesk.models import Ticket, User

LEAD = "lena@warmfold.example"
DAY = timedelta(days=1)
MONEY = services.CourseWords(
    title="Refunds and credits",
    teaches="When to give money back, how much without asking, and how to say no.",
    body=(
        "1. Ask for the order before you look at the charge.\n"
        "2. What went wrong by our hand is paid back the same day.\n"
        "3. A credit is an offer, a refund is a right: never offer the first for the second.\n"
        "4. Above your limit: ask your lead first, the customer afterwards.\n\n"
        "Pass it once you have answered the five tickets your lead gives you."
    ),
    minutes=40,
    lasts_days=365,
    grants=Skill.Level.ABLE,
    is_required=True,
)
HEAT = services.CourseWords(
    title="When a device grows hot",
    teaches="What to ask, what to tell the customer to do at once, and whom to wake.",
    link="https://learn.warmfold.example/safety/heat",
    minutes=20,
    lasts_days=180,
    needs_lead=True,
)
NEW_QUESTION = "Ask whether the bank shows both charges as booked, or one of them as reserved only."


def train(world: World, house: House) -> None:
    """As it stands today, told by the services on their days."""
    lead, now = house.people[LEAD], world.now
    services.lay_out_rules(by=house.admin, at=house.opened_at)
    money = services.save_course(words=MONEY, issues=[house.issues["billing"]], by=lead, at=now - 500 * DAY)
    heat = services.save_course(words=HEAT, issues=[house.issues["device"]], by=lead, at=now - 300 * DAY)
    _certificates(house, money, heat, now)
    _assignments(house, money, heat, now)
    _guidance(house, now)
    _coaching(house, lead, now)


def _certificates(house: House, money: Course, heat: Course, now: datetime) -> None:
    """Lena's runs out within the month, which has given her the course again; Grace's has run out."""
    held = (("ana", money, 90), ("tomasz", money, 210), ("grace", money, 372), ("lena", money, 344),
            ("hanne", money, 60), ("sunniva", heat, 40), ("farid", heat, 120), ("lena", heat, 30))  # fmt: skip
    for name, course, days in held:
        services.grant_certificate(
            user=_person(house, name),
            course=course,
            passed_on=today(now) - days * DAY,
            by=house.admin,
            at=now,
        )
    services.renew_certificates(by=house.system, at=now - 5 * DAY)


def _assignments(house: House, money: Course, heat: Course, now: datetime) -> None:
    """Dele is late, Hanne is at it, Ana and Katya have time."""
    for name, course, given, left in (("dele", money, 24, -6), ("hanne", heat, 12, 5), ("ana", heat, 3, 11),
                                      ("katya", heat, 20, 2)):  # fmt: skip
        at, due_on = now - given * DAY, today(now) + left * DAY
        row = services.assign_course(
            user=_person(house, name), course=course, due_on=due_on, by=house.admin, at=at
        )
        if name == "hanne":
            services.start_course(assignment=row, by=row.user, at=now - 2 * DAY)


def _guidance(house: House, now: datetime) -> None:
    """What to ask about double charges has changed; Tomasz has read it."""
    issue, at = house.issues["charged-twice"], now - 2 * DAY
    before = Guidance.objects.get(issue=issue)
    words = {
        name: getattr(before, name)
        for name in ("solution_space", "explanation", "prevention_tip", "agent_limit", "lead_limit")
    }
    save_guidance(
        issue=issue, questions=f"{before.questions}\n{NEW_QUESTION}".strip(), **words, by=house.admin, at=at
    )
    services.train_for_guidance(issue=issue, number=0, author=house.admin, by=house.system, at=at)
    read = Assignment.objects.open().filter(user=_person(house, "tomasz"), source__startswith="guidance:")
    for row in read:
        services.pass_course(assignment=row, by=row.user, at=now - DAY)


def _coaching(house: House, lead: User, now: datetime) -> None:
    dele, hanne = _person(house, "dele"), _person(house, "hanne")
    seen = (
        Ticket.objects.visible_to(lead).filter(assignee=dele).order_by("-pk").values_list("pk", flat=True)[:2]
    )
    note = services.write_coaching_note(
        user=dele, tickets=list(seen), follow_up_on=today(now), by=lead, at=now - 14 * DAY,
        body="Friendly and quick; twice the customer was told to wait without being told how long.",
        next_step="Every answer that asks for patience names a day.",
    )  # fmt: skip
    services.answer_coaching_note(
        note=note, body="Agreed. I have put it into my macros.", by=dele, at=now - 13 * DAY
    )
    services.write_coaching_note(
        user=hanne, is_private=True, by=lead, at=now - 6 * DAY,
        body="Ready to take the difficult billing cases; to be talked over with Omar.",
    )  # fmt: skip


def _person(house: House, name: str) -> User:
    return house.people[f"{name}@warmfold.example"]
