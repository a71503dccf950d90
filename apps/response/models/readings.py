from datetime import date, datetime
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from helpdesk import events
from helpdesk.models import Issue, Ticket, User


class SampledWeek(models.Model):
    """A week of coding from which tickets were drawn to be read a second time: once, whoever asks again."""

    monday = models.DateField(unique=True)
    # Tickets that people coded in that week: the sample stands for these.
    coded = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-monday"]

    def __str__(self) -> str:
        return f"Week of {self.monday:%Y-%m-%d}"


class ReadingState(models.TextChoices):
    """Where a second reading stands; a difference waits for a third person."""

    WAITING = "waiting", _("To be read")
    AGREED = "agreed", _("Both agree")
    DIFFERS = "differs", _("To be settled")
    SETTLED = "settled", _("Settled")
    LAPSED = "lapsed", _("Lapsed")


READ = (ReadingState.AGREED, ReadingState.DIFFERS, ReadingState.SETTLED)


class ReadingQuerySet(models.QuerySet["SecondReading"]):
    def to_read(self, user: User) -> "ReadingQuerySet":
        """What this person may read: nobody checks their own code."""
        waiting = self.filter(state=ReadingState.WAITING).exclude(first_by=user)
        return waiting.filter(ticket__in=Ticket.objects.visible_to(user))

    def to_settle(self, user: User) -> "ReadingQuerySet":
        """Differences between two others."""
        open_ones = self.filter(state=ReadingState.DIFFERS).exclude(first_by=user).exclude(second_by=user)
        return open_ones.filter(ticket__in=Ticket.objects.visible_to(user))

    def read(self) -> "ReadingQuerySet":
        """Those with two codes, whether they agree or not."""
        return self.filter(state__in=READ)

    def stale(self, *, on: date, drawn_before: datetime) -> "ReadingQuerySet":
        """Unread, and no longer worth reading: too old, merged away, or the code has gone out of use."""
        gone = Q(first_issue__valid_to__lte=on) | Q(ticket__merged_into__isnull=False)
        return self.filter(gone | Q(week__drawn_at__lt=drawn_before), state=ReadingState.WAITING)


class SecondReading(models.Model):
    """A ticket that a second person codes without knowing what the first said: how far codes can be trusted."""

    class Why(models.TextChoices):
        DISPUTED = "disputed", _("Readers of this code often differ")
        DOUBTED = "doubted", _("The words point elsewhere")
        ANY = "any", _("By chance")

    ticket = models.OneToOneField(Ticket, models.CASCADE, related_name="+")
    week = models.ForeignKey(SampledWeek, models.PROTECT, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    # Of being drawn, above 0 to 1: in shares each ticket counts as 1 / chance, so that doubtful codes do not.
    chance = models.FloatField()
    state = models.CharField(max_length=8, choices=ReadingState.choices, default=ReadingState.WAITING)
    first_issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    first_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()
    # What the suggestion had put first when the ticket came, to be held against people.
    suggested = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+")
    second_issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+")
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    # From the sight of the words to the code; null where it can't be known.
    seconds = models.PositiveIntegerField(null=True)
    # What it is: the common code, or the third person's.
    true_issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar = ReadingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["first_at"], name="reading_first_at"),
            models.Index(
                fields=["state"], name="reading_open", condition=Q(state__in=["waiting", "differs"])
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="a_chance_is_a_share", condition=Q(chance__gt=0) & Q(chance__lte=1)),
            models.CheckConstraint(name="nobody_checks_own_code", condition=~Q(second_by=F("first_by"))),
            models.CheckConstraint(
                name="a_third_person_settles",
                condition=~Q(settled_by=F("first_by")) & ~Q(settled_by=F("second_by")),
            ),
            models.CheckConstraint(
                name="what_was_read_has_two_codes",
                condition=Q(state__in=["waiting", "lapsed"], second_issue=None, second_by=None)
                | Q(state__in=["agreed", "differs", "settled"], second_issue__isnull=False,
                    second_by__isnull=False),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="states_of_a_reading",
                field="state",
                transitions=[
                    ("waiting", "agreed"),
                    ("waiting", "differs"),
                    ("waiting", "lapsed"),
                    ("differs", "settled"),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"Second reading of #{self.ticket_id}"

    # Mutators

    def read_as(self, issue: Issue, *, seconds: int | None, by: User, at: datetime) -> None:
        """The second person's code. Where both say the same, that is taken for the truth."""
        agreed = issue.pk == self.first_issue_id
        self.state = ReadingState.AGREED if agreed else ReadingState.DIFFERS
        self.second_issue, self.second_by, self.second_at, self.seconds = issue, by, at, seconds
        self.true_issue = issue if agreed else None
        self._save(
            "second_issue",
            "second_by",
            "second_at",
            "seconds",
            "true_issue",
            kind="reading.done",
            by=by,
            at=at,
        )

    def settle_as(self, issue: Issue, *, by: User, at: datetime) -> None:
        """The third person's code."""
        self.state, self.true_issue, self.settled_by, self.settled_at = ReadingState.SETTLED, issue, by, at
        self._save("true_issue", "settled_by", "settled_at", kind="reading.settled", by=by, at=at)

    def lapse(self, *, by: User, at: datetime) -> None:
        """Nobody has to read it any more."""
        self.state = ReadingState.LAPSED
        self._save(kind="reading.lapsed", by=by, at=at)

    def _save(self, *fields: str, kind: str, by: User, at: datetime) -> None:
        self.save(update_fields=["state", *fields])
        # About the reading, not the ticket: its history would tell the next reader what the others said.
        data = {"ticket": self.ticket_id, "state": self.state}
        events.record(kind, about=f"reading:{self.pk}", by=by, at=at, data=data)
