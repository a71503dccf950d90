"""Reads: what would go, what would stay, and how a request stands."""

from dataclasses import dataclass
from datetime import datetime

from apps.output.privacy.models import CustomerExport, Erasure, LegalHold, RetentionRule, RetentionRun
from apps.output.privacy.reach import people, personal, rows_of
from apps.output.privacy.services.retention import due
from helpdesk.models import Customer, Ticket
from helpdesk.models.ticket_choices import OPEN_STATUSES

# What is in no figure by itself, and not worth a line.
QUIET = ("intake.TextVector", "response.BulkRow", "response.MacroUse", "output.CustomerMerge")


@dataclass(frozen=True)
class Preview:
    """How many rows go, how many lose their words, and what stands in the way of an answer."""

    goes: list[tuple[str, int]]
    emptied: list[tuple[str, int]]
    open_tickets: int


def preview(customer: Customer) -> Preview:
    """One query for each table that holds something of a person."""
    counted = [
        (how, rows_of(label, customer).count()) for label, how in personal().items() if label not in QUIET
    ]
    tickets = Ticket.objects.filter(customer__in=people(customer), status__in=OPEN_STATUSES)
    return Preview(
        goes=[(how.title, n) for how, n in counted if how.goes and n],
        emptied=[(how.title, n) for how, n in counted if not how.goes and how.words and n],
        open_tickets=tickets.count(),
    )


def exports_of(customer: Customer) -> list[CustomerExport]:
    return list(CustomerExport.objects.filter(customer=customer).select_related("asked_by")[:5])


def erasure_of(customer: Customer) -> Erasure | None:
    return Erasure.objects.filter(customer=customer).select_related("asked_by").first()


# --- retention ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleRow:
    """A rule, what it would take tonight, and what it took in its last nights."""

    rule: RetentionRule
    due: int
    runs: list[RetentionRun]


def rules(*, at: datetime) -> list[RuleRow]:
    """Two queries, and one for each rule: rules are few."""
    found = RetentionRule.objects.select_related("department").prefetch_related("runs")
    return [RuleRow(rule, due(rule, at=at).count(), list(rule.runs.all())[:5]) for rule in found]


def holds() -> list[LegalHold]:
    return list(
        LegalHold.objects.filter(lifted_at=None).select_related("ticket", "customer", "placed_by")[:200]
    )
