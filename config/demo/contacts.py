"""From "somebody will write" to a ticket with all that was done about it."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import exp
from random import Random
from zoneinfo import ZoneInfo

from apps.control.clock import BusinessCalendar, due_at
from config.demo import company, planted, texts
from config.demo.rows import CustomerRow, SurveyRow, TicketRow
from config.demo.taxonomy import Profile, Wording, unnamed_wording
from config.demo.volume import Contact

CHANNELS, CHANNEL_SHARES, OFF_HOURS_SHARES = (
    ("email", "form", "phone", "api"),
    (46, 27, 21, 6),
    (52, 40, 0, 8),
)
HOURS_ONLINE = (1, 1, 0, 0, 0, 1, 3, 6, 9, 10, 10, 9, 8, 8, 8, 8, 8, 9, 10, 11, 11, 9, 6, 3)
HOURS_STAFFED = (0,) * 8 + (6, 11, 12, 10, 8, 8, 9, 10, 9, 7, 5) + (0,) * 5
HOURS_ON_SATURDAY = (0,) * 9 + (4, 5, 4, 3, 2) + (0,) * 10
REPEAT, REPEAT_WITHIN_DAYS = 0.07, 21
SECOND_ISSUE = 0.08
NEVER_CODED, UNCODED_UNTIL_ANSWERED, UNNAMED_UNCODED = 0.03, 0.25, 0.6
SOLVED_AT_ONCE, REOPENED, DRAGS_ON = 0.42, 0.045, 0.3
# Median and spread of working minutes; the desk works eleven hours a day.
MINUTES_TO_REPLY, MINUTES_TO_SOLVE, MINUTES_DRAGGING = (100, 1.0), (260, 1.1), (4_200, 0.8)
SURVEYED = 0.36
DAYS_TO_CLOSE = 7
KNOWN_CUSTOMER_EVERY = 3_300
CAUSES = ("employee", "product", "process", "promise", "customer")
REMEDIES_WANTED = ("refund", "a new device", "an explanation", "an apology", "a call", "that it works")
PROBLEM_TYPES = ("problem", "question", "complaint", "request")


@dataclass
class Desk:
    """Everything the customers and the desk draw on, and a memory of who wrote last about what."""

    random: Random
    start: date
    now: datetime
    calendar: BusinessCalendar
    profiles: tuple[Profile, ...]
    customers: tuple[CustomerRow, ...]
    joined: list[date] = field(init=False)
    agents: dict[str, list[company.Person]] = field(init=False)
    quiet: list[Profile] = field(init=False)
    unfitting: Profile = field(init=False)
    last: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.joined = [customer.joined_on for customer in self.customers]
        self.unfitting = next(profile for profile in self.profiles if profile.kind == "no_code")
        self.quiet = [
            profile
            for profile in self.profiles
            if profile.kind == "reason" and profile.code not in planted.QUIET_EXCEPTIONS
        ]
        self.agents = {
            department.slug: [
                person
                for person in company.PEOPLE
                if person.role == "agent" and person.department == department.slug
            ]
            for department in company.DEPARTMENTS
        }


@dataclass(frozen=True)
class Scene:
    """Who writes about what, and who answers."""

    meant: str
    profile: Profile
    wording: Wording
    second: Profile | None
    whose: int
    customer: CustomerRow
    language: str
    plan: str
    version: str
    department: str
    agent: company.Person


@dataclass(frozen=True)
class Handling:
    """When a ticket was answered, solved and closed, as far as that has happened."""

    status: str
    first_replied_at: datetime | None
    solved_at: datetime | None
    closed_at: datetime | None
    reopened_count: int
    updated_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What the customer said afterwards, if anything."""

    outcome: str = ""
    would_buy_again: bool | None = None
    told_others: int | None = None


def tickets(desk: Desk, contacts: list[Contact]) -> tuple[tuple[TicketRow, ...], tuple[SurveyRow, ...]]:
    """All tickets in the order in which they were opened, and the surveys about them."""
    timed = sorted(
        ((*_opening(desk, contact), contact) for contact in contacts),
        key=lambda timing: (timing[0], timing[1]),
    )
    rows: list[TicketRow] = []
    surveys: list[SurveyRow] = []
    for place, (opened_at, channel, contact) in enumerate(timed):
        row = _ticket(desk, contact, opened_at, channel, place)
        verdict, survey = _verdict(desk, row, place)
        rows.append(row._replace(**vars(verdict)) if survey else row)
        surveys += survey
    return tuple(rows), tuple(surveys)


def _opening(desk: Desk, contact: Contact) -> tuple[datetime, str]:
    day = desk.start + timedelta(days=contact.day)
    random, staffed = desk.random, bool(desk.calendar.hours_on(day))
    channel = random.choices(CHANNELS, CHANNEL_SHARES if staffed else OFF_HOURS_SHARES)[0]
    hours = HOURS_ONLINE if channel != "phone" else HOURS_ON_SATURDAY if day.weekday() == 5 else HOURS_STAFFED
    hour = random.choices(range(24), hours)[0]
    local = datetime(
        day.year, day.month, day.day, hour, random.randrange(60), random.randrange(60), tzinfo=ZoneInfo(company.TIME_ZONE)
    )  # fmt: skip
    return local.astimezone(UTC), channel


def _scene(desk: Desk, contact: Contact, channel: str, place: int) -> Scene:
    random = desk.random
    # Whoever codes the unnamed fault at all finds no fitting code for it.
    profile = desk.unfitting if contact.issue is None else desk.profiles[contact.issue]
    whose = _customer(desk, contact, place)
    language = "en" if channel == "phone" else desk.customers[whose].language
    department = "devices" if contact.issue is None else profile.handled_by
    plan = random.choices(list(company.PLAN_SHARES), list(company.PLAN_SHARES.values()))[0]
    return Scene(
        meant=planted.UNNAMED if contact.issue is None else profile.code,
        profile=profile,
        wording=unnamed_wording() if contact.issue is None else profile.wording,
        second=_second(desk, contact, profile),
        whose=whose,
        customer=desk.customers[whose],
        language=language,
        plan=plan,
        version=plan if profile.product == "plan" else _version(desk, contact, profile),
        department=department,
        agent=_agent(desk, department, language),
    )


def _second(desk: Desk, contact: Contact, first: Profile) -> Profile | None:
    """A second reason, out of those nothing is planted in."""
    if contact.issue is None or first.kind != "reason" or desk.random.random() > SECOND_ISSUE:
        return None
    second = desk.random.choice(desk.quiet)
    return None if second is first else second


def _ticket(desk: Desk, contact: Contact, opened_at: datetime, channel: str, place: int) -> TicketRow:
    random = desk.random
    scene = _scene(desk, contact, channel, place)
    profile, letter = scene.profile, _letter(desk, contact, scene, channel)
    handling = _handling(desk, opened_at)
    issues = _issues(desk, contact, scene, handling)
    settled = bool(issues) and handling.solved_at is not None
    remedy = random.choices(profile.remedies, (6, 3, 2)[: len(profile.remedies)])[0] if settled else ""
    return TicketRow(
        subject=letter.subject,
        body=letter.body,
        customer=scene.whose,
        channel=channel,
        contact_type=profile.contact_type if random.random() < 0.82 else random.choice(PROBLEM_TYPES),
        severity=_severity(random, profile.severity),
        product=profile.product,
        product_version=scene.version,
        segment=scene.customer.segment,
        region=scene.customer.region,
        language=scene.language,
        department=scene.department,
        assignee=scene.agent.email if handling.status != "new" or random.random() < 0.4 else None,
        status=handling.status,
        issues=issues,
        coded_at=(handling.first_replied_at or handling.updated_at) if issues else None,
        suspected_cause=_cause(random, profile) if settled else "",
        remedy=remedy,
        remedy_amount=_money(random) if remedy in {"refund", "credit"} else None,
        remedy_wanted=random.choice(REMEDIES_WANTED) if random.random() < 0.2 else "",
        attempts_before=random.choices(range(4), (76, 16, 6, 2))[0],
        handling_minutes=round(9 * exp(random.gauss(0, 0.6))) if handling.first_replied_at else 0,
        reopened_count=handling.reopened_count,
        occurred_at=opened_at - timedelta(minutes=5 + int(random.expovariate(1 / 2200))),
        opened_at=opened_at,
        first_replied_at=handling.first_replied_at,
        reply=letter.reply if handling.first_replied_at else "",
        solved_at=handling.solved_at,
        closed_at=handling.closed_at,
        updated_at=handling.updated_at,
        outcome="",
        would_buy_again=None,
        told_others=None,
        meant=scene.meant,
    )


def _letter(desk: Desk, contact: Contact, scene: Scene, channel: str) -> texts.Letter:
    day = desk.start + timedelta(days=contact.day)
    occasion = texts.Occasion(
        scene.customer.name, day, scene.language, channel, scene.version, scene.plan, scene.agent.name
    )
    second = scene.second.wording if scene.second else None
    return texts.compose(desk.random, scene.wording, second, occasion)


def _customer(desk: Desk, contact: Contact, place: int) -> int:
    """Who writes: often anybody, sometimes the one who wrote about the same a few days ago."""
    issue = -1 if contact.issue is None else contact.issue
    before, day = desk.last.get(issue, (0, -REPEAT_WITHIN_DAYS - 1))
    if not contact.in_surge and place % KNOWN_CUSTOMER_EVERY == KNOWN_CUSTOMER_EVERY - 1:
        return 0
    if not contact.in_surge and contact.day - day <= REPEAT_WITHIN_DAYS and desk.random.random() < REPEAT:
        return before
    whose = next(found for found in _candidates(desk, contact))
    desk.last[issue] = (whose, contact.day)
    return whose


def _candidates(desk: Desk, contact: Contact) -> Iterator[int]:
    today = desk.start + timedelta(days=contact.day)
    known = bisect_right(desk.joined, today)
    while True:
        place = desk.random.randrange(1, known)
        customer = desk.customers[place]
        left = customer.left_on is not None and customer.left_on <= today
        if not left and (not contact.in_surge or customer.region == planted.SURGE_REGION):
            yield place


def _version(desk: Desk, contact: Contact, profile: Profile) -> str:
    if contact.in_surge:
        return planted.SURGE_VERSION
    if profile.code == planted.SLOW_BURN and desk.random.random() < 0.7:
        return "V1"
    product = next(product for product in company.PRODUCTS if product.code == profile.product)
    days_left = (desk.now.date() - desk.start).days - contact.day
    return _version_in_use(desk.random, product, days_left)


def _version_in_use(random: Random, product: company.Product, days_left: int) -> str:
    """The version a customer has on a day: each release wins over its part of the users of the one before."""
    for release in reversed(product.releases[1:]):
        age = release.days_out - days_left
        if age > 0 and random.random() < 1 - exp(-age / company.DAYS_TO_ADOPT):
            return release.version
    return product.releases[0].version


def _agent(desk: Desk, department: str, language: str) -> company.Person:
    """Somebody of the department who speaks the language, if there is anybody."""
    agents = desk.agents[department] or desk.agents["care"]
    return desk.random.choice([agent for agent in agents if language in agent.languages] or agents)


def _handling(desk: Desk, opened_at: datetime) -> Handling:
    random, now = desk.random, desk.now
    replied = _later(desk, opened_at, MINUTES_TO_REPLY)
    if replied > now:
        return Handling("new", None, None, None, 0, opened_at)
    at_once = random.random() < SOLVED_AT_ONCE
    drags = random.random() < DRAGS_ON
    solved = replied if at_once else _later(desk, replied, MINUTES_DRAGGING if drags else MINUTES_TO_SOLVE)
    reopened = random.random() < REOPENED
    if reopened:
        solved = _later(desk, solved, MINUTES_TO_SOLVE)
    if solved > now:
        waiting = random.choices(("open", "waiting_customer", "waiting_owner"), (40, 45, 15))[0]
        return Handling(waiting, replied, None, None, 0, replied)
    closed = solved + timedelta(days=DAYS_TO_CLOSE)
    if closed > now:
        return Handling("solved", replied, solved, None, int(reopened), solved)
    return Handling("closed", replied, solved, closed, int(reopened), closed)


def _later(desk: Desk, start: datetime, working_minutes: tuple[float, float]) -> datetime:
    """Some working time later, drawn by its median and the spread of its logarithm."""
    median, spread = working_minutes
    return due_at(start, 1 + round(median * exp(desk.random.gauss(0, spread))), desk.calendar)


def _issues(desk: Desk, contact: Contact, scene: Scene, handling: Handling) -> tuple[str, ...]:
    uncoded = UNNAMED_UNCODED if contact.issue is None else NEVER_CODED
    if handling.first_replied_at is None:
        uncoded = max(uncoded, UNCODED_UNTIL_ANSWERED)
    if desk.random.random() < uncoded:
        return ()
    return tuple(profile.code for profile in (scene.profile, scene.second) if profile)


def _severity(random: Random, usual: int) -> int:
    chance = random.random()
    if chance < 0.006:
        return 1
    if chance < 0.13:
        return min(4, max(2, usual + random.choice((-1, 1))))
    return usual


def _cause(random: Random, profile: Profile) -> str:
    return profile.cause if random.random() < 0.72 else random.choice(CAUSES)


def _money(random: Random) -> Decimal:
    return Decimal(random.randrange(490, 9900, 10)) / 100


def _verdict(desk: Desk, row: TicketRow, place: int) -> tuple[Verdict, list[SurveyRow]]:
    random = desk.random
    if row.solved_at is None or random.random() > SURVEYED:
        return Verdict(), []
    sent = row.solved_at + timedelta(days=2)
    answered = sent + timedelta(hours=1 + random.expovariate(1 / 20))
    if answered > desk.now:
        return Verdict(), []
    outcome = random.choices(("satisfied", "mollified", "dissatisfied"), _satisfaction(row))[0]
    again, told, recommend = {
        "satisfied": (0.94, 1.1, (7, 8, 9, 9, 10, 10)),
        "mollified": (0.77, 1.7, (5, 6, 7, 7, 8)),
        "dissatisfied": (0.39, 4.6, (0, 1, 2, 3, 4, 5)),
    }[outcome]
    buys = None if random.random() < 0.08 else random.random() < again
    verdict = Verdict(outcome, buys, min(40, int(random.expovariate(1 / (told + 0.5)))))
    solved_in_one = row.first_replied_at == row.solved_at and not row.reopened_count
    survey = SurveyRow(
        place,
        sent,
        answered,
        outcome,
        buys,
        random.choice(recommend),
        verdict.told_others or 0,
        solved_in_one,
    )
    return verdict, [survey]


def _satisfaction(row: TicketRow) -> tuple[float, float, float]:
    """Weights of satisfied, mollified, dissatisfied: quick, once and with more than money satisfies best."""
    satisfied, mollified, dissatisfied = 60.0, 26.0, 14.0
    if row.severity <= 2:
        satisfied, dissatisfied = satisfied - 14, dissatisfied + 8
    if row.reopened_count or row.attempts_before > 1:
        satisfied, dissatisfied = satisfied - 18, dissatisfied + 16
    if row.first_replied_at == row.solved_at:
        satisfied, dissatisfied = satisfied + 14, dissatisfied - 5
    if row.remedy in {"replacement", "repair", "refund"}:
        satisfied += 8
    return satisfied, mollified, dissatisfied
