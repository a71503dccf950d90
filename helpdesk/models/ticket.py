from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from helpdesk import events, statements
from helpdesk.models.coding import CodingSource, TicketIssue
from helpdesk.models.issue import Issue, TaxonomyRelease
from helpdesk.models.status import InOwnWords, TicketStatus
from helpdesk.models.ticket_choices import (
    OPEN_STATUSES,
    REACHED_BY,
    Channel,
    ClockState,
    ContactType,
    Outcome,
    Severity,
    Status,
)
from helpdesk.models.visible_tickets import seen_by, seen_outside_by
from helpdesk.search import search_column

if TYPE_CHECKING:
    from helpdesk.models.customer import Customer
    from helpdesk.models.department import Department
    from helpdesk.models.user import User

MAX_SUBJECT = 500


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: "User") -> "TicketQuerySet":
        """The tickets this person may know of: the only way a door fetches one."""
        return self.filter(seen_by(user))

    def visible_to_customer(self, customer: "Customer") -> "TicketQuerySet":
        """The tickets a customer may see outside: their own and, for a manager, those of the other members since they
        joined, where the organisation allows it. The one place that says so."""
        return self.filter(seen_outside_by(customer))

    def open(self) -> "TicketQuerySet":
        return self.filter(status__in=OPEN_STATUSES)

    def uncoded(self) -> "TicketQuerySet":
        return self.filter(primary_issue__isnull=True)

    def with_issue(self, issue: Issue) -> "TicketQuerySet":
        """Tickets that carry this issue or one below it, primary or not."""
        return self.filter(
            models.Exists(
                TicketIssue.objects.filter(
                    Q(issue__path=issue.path) | Q(issue__path__startswith=issue.path + "/"),
                    ticket=models.OuterRef("pk"),
                )
            )
        )


class Ticket(InOwnWords, models.Model):
    """One contact of a customer and everything done about it, from the first word to the last."""

    subject = models.CharField(max_length=MAX_SUBJECT)
    customer = models.ForeignKey("helpdesk.Customer", models.PROTECT, related_name="tickets")
    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey("helpdesk.User", models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.NEW)
    # The company's own word for it, within that category; null: the category's.
    own_status = models.ForeignKey(
        TicketStatus, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.NORMAL)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    contact_type = models.CharField(max_length=10, choices=ContactType.choices, default=ContactType.PROBLEM)
    product = models.ForeignKey("helpdesk.Product", models.PROTECT, null=True, blank=True, related_name="+")
    product_version = models.CharField(max_length=40, blank=True)
    # The customer's as of that day: a customer who moves must not move last year's tickets.
    segment = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # The primary one of `TicketIssue`, kept by `classify`, so that lists and counts need no second table.
    primary_issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="+")
    remedy_wanted = models.CharField(max_length=200, blank=True)
    attempts_before = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    would_buy_again = models.BooleanField(null=True)
    told_others = models.PositiveSmallIntegerField(null=True)
    handling_minutes = models.PositiveIntegerField(default=0)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    # The key of the campaign that asked for it; empty: it came of itself. The analysis counts the former apart.
    campaign = models.CharField(max_length=16, blank=True, default="", db_default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # When it happened to the customer, as opposed to when we heard of it.
    occurred_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    first_replied_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    # Since when it stands in its category, or waits after our latest answer; null: since before this was kept.
    status_since = models.DateTimeField(null=True, blank=True)
    # Unless somebody said that it stays open, however long it waits.
    closes_itself = models.BooleanField(default=True, db_default=True)
    # The next clock to run out, kept by `tell_clock`, so that a queue can show and sort it without a second table.
    due_at = models.DateTimeField(null=True, blank=True)
    clock_state = models.CharField(max_length=8, choices=ClockState.choices, blank=True)
    search = search_column("subject")

    objects: ClassVar = TicketQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="ticket_search"),
            # Values of the desk's own fields, whole: `custom @> {"order-id": "4711"}`.
            GinIndex(fields=["custom"], opclasses=["jsonb_path_ops"], name="ticket_custom"),
            # Few tickets have tags: only they are kept here. Ask for `.exclude(tags=[])` too, or it is not used.
            GinIndex(fields=["tags"], name="ticket_tags", condition=~Q(tags=[])),
            models.Index(fields=["customer", "-opened_at"], name="ticket_of_customer"),
            models.Index(fields=["department", "status", "-updated_at"], name="ticket_queue"),
            models.Index(
                fields=["assignee", "-updated_at"],
                name="ticket_of_assignee",
                condition=Q(status__in=[s.value for s in OPEN_STATUSES]),
            ),
            models.Index(fields=["-opened_at"], name="ticket_opened"),
            models.Index(
                fields=["own_status"], name="ticket_of_own_status", condition=Q(own_status__isnull=False)
            ),
            # What waits on its customer, the longest first.
            models.Index(
                fields=["status_since"],
                name="ticket_waiting",
                condition=Q(status="waiting_customer", closes_itself=True),
            ),
            # Orders of a list: its first rows are read off, however many there are.
            models.Index(fields=["-updated_at"], name="ticket_updated"),
            models.Index(fields=["due_at", "id"], name="ticket_by_due"),
            models.Index(fields=["campaign"], name="ticket_of_campaign", condition=~Q(campaign="")),
            # What customers said, over time: the money model reads it alone.
            models.Index(
                fields=["-opened_at", "outcome"],
                include=["id"],
                name="ticket_judged",
                condition=~Q(outcome=""),
            ),
            models.Index(
                fields=["-opened_at"], name="ticket_uncoded", condition=Q(primary_issue__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ticket_not_merged_into_itself", condition=~Q(merged_into=models.F("pk"))
            ),
            models.CheckConstraint(
                name="solved_tickets_have_a_time",
                condition=~Q(status__in=["solved", "closed"]) | Q(solved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    # Factories

    @classmethod
    def open(
        cls,
        *,
        subject: str,
        customer: "Customer",
        department: "Department",
        channel: str,
        by: "User",
        at: datetime,
        **fields: object,
    ) -> "Ticket":
        """A contact becomes a ticket. The first message is the caller's next step, in the same transaction."""
        ticket = cls(
            subject=subject[:MAX_SUBJECT],
            customer=customer,
            department=department,
            channel=channel,
            segment=customer.segment,
            region=customer.region,
            opened_at=at,
            updated_at=at,
            **{"occurred_at": at} | fields,
        )
        statements.insert(ticket)
        events.record("ticket.opened", ticket=ticket, by=by, at=at, data={"channel": channel})
        return ticket

    # Mutators

    def classify(
        self,
        issue: Issue,
        *,
        release: TaxonomyRelease,
        by: "User",
        at: datetime,
        source: str = CodingSource.PERSON,
        confidence: float | None = None,
        primary: bool = True,
        suspected_cause: str = "",
    ) -> "TicketIssue":
        """Give the ticket an issue; the first is primary whatever is asked, a new primary makes the old one second."""
        primary = primary or self.primary_issue_id in (None, issue.pk)
        if primary:
            self.issues.filter(is_primary=True).exclude(issue=issue).update(is_primary=False)
        coded, _ = TicketIssue.objects.update_or_create(
            ticket=self,
            issue=issue,
            defaults={
                "release": release,
                "is_primary": primary,
                "source": source,
                "confidence": confidence,
                "coded_by": by,
                "coded_at": at,
                "at": self.opened_at,
                "suspected_cause": suspected_cause,
            },
        )
        before = self.primary_issue_id
        if primary:
            self.primary_issue = issue
        self._save("primary_issue", at=at)
        data = {"issue": issue.pk, "primary": primary, "before": before, "source": source}
        events.record("ticket.classified", ticket=self, by=by, at=at, data=data)
        return coded

    def take_off(self, issue: Issue, *, by: "User", at: datetime) -> None:
        """It is not about this second issue after all. The primary one is replaced by `classify`, never taken off."""
        removed, _ = self.issues.filter(issue=issue, is_primary=False).delete()
        if removed:
            events.record("ticket.uncoded", ticket=self, by=by, at=at, data={"issue": issue.pk})

    def assign(self, assignee: "User | None", *, by: "User", at: datetime) -> None:
        data = {"from": self.assignee_id, "to": assignee.pk if assignee else None}
        self.assignee = assignee
        self._save("assignee", at=at)
        events.record("ticket.assigned", ticket=self, by=by, at=at, data=data)

    def move_to(self, department: "Department", *, by: "User", at: datetime) -> None:
        """Another department answers from here on; nobody there has taken it yet."""
        data = {"from": self.department_id, "to": department.pk}
        self.department, self.assignee = department, None
        if self.own_status_id is not None:  # the word may be the former department's own
            self.own_status = TicketStatus.objects.default_for(department.pk, self.status)
        self._save("department", "assignee", "own_status", at=at)
        events.record("ticket.moved", ticket=self, by=by, at=at, data=data)

    def rate(self, severity: int, *, by: "User", at: datetime) -> None:
        data = {"from": self.severity, "to": severity}
        self.severity = severity
        self._save("severity", at=at)
        events.record("ticket.rated", ticket=self, by=by, at=at, data=data)

    def unmark(self, *, by: "User", at: datetime) -> None:
        """No campaign asked for it after all: it counts as one that came of itself."""
        data, self.campaign = {"campaign": self.campaign}, ""
        self._save("campaign", at=at)
        events.record("ticket.unmarked", ticket=self, by=by, at=at, data=data)

    def begin(self, *, own: TicketStatus | None = None, by: "User", at: datetime) -> None:
        """Somebody is working on it (again): new or waiting becomes open."""
        self._change_status(Status.OPEN, "ticket.begun", own=own, by=by, at=at)

    def hold(
        self, waiting_on: str, *, reason: str = "", own: TicketStatus | None = None, by: "User", at: datetime
    ) -> None:
        """Wait for the customer or for the owner of a part of the work."""
        self._change_status(Status(waiting_on), "ticket.held", own=own, by=by, at=at, reason=reason)

    def note_first_reply(self, *, at: datetime) -> None:
        """The moment of the first answer; told by `message.written` or `call.logged`, so it is no event of its own. A
        call may be logged later than what was written after it."""
        if self.first_replied_at is None or at < self.first_replied_at:
            self.first_replied_at = at
            self._save("first_replied_at", at=max(at, self.updated_at))

    def resolve(self, *, reason: str = "", own: TicketStatus | None = None, by: "User", at: datetime) -> None:
        self.solved_at = at
        why = {"reason": reason} if reason else {}
        self._change_status(Status.SOLVED, "ticket.resolved", "solved_at", own=own, by=by, at=at, **why)

    def reopen(self, *, reason: str, own: TicketStatus | None = None, by: "User", at: datetime) -> None:
        self.solved_at = self.closed_at = None
        self.reopened_count += 1
        self._change_status(
            Status.OPEN,
            "ticket.reopened",
            "solved_at",
            "closed_at",
            "reopened_count",
            own=own,
            by=by,
            at=at,
            reason=reason,
        )

    def stand_again(
        self,
        *,
        status: str,
        solved_at: datetime | None,
        closed_at: datetime | None,
        reopened_count: int,
        by: "User",
        at: datetime,
    ) -> None:
        """What was done to its state is taken back: it stands where it stood, and no reopening is counted."""
        self.solved_at, self.closed_at, self.reopened_count = solved_at, closed_at, reopened_count
        fields = ("solved_at", "closed_at", "reopened_count")
        waits = status in (Status.WAITING_CUSTOMER, Status.WAITING_OWNER)
        if status in OPEN_STATUSES and not self.is_open:
            # Its clocks run again first, and then wait.
            first = Status.OPEN if waits else Status(status)
            self._change_status(first, "ticket.reopened", *fields, by=by, at=at, reason="Taken back")
        if self.status != status:
            self._change_status(Status(status), REACHED_BY[Status(status)], *fields, by=by, at=at)

    def close(self, *, own: TicketStatus | None = None, by: "User", at: datetime) -> None:
        self.closed_at = at
        self.solved_at = self.solved_at or at
        self._change_status(Status.CLOSED, "ticket.closed", "closed_at", "solved_at", own=own, by=by, at=at)

    def merge_into(self, target: "Ticket", *, by: "User", at: datetime) -> None:
        """This ticket was about the same thing: what comes for it goes to the other from now on."""
        self.merged_into, self.closed_at, self.solved_at = target, at, self.solved_at or at
        fields = ("merged_into", "closed_at", "solved_at")
        self._change_status(Status.CLOSED, "ticket.merged", *fields, by=by, at=at, into=target.pk)

    def unmerge(
        self, *, status: str, solved_at: datetime | None, closed_at: datetime | None, by: "User", at: datetime
    ) -> None:
        """It was about something else after all, and stands as it did before."""
        out_of, self.merged_into, self.solved_at, self.closed_at = (
            self.merged_into_id,
            None,
            solved_at,
            closed_at,
        )
        fields = ("merged_into", "closed_at", "solved_at")
        self._change_status(Status(status), "ticket.unmerged", *fields, by=by, at=at, out_of=out_of)

    def answer_survey(
        self, *, outcome: str, would_buy_again: bool | None, told_others: int | None, by: "User", at: datetime
    ) -> None:
        """What the customer said of the answer afterwards."""
        self.outcome, self.would_buy_again, self.told_others = outcome, would_buy_again, told_others
        self._save("outcome", "would_buy_again", "told_others", at=at)
        events.record("outcome.told", ticket=self, by=by, at=at, data={"outcome": outcome})

    def tell_clock(self, *, due_at: datetime | None, state: str) -> None:
        """How the most pressing clock stands, for lists. Not an act of anybody: no event, no new `updated_at`."""
        self.due_at, self.clock_state = due_at, state
        self.save(update_fields=["due_at", "clock_state"])

    def note_language(self, language: str) -> None:
        """Which language the words are in. Nobody's act: no event, no new `updated_at`."""
        self.language = language
        self.save(update_fields=["language"])

    def _change_status(
        self, status: Status, kind: str, *fields: str, own: TicketStatus | None = None, by: "User",
        at: datetime, **data: object,
    ) -> None:  # fmt: skip
        before, self.status = self.status, status
        self.status_since = at
        self.own_status = own or TicketStatus.objects.default_for(self.department_id, status)
        self._save("status", "own_status", "status_since", *fields, at=at)
        if self.own_status is not None:
            data |= {"own": self.own_status.key, "label": self.own_status.label}
        events.record(kind, ticket=self, by=by, at=at, data={"from": before, "to": status.value, **data})

    def _save(self, *fields: str, at: datetime) -> None:
        self.updated_at = at
        self.save(update_fields=[*fields, "updated_at"])

    # Properties

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    def is_visible_to(self, user: "User") -> bool:
        return Ticket.objects.visible_to(user).filter(pk=self.pk).exists()
