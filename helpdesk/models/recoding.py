from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.models.issue import Issue, TaxonomyRelease

if TYPE_CHECKING:
    from helpdesk.models.user import User


class RecodingKind(models.TextChoices):
    """Where the new code of a ticket comes from."""

    MERGE = "merge", _("Merged")
    BACK = "back", _("Taken back")
    SUGGESTION = "suggestion", _("By suggestion")


class RecodingState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")


TRANSITIONS: dict[str, tuple[str, ...]] = {
    RecodingState.WAITING: ("running", "done", "stopped"),
    RecodingState.RUNNING: ("done", "stopped"),
}


AT_WORK = (RecodingState.WAITING, RecodingState.RUNNING)


class RecodingQuerySet(models.QuerySet["Recoding"]):
    def at_work(self) -> "RecodingQuerySet":
        return self.filter(state__in=AT_WORK)


class Recoding(models.Model):
    """Tickets brought from one code to another after a release, batch by batch; how far it is, and what it left."""

    release = models.ForeignKey(TaxonomyRelease, models.PROTECT, related_name="recodings")
    kind = models.CharField(max_length=10, choices=RecodingKind.choices)
    source = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    # Null where each ticket has a target of its own: by suggestion, and back.
    target = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+")
    # The recoding this one takes back.
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back_by")
    state = models.CharField(max_length=8, choices=RecodingState.choices, default=RecodingState.WAITING)
    # Tickets that carried the code when it was asked for; of these looked at, recoded, and left as they were.
    total = models.PositiveIntegerField()
    seen = models.PositiveIntegerField(default=0)
    recoded = models.PositiveIntegerField(default=0)
    # Of the recoded: those that carried both codes, which are one now.
    collapsed = models.PositiveIntegerField(default=0)
    # Where the next batch begins.
    after_ticket = models.BigIntegerField(default=0)
    asked_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar = RecodingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["waiting", "running"]),
                name="one_recoding_of_an_issue_at_a_time",
            )
        ]
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="recoding_states",
                field="state",
                transitions=[(before, after) for before, afters in TRANSITIONS.items() for after in afters],
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.seen} of {self.total}"

    # Factories

    @classmethod
    def plan(
        cls, *, release: TaxonomyRelease, kind: str, source: Issue, target: Issue | None = None, by: "User",
        at: datetime,
    ) -> "Recoding":  # fmt: skip
        from helpdesk.models.coding import TicketIssue

        total = TicketIssue.objects.filter(issue=source).count()
        return cls.objects.create(
            release=release, kind=kind, source=source, target=target, total=total, asked_by=by, asked_at=at
        )

    @classmethod
    def plan_back(
        cls, recoding: "Recoding", *, release: TaxonomyRelease, by: "User", at: datetime
    ) -> "Recoding":
        """Its tickets get the codes back that they had before."""
        return cls.objects.create(
            release=release, kind=RecodingKind.BACK, source=recoding.source, takes_back=recoding,
            total=recoding.tickets.count(), asked_by=by, asked_at=at,
        )  # fmt: skip

    # Mutators

    def proceed(self, *, seen: int, recoded: int, collapsed: int, after_ticket: int) -> None:
        """One batch further."""
        self.state = RecodingState.RUNNING
        self.seen, self.recoded = self.seen + seen, self.recoded + recoded
        self.collapsed, self.after_ticket = self.collapsed + collapsed, after_ticket
        self.save(update_fields=["state", "seen", "recoded", "collapsed", "after_ticket"])

    def finish(self, *, at: datetime) -> None:
        self._end(RecodingState.DONE, at=at)

    def stop(self, *, at: datetime) -> None:
        """Not to go on; what is done stays done. Nothing where it has ended already."""
        if self.is_at_work:
            self._end(RecodingState.STOPPED, at=at)

    def _end(self, state: RecodingState, *, at: datetime) -> None:
        self.state, self.ended_at = state, at
        self.save(update_fields=["state", "ended_at"])

    # Properties

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def left(self) -> int:
        """Looked at, and left as they were: the suggestion was not sure, or somebody had coded them otherwise."""
        return self.seen - self.recoded


class RecodedTicket(models.Model):
    """What a ticket's code was before a recoding: its original code, in its original edition, stays known."""

    recoding = models.ForeignKey(Recoding, models.CASCADE, related_name="tickets")
    ticket = models.ForeignKey("helpdesk.Ticket", models.CASCADE, related_name="+")
    issue_before = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    release_before = models.ForeignKey(TaxonomyRelease, models.PROTECT, related_name="+")
    issue_after = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    was_primary = models.BooleanField()
    # Where the ticket carried both codes: what stood on either (`coding.facts`), the old one first. Else empty.
    collapsed = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recoding", "ticket"], name="recoded_once_by_a_recoding")
        ]

    def __str__(self) -> str:
        return f"#{self.ticket_id}: {self.issue_before} -> {self.issue_after}"


def original_codes(ticket: int) -> models.QuerySet[RecodedTicket]:
    """What this ticket was coded as before any recoding, each with the edition it was coded in."""
    rows = RecodedTicket.objects.filter(ticket=ticket).exclude(recoding__kind=RecodingKind.BACK)
    return rows.select_related("issue_before", "release_before").order_by("id")
