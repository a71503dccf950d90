from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.sentences import SentenceField

if TYPE_CHECKING:
    from helpdesk.models import User


class DayCount(models.Model):
    """One day's contacts, counted once: how many tickets with each issue came from where, and what became of them.

    Tickets that a campaign asked for are counted apart (`solicited`): more of them is no worse quality.

    The nightly analysis reads these rows instead of every ticket. A day of which a ticket changed is marked
    (`StaleDay`) and counted again; throwing the whole table away costs one long night and nothing else.
    """

    day = models.DateField(primary_key=True)
    # For each coding eight big-endian 32-bit numbers: issue, product, department, region, segment, channel, version,
    # contact type. Issue 0 is a ticket without a code; the last five are places in the lists of `names`.
    cells = models.BinaryField()
    # For each coding, in the same order, three more: customer, handling minutes, and bits: 1 it is the ticket's first
    # coding, 2 and 4 the outcome, the rest how often the ticket was reopened.
    measures = models.BinaryField(default=b"")
    names = models.JSONField()
    tickets = models.PositiveIntegerField()
    solicited = models.PositiveIntegerField(default=0, db_default=0)
    # How the cells are laid out, and in which time zone days begin: counted otherwise is as good as not counted.
    counted_as = models.CharField(max_length=80, default="")
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}: {self.tickets}"


class StaleDay(models.Model):
    """A mark: a ticket opened about this moment is new, gone or changed since its day was counted.

    The database writes it in the transaction of the change itself (see the migration), a row for each change and not
    one for each day, so that nobody ever waits for somebody else's mark. Who counts takes the marks away.
    """

    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at}"


class Exposure(models.Model):
    """How many could have had a problem on a day: active customers or orders. Rates are per this number."""

    class Kind(models.TextChoices):
        ACTIVE_CUSTOMERS = "active_customers", _("Active customers")
        ORDERS = "orders", _("Orders")

    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="one_exposure_of_a_kind_a_day"),
            models.CheckConstraint(name="exposure_is_positive", condition=models.Q(value__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value} {self.get_kind_display()}"


class RunState(models.TextChoices):
    ASKED = "asked", _("Waiting for a worker")
    COUNTING = "counting", _("Counting the days")
    LOOKING = "looking", _("Looking at the lines")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


AT_WORK = (RunState.ASKED, RunState.COUNTING, RunState.LOOKING)


class AnalysisRunQuerySet(models.QuerySet["AnalysisRun"]):
    def done(self) -> "AnalysisRunQuerySet":
        return self.filter(state=RunState.DONE)

    def at_work(self) -> "AnalysisRunQuerySet":
        return self.filter(state__in=AT_WORK)


class AnalysisRun(models.Model):
    """One night's analysis, up to and with `day`, in one edition of the taxonomy; again replaces what it says.

    The row is also how far it is: any worker may take it up where another was killed.
    """

    day = models.DateField()
    release = models.ForeignKey("helpdesk.TaxonomyRelease", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.ASKED)
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    # The last sign of life: a run that gave none for a while is taken up again.
    seen_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Days or blocks of lines, by state: this many of so many.
    pieces_done = models.PositiveIntegerField(default=0)
    pieces = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the blocks were computed from: a block of other counts is computed again.
    basis = models.CharField(max_length=64, blank=True)
    tickets = models.PositiveIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    days_counted = models.PositiveIntegerField(default=0)
    sentence = SentenceField(blank=True)

    objects: ClassVar = AnalysisRunQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-day", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "release"], nulls_distinct=False, name="one_analysis_of_a_day_and_edition"
            )
        ]

    def __str__(self) -> str:
        return f"Analysis of {self.day}"

    # Mutators

    def ask(self, *, by: "User", at: datetime) -> None:
        """From the beginning; what a worker still does for an earlier asking is thrown away."""
        self.state, self.by, self.asked_at, self.attempts, self.basis = RunState.ASKED, by, at, 0, ""
        self.save(update_fields=["state", "by", "asked_at", "attempts", "basis"])
        self.tell(RunState.ASKED, 0, 0)

    def tell(self, state: str, done: int, of: int) -> None:
        """How far it is. The moment is the database's own: workers on other machines are compared by it."""
        self.state, self.pieces_done, self.pieces = state, done, of
        told = {"state": state, "pieces_done": done, "pieces": of, "seen_at": Now()}
        AnalysisRun.objects.at_work().filter(pk=self.pk).update(**told)

    def note(self, **numbers: Any) -> None:
        for name, value in numbers.items():
            setattr(self, name, value)
        self.save(update_fields=[*numbers])

    def finish(self, *, at: datetime, **numbers: Any) -> None:
        self.blocks.all().delete()
        self.note(state=RunState.DONE, finished_at=at, **numbers)

    # Properties

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def percent(self) -> int:
        """How far the present state is."""
        return round(100 * min(self.pieces_done / self.pieces, 1)) if self.pieces else 0


class RunBlock(models.Model):
    """What one worker found on one block of the lines of a run, until the blocks are joined."""

    run = models.ForeignKey(AnalysisRun, models.CASCADE, related_name="blocks")
    number = models.PositiveIntegerField()
    basis = models.CharField(max_length=64)
    found = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="one_result_of_a_block")
        ]

    def __str__(self) -> str:
        return f"{self.run}, block {self.number}"
