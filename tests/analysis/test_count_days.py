"""The counted days are right whatever happened to the tickets, and whenever they were counted in between."""

import random
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings

from apps.analysis.deadlines import today
from apps.analysis.models import DayCount, StaleDay
from apps.analysis.queries.contacts import read_contacts, read_measured
from apps.analysis.queries.taxonomy import place_names, read_taxonomy
from apps.analysis.rollup import rollup
from apps.analysis.services import count_days, count_series
from apps.analysis.services.count_days import mark_days
from helpdesk.models import Customer, Event, TaxonomyRelease, Ticket, TicketIssue
from helpdesk.services.taxonomy import AddIssue, EditIssue, RetireIssue, publish_taxonomy
from tests.analysis.world import TODAY, day_before, make_world, sow
from tests.factories import NOW, make_cast, make_issue, make_product, make_ticket

EVERY = (
    "day", "issue", "product", "version", "department", "region", "segment", "channel", "contact_type",
)  # fmt: skip
FIRST, LAST = day_before(40), day_before(1)


class Life:
    """Things that happen to tickets, in an order nobody chose."""

    def __init__(self, world, seed):
        self.world, self.cast, self.dice = world, world.cast, random.Random(seed)
        self.products = [make_product("lamp"), make_product("hub"), None]
        self.customers = [world.cast.zoe] + [
            Customer.objects.known_by(
                email=f"c{n}@customer.test", name="C", at=NOW, region="south", segment=""
            )
            for n in range(3)
        ]
        self.editions = 0
        self.acts = [
            *[self.open] * 6, *[self.recode] * 5, self.second_issue, self.merge, self.reopen, self.solve, self.rate,
            self.move, self.describe, self.take_time, self.erase, self.uncode, self.publish, self.bulk, self.nothing,
            self.postpone,
        ]  # fmt: skip

    def run(self, steps):
        for _ in range(steps):
            act = self.dice.choice(self.acts)
            ticket = Ticket.objects.order_by("?").first()
            if ticket is not None or act == self.open:
                # A replay: what was done is done again, as a client or a queue would that heard no answer.
                for _ in range(self.dice.choice((1, 1, 2))):
                    if ticket is None or Ticket.objects.filter(pk=ticket.pk).exists():
                        act(ticket)
            if self.dice.random() < 0.15:
                count_days(first=day_before(self.dice.randrange(20, 41)), last=LAST, at=NOW)

    def moment(self):
        return NOW - timedelta(hours=self.dice.randrange(24, 24 * 40))

    def who(self):
        return {"by": self.cast.system, "at": NOW}

    def open(self, _):
        make_ticket(
            self.cast, at=self.moment(), customer=self.dice.choice(self.customers),
            product=self.dice.choice(self.products), product_version=self.dice.choice(("", "3.1", "3.2")),
            contact_type=self.dice.choice(("problem", "complaint")), channel=self.dice.choice(("form", "phone")),
        )  # fmt: skip

    def classify(self, ticket, **how):
        ticket.refresh_from_db()
        release = TaxonomyRelease.objects.order_by("-number").first()
        ticket.classify(self.dice.choice(self.world.issues), release=release, **how, **self.who())

    def recode(self, ticket):
        self.classify(ticket)

    def second_issue(self, ticket):
        self.classify(ticket, primary=False)

    def merge(self, ticket):
        other = Ticket.objects.exclude(pk=ticket.pk).order_by("?").first()
        if other is not None and ticket.merged_into_id is None:
            ticket.merge_into(other, **self.who())

    def reopen(self, ticket):
        ticket.reopen(reason="again", **self.who())

    def solve(self, ticket):
        ticket.resolve(**self.who())

    def rate(self, ticket):
        outcome = self.dice.choice(("satisfied", "mollified", "dissatisfied"))
        ticket.answer_survey(outcome=outcome, would_buy_again=None, told_others=None, **self.who())

    def move(self, ticket):
        ticket.move_to(self.cast.shipping, **self.who())

    def describe(self, ticket):
        ticket.product, ticket.product_version = self.dice.choice(self.products), "4.0"
        ticket.save(update_fields=["product", "product_version"])

    def take_time(self, ticket):
        Ticket.objects.filter(pk=ticket.pk).update(handling_minutes=self.dice.randrange(90))

    def erase(self, ticket):
        """Nothing of the product erases a ticket yet; whatever does will be noticed."""
        spoken_of = Event.objects.exclude(ticket=None).values("ticket")
        targets = Ticket.objects.exclude(merged_into=None).values("merged_into")
        bare = Ticket.objects.exclude(pk__in=spoken_of).exclude(pk__in=targets)
        Ticket.objects.filter(pk__in=list(bare.values_list("pk", flat=True)[:2])).delete()

    def uncode(self, ticket):
        ticket.issues.filter(is_primary=False).delete()

    def publish(self, _):
        self.editions += 1
        code = self.dice.choice(self.world.issues).code
        at = NOW + timedelta(days=self.editions)
        changes = [
            EditIssue(
                code=code, label=f"Anew {self.editions}", definition="", owner_department=None, owner=None
            ),
            AddIssue(code=f"new-{self.editions}", label="New"),
        ]
        if self.editions % 3 == 0:
            changes.append(RetireIssue(code=f"new-{self.editions - 2}", replaced_by=code))
        publish_taxonomy(changes=changes, note="", by=self.cast.ada, at=at)

    def bulk(self, _):
        sow(self.world, self.dice.choice(self.world.issues), {(39, 1): 0.3}, seed=self.dice.randrange(1000),
            channel="import")  # fmt: skip

    def postpone(self, ticket):
        """A wrong date is put right."""
        Ticket.objects.filter(pk=ticket.pk).update(opened_at=self.moment())

    def nothing(self, ticket):
        ticket.hold("waiting_customer", **self.who())
        ticket.begin(**self.who())


def counted():
    """What the rows say, in a form that does not depend on the order of codings."""
    contacts, measures = read_measured(FIRST, LAST, names=place_names())
    cells = rollup(contacts, measures, EVERY)
    return {(contacts.date(cell.place[0]), *cell.place[1:]): _figures(cell) for cell in cells}, {
        contacts.date(n): total for n, total in enumerate(contacts.total) if total
    }


def _figures(cell):
    return (
        cell.tickets, cell.reopened, cell.customers, cell.minutes, cell.satisfied, cell.mollified, cell.dissatisfied
    )  # fmt: skip


def recounted():
    """The same from the tickets, one by one, by the ORM alone."""
    cells, totals, people = defaultdict(lambda: [0] * 7), Counter(), defaultdict(set)
    for ticket in Ticket.objects.filter(merged_into=None).select_related("product", "department"):
        day = today(ticket.opened_at)
        if not FIRST <= day <= LAST:
            continue
        totals[day] += 1
        product = ticket.product.code if ticket.product else ""
        version = f"{product} {ticket.product_version}".strip() if ticket.product_version else ""
        for issue in list(ticket.issues.values_list("issue", flat=True)) or [0]:
            place = (day, issue, product, version, ticket.department.slug, ticket.region, ticket.segment,
                     ticket.channel, ticket.contact_type)  # fmt: skip
            cell = cells[place]
            people[place].add(ticket.customer_id)
            cell[0] += 1
            cell[1] += ticket.reopened_count > 0
            cell[2] = len(people[place])
            cell[3] += ticket.handling_minutes
            for at, outcome in enumerate(("satisfied", "mollified", "dissatisfied"), 4):
                cell[at] += ticket.outcome == outcome
    return {place: tuple(cell) for place, cell in cells.items()}, dict(totals)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns"])
def test_counting_by_marks_is_counting_everything_is_counting_by_hand(cast, seed, zone):
    with override_settings(TIME_ZONE=zone):
        life = Life(make_world(cast), seed)
        life.run(90)
        count_series(first=FIRST, last=LAST, at=NOW)
        by_marks = counted()
        mark_days(first=FIRST, last=LAST)
        count_series(first=FIRST, last=LAST, at=NOW)
        assert by_marks == counted() == recounted()
        assert count_series(first=FIRST, last=LAST, at=NOW) == 0


def test_only_days_with_a_change_are_counted_again(world):
    sow(world, world.charged, {(30, 0): 3.0}, seed=1)
    assert count_days(first=FIRST, last=LAST, at=NOW) == DayCount.objects.count()
    ticket = Ticket.objects.filter(opened_at__date=day_before(20)).first()
    ticket.reopen(reason="again", by=world.cast.ana, at=NOW)
    assert count_days(first=FIRST, last=LAST, at=NOW) == 1


@pytest.mark.parametrize("change", [
    {"product_version": "9"}, {"region": "west"}, {"segment": "x"}, {"channel": "api"}, {"contact_type": "praise"},
    {"outcome": "satisfied"}, {"handling_minutes": 5}, {"reopened_count": 1},
])  # fmt: skip
def test_a_change_of_what_is_counted_marks_its_day(cast, change):
    ticket = make_ticket(cast)
    StaleDay.objects.all().delete()
    Ticket.objects.filter(pk=ticket.pk).update(**change)
    assert [today(mark.at) for mark in StaleDay.objects.all()] == [TODAY]
    Ticket.objects.filter(pk=ticket.pk).update(**change)
    assert StaleDay.objects.count() == 1


def test_a_change_that_is_not_counted_marks_nothing(cast):
    ticket = make_ticket(cast)
    StaleDay.objects.all().delete()
    ticket.hold("waiting_customer", by=cast.ana, at=NOW)
    ticket.rate(1, by=cast.ana, at=NOW)
    ticket.tell_clock(due_at=NOW, state="running")
    assert not StaleDay.objects.exists()


def test_many_tickets_in_one_statement_leave_few_marks(world):
    StaleDay.objects.all().delete()
    tickets = sow(world, world.charged, {(5, 0): 200.0}, seed=1)
    assert tickets > 900
    assert StaleDay.objects.count() == 10  # five noons, for the tickets and for their codings


def test_a_mark_lives_and_dies_with_the_change_it_is_for(cast):
    StaleDay.objects.all().delete()
    with transaction.atomic():
        make_ticket(cast)
        assert StaleDay.objects.exists()
        transaction.set_rollback(True)
    assert not StaleDay.objects.exists()


def test_a_retired_issue_is_read_as_its_successor(world):
    """And recoding preserves totals: the day's tickets are as many as before."""
    sow(world, world.charged, {(30, 0): 2.0}, seed=1)
    sow(world, world.refund, {(30, 0): 1.0}, seed=2)
    count_series(first=FIRST, last=LAST, at=NOW)
    before = read_contacts(FIRST, LAST, names=place_names())
    publish_taxonomy(
        changes=[RetireIssue(code=world.refund.code, replaced_by=world.charged.code)], note="", by=world.cast.ada,
        at=NOW,
    )  # fmt: skip
    crosswalk = read_taxonomy().crosswalk
    after = read_contacts(FIRST, LAST, names=place_names(), crosswalk=crosswalk)
    together = before.daily([world.charged.pk, world.refund.pk])
    assert (after.daily([world.charged.pk]) == together).all()
    assert not after.daily([world.refund.pk]).any()
    assert (after.total == before.total).all()


def test_days_before_the_first_ticket_are_no_days(world):
    sow(world, world.charged, {(30, 0): 3.0}, seed=1)
    count_days(first=FIRST, last=LAST, at=NOW)
    later = datetime.combine(day_before(10), datetime.min.time(), UTC)
    TicketIssue.objects.filter(at__lt=later).delete()
    Ticket.objects.filter(opened_at__lt=later).update(opened_at=later)
    count_days(first=FIRST, last=LAST, at=NOW)
    assert DayCount.objects.order_by("day").first().day == day_before(10)


def test_another_time_zone_counts_every_day_anew(world):
    sow(world, world.charged, {(30, 0): 3.0}, seed=1)
    count_days(first=FIRST, last=LAST, at=NOW)
    with override_settings(TIME_ZONE="Pacific/Auckland"):
        assert count_days(first=FIRST, last=LAST, at=NOW) == DayCount.objects.count()


@pytest.mark.django_db(transaction=True)
def test_counting_while_tickets_come_in_loses_none():
    cast = make_cast()
    issue = make_issue()
    release = TaxonomyRelease.objects.get()
    writers = 3

    def write(number):
        try:
            for n in range(15):
                with transaction.atomic():
                    ticket = make_ticket(cast, at=NOW - timedelta(days=2 + n % 3))
                    ticket.classify(issue, release=release, by=cast.system, at=NOW)
        finally:
            connection.close()

    def count(number):
        try:
            return [count_days(first=FIRST, last=LAST, at=NOW) for _ in range(12)]
        finally:
            connection.close()

    with ThreadPoolExecutor(writers + 2) as threads:
        futures = [threads.submit(act, n) for n, act in enumerate([write] * writers + [count] * 2)]
        for future in futures:
            future.result()
    count_days(first=FIRST, last=LAST, at=NOW)
    assert sum(DayCount.objects.values_list("tickets", flat=True)) == writers * 15
    assert counted() == recounted()
