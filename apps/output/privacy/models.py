from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.models import Customer, Department, Ticket, User

KEPT_FOR = timedelta(days=7)


class CustomerExport(models.Model):
    """Everything known of a customer in one archive, made by a worker on somebody's request and kept for a week."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        GONE = "gone", _("No longer kept")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    with_notes = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # Tables that were gone through, of all.
    done = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveSmallIntegerField(default=0)
    # In the store of files; empty when it is not there (any more).
    place = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-id"], name="export_of_customer"),
            models.Index(fields=["id"], name="export_waiting", condition=Q(state="waiting")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], name="one_export_at_a_time", condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"Export {self.pk} of customer {self.customer_id}"

    @property
    def kept_until(self) -> datetime | None:
        return self.ready_at + KEPT_FOR if self.ready_at else None


class Erasure(models.Model):
    """A person asked to be forgotten. A worker goes through the database batch by batch; killed, it goes on where it
    stopped. What to look for stands here as long as it runs, and is emptied with the last batch."""

    customer = models.OneToOneField(Customer, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # Addresses, numbers and names to look for.
    terms = models.JSONField(default=dict)
    # The step it stands at, and the last row of it that is done.
    step = models.PositiveSmallIntegerField(default=0)
    last_row = models.BigIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    # Rows that were changed, by table.
    counts = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="erasure_running", condition=Q(finished_at=None)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="finished_erasures_know_nobody", condition=Q(finished_at=None) | Q(terms={})
            )
        ]

    def __str__(self) -> str:
        return f"Erasure of customer {self.customer_id}"


class RetentionRule(models.Model):
    """How long words are kept: what of its kind is older goes each night. Off until somebody switches it on."""

    class Kind(models.TextChoices):
        FILES = "files", _("Files of closed tickets")
        WORDS = "words", _("Words of closed tickets")
        MAILS = "mails", _("Mails as they came, raw")
        CUSTOMERS = "customers", _("Customers without a ticket")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Of this department's tickets alone; null: of all. Customers without a ticket are nobody's.
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    days = models.PositiveIntegerField()
    is_on = models.BooleanField(default=False)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "department"], name="one_rule_of_a_kind", nulls_distinct=False
            ),
            models.CheckConstraint(name="kept_for_a_week_at_least", condition=Q(days__gte=7)),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s after %(days)s days") % {"kind": self.get_kind_display(), "days": self.days}


class RetentionRun(models.Model):
    """What a rule did in one night, in rows."""

    rule = models.ForeignKey(RetentionRule, models.CASCADE, related_name="runs")
    rows = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.rows}"


# Tickets that are held, and whatever was merged with them, however often and in either direction: messages stay on the
# ticket they came to, so all of it is one conversation.
HELD_TICKETS = """
    WITH RECURSIVE held (id, next) AS (
        SELECT ticket.id, ticket.merged_into_id FROM helpdesk_ticket ticket
            JOIN output_legalhold hold ON hold.ticket_id = ticket.id WHERE hold.lifted_at IS NULL
        UNION SELECT ticket.id, ticket.merged_into_id FROM held
            JOIN helpdesk_ticket ticket ON ticket.merged_into_id = held.id OR ticket.id = held.next
    ) SELECT id FROM held
"""


def held_tickets() -> RawSQL:
    """Their numbers, for `pk__in=`."""
    return RawSQL(HELD_TICKETS, [])  # noqa: S611  (no text of anybody in it)


class LegalHold(models.Model):
    """Nothing of this ticket, or of this customer, may go: it is needed as evidence."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_hold_is_on_one_thing",
                condition=Q(ticket__isnull=True, customer__isnull=False)
                | Q(ticket__isnull=False, customer__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"Hold on {self.ticket or self.customer}"
