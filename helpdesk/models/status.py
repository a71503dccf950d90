from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, cast

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.models.ticket_choices import Status
from helpdesk.models.user import Role

if TYPE_CHECKING:
    from helpdesk.models.department import Department
    from helpdesk.models.ticket import Ticket
    from helpdesk.models.user import User


class TicketStatusQuerySet(models.QuerySet["TicketStatus"]):
    def in_use(self, department: "Department | int | None") -> "TicketStatusQuerySet":
        """Those that a ticket of this department may be given."""
        return self.filter(Q(department=None) | Q(department=department), retired_at=None)

    def default_for(self, department: int, category: str) -> "TicketStatus | None":
        """What a ticket is called that comes into a category; the department's own word before everybody's."""
        rows = self.in_use(department).filter(category=category, is_default=True)
        return rows.order_by(models.F("department").asc(nulls_last=True)).first()


@pghistory.track(append_only=True)
class TicketStatus(models.Model):
    """A state in the company's own words ("Waiting for parts"), within one of the fixed categories.

    Clocks, figures and programs go by the category; people see this word, customers another.
    """

    class Tone(models.TextChoices):
        NEW = "new", _("Violet")
        OPEN = "open", _("Blue")
        WAIT = "wait", _("Amber")
        OK = "ok", _("Green")
        BAD = "bad", _("Red")
        PLAIN = "plain", _("Grey")

    # How programs and the search box name it: "waiting-for-parts".
    key = models.SlugField(max_length=40, unique=True)
    category = models.CharField(max_length=16, choices=Status.choices)
    label = models.CharField(max_length=40)
    # What the customer reads; empty: what everybody's category says.
    customer_label = models.CharField(max_length=80, blank=True)
    tone = models.CharField(max_length=5, choices=Tone.choices, default=Tone.PLAIN)
    # Empty: for all.
    department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=100)
    is_default = models.BooleanField(default=False)
    # Who may give it to a ticket, and from which categories; empty: whoever may, from wherever one gets there.
    roles = ArrayField(models.CharField(max_length=12, choices=Role.choices), default=list, blank=True)
    comes_from = ArrayField(models.CharField(max_length=16, choices=Status.choices), default=list, blank=True)
    # Not given to tickets any more; those that have it keep it.
    retired_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TicketStatusQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "label", "id"]
        verbose_name_plural = "ticket statuses"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category", "department"],
                condition=Q(is_default=True, retired_at=None),
                nulls_distinct=False,
                name="one_default_status_of_a_category",
            ),
            models.CheckConstraint(
                name="no_status_is_keyed_as_a_category", condition=~Q(key__in=[s.value for s in Status])
            ),
        ]

    def __str__(self) -> str:
        return self.label

    # Mutators

    def retire(self, *, at: datetime) -> None:
        self.retired_at, self.is_default = at, False
        self.save(update_fields=["retired_at", "is_default"])


class InOwnWords:
    """Where a ticket stands, in the company's own words where it has some, and how long it may wait."""

    if TYPE_CHECKING:
        own_status: TicketStatus | None
        status: str
        status_since: datetime | None
        closes_itself: bool

        def get_status_display(self) -> str: ...

        def _save(self, *fields: str, at: datetime) -> None: ...

    # Mutators

    def name_status(self, own: TicketStatus | None, *, by: "User", at: datetime) -> None:
        """Another of the company's own words within the same category; clocks and figures hear nothing of it."""
        self.own_status = own
        self._save("own_status", at=at)
        data = {"own": own.key if own else None, "label": own.label if own else self.status_label}
        events.record("ticket.named", ticket=cast("Ticket", self), by=by, at=at, data=data)

    def wait_anew(self, *, at: datetime) -> None:
        """We wrote again while it waits for the customer. Told by `message.written`, so it is no event of its own."""
        self.status_since = at
        self._save("status_since", at=at)

    def let_close(self, closes: bool, *, by: "User", at: datetime) -> None:
        """Whether it ends by itself when its customer does not answer."""
        self.closes_itself = closes
        self._save("closes_itself", at=at)
        events.record("ticket.kept", ticket=cast("Ticket", self), by=by, at=at, data={"open": not closes})

    # Properties

    @property
    def status_label(self) -> str:
        return self.own_status.label if self.own_status else str(Status(self.status).label)

    @property
    def status_shade(self) -> str:
        """What colours its pill: the tone of the own word, or the category."""
        return self.own_status.tone if self.own_status else self.status
