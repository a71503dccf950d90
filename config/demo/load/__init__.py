"""From the demo company's world to a database full of it: rows by COPY where there are thousands, services elsewhere."""

from django.db import connection, transaction

from config.demo.load import (
    answers,
    archive,
    around,
    connected,
    customers,
    desk,
    edition,
    house,
    learning,
    lifted,
    linked,
    money,
    organisations,
    readings,
    recurring,
    remedied,
    reviews,
    ruled,
    scores,
    story,
    told,
    training,
    voices,
    waves,
    wishes,
)
from config.demo.progress import Progress
from config.demo.rows import World
from helpdesk import events
from helpdesk.errors import DomainError
from helpdesk.models import Customer, Issue, Role, User

FILLED = (
    *archive.FILLED,
    Customer,
    Issue,
)  # the planner must know how many there are before the rest is told


class NotEmpty(DomainError):
    """People work with this helpdesk already. The demo company moves into an empty one only."""

    code = "not-empty"


def load(world: World, *, progress: Progress) -> None:
    """Fill an empty helpdesk. All or nothing: a load that is killed leaves it as empty as it was. Raises NotEmpty."""
    events.carry_by(_nobody)
    try:
        _fill(world, progress)
    finally:
        events.carry_by(None)


def _nobody(_: events.News) -> None:
    """What happened is past: no page is open that could show it, and `desk.settle` has struck off who was owed it."""


@transaction.atomic
def _fill(world: World, progress: Progress) -> None:
    _claim(world)
    guards = lifted.lift(*archive.FILLED, Customer)
    with progress.step("Departments, people and the taxonomy"):
        company = house.build(world)
        money.set_ownership(world, company)
        money.set_money(world, company)
    with progress.step(f"{len(world.customers):,} customers"):
        ids = customers.load_customers(world)
        customers.give_logins(world, ids)
        customers.load_exposure(world)
    with progress.step(f"{len(world.tickets):,} tickets and what was done about them", len(world.tickets)):
        _tell(world, company, ids, progress)
    with progress.step("Statistics for the query planner"), connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in FILLED)}")
    with progress.step("The desk as it stands today"):
        desk.open_desk(world, company)
        linked.tie_tickets(world, company)
        organisations.open_organisations(world, company)
        remedied.give(world, company)
        learning.suggest(world, company)
        readings.tell_readings(world, company)
        told.tell_ahead(world, company)
        waves.prepare(world, company)
        scores.reward(world, company)
        reviews.tell_reviews(world, company)
        wishes.wish(world, company)
        training.train(world, company)
        scores.ask(world, company)
        scores.assess(world, company)
        voices.suggest_all(world, company)
        connected.connect(world, company)
        around.keep_around(world, company)
        ruled.rule(world, company)
        answers.write_answers(world, company)
        recurring.plan(world, company)
        desk.settle(world)
    with progress.step("Checking every reference"):
        lifted.put_back(guards)


def require_empty() -> None:
    """Raises NotEmpty when people work here already."""
    if User.objects.exclude(role=Role.SYSTEM).exists():
        raise NotEmpty


def _claim(world: World) -> None:
    """Only one load at a time, and only into an empty house; months before this year's need their partitions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('demo company'))")
        require_empty()
        months = (world.end - world.start).days // 28 + 1
        cursor.execute("SELECT helpdesk_make_event_partitions(%s, %s)", [world.start, months])


def _tell(world: World, company: house.House, ids: list[int], progress: Progress) -> None:
    """The tickets in the order in which they came, and between them what was done about their causes."""
    past = archive.Archive(world, company, ids, progress.advance)
    steps = [
        *story.steps(world, company),
        learning.first_lesson(world, company),
        *edition.steps(world, company),
    ]
    for step in sorted(steps, key=lambda step: step.at):
        if step.reads:
            past.copy_until(step.at)
        step.act(step.at)
    past.copy_until(world.now)
