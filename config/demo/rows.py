"""The rows of the demo world: plain values, ready to be copied. People by e-mail, departments and issues by code,
customers and tickets by their place in the world's lists."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from config.demo.company import Department, Macro, Person, Product
from config.demo.planned import PlannedCase
from config.demo.taxonomy import Node


class CustomerRow(NamedTuple):
    """A household or landlord with our devices; ordered by the day they joined."""

    name: str
    email: str
    phone: str
    organisation: str
    segment: str
    region: str
    value: Decimal
    language: str
    joined_on: date
    left_on: date | None


class TicketRow(NamedTuple):
    """One contact and what became of it, ordered by `opened_at`. No `issues` means that nobody has coded it.

    `meant` is what it was really about (a code, or `planted.UNNAMED`): for tests, never for the database.
    """

    subject: str
    body: str
    customer: int
    channel: str
    contact_type: str
    severity: int
    product: str
    product_version: str
    segment: str
    region: str
    language: str
    department: str
    assignee: str | None
    status: str
    issues: tuple[str, ...]
    coded_at: datetime | None
    suspected_cause: str
    remedy: str
    remedy_amount: Decimal | None
    remedy_wanted: str
    attempts_before: int
    handling_minutes: int
    reopened_count: int
    occurred_at: datetime
    opened_at: datetime
    first_replied_at: datetime | None
    reply: str
    solved_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    outcome: str
    would_buy_again: bool | None
    told_others: int | None
    meant: str


class SurveyRow(NamedTuple):
    """A customer's answer to "did we solve it?", some days after."""

    ticket: int
    sent_at: datetime
    answered_at: datetime
    outcome: str
    would_buy_again: bool | None
    would_recommend: int
    told_others: int
    solved_in_one: bool


class ExposureRow(NamedTuple):
    """How many customers were active on a day, and how many orders they placed: what rates are counted against."""

    day: date
    region: str
    segment: str
    customers: int
    orders: int


@dataclass(frozen=True)
class World:
    """The demo company as it stands at midnight after `end` (`now`), with its whole past."""

    seed: int
    start: date
    end: date
    now: datetime
    departments: tuple[Department, ...]
    people: tuple[Person, ...]
    products: tuple[Product, ...]
    nodes: tuple[Node, ...]
    macros: tuple[Macro, ...]
    holidays: tuple[date, ...]
    customers: tuple[CustomerRow, ...]
    tickets: tuple[TicketRow, ...]
    surveys: tuple[SurveyRow, ...]
    exposure: tuple[ExposureRow, ...]
    cases: tuple[PlannedCase, ...]
