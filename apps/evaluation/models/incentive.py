"""Rows of the departments' incentive: what a score is worth, what was reckoned, and what people did about it."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.evaluation.incentive import Bonus, Guard, Part, State
from apps.evaluation.reckoned import read_kept
from helpdesk.marked import Marked


@pghistory.track(append_only=True)
class BonusRule(models.Model):
    """What the company gives for a prevention score, in its own words: for one department, or for all that have no rule
    of their own."""

    department = models.ForeignKey(
        "helpdesk.Department", models.CASCADE, null=True, blank=True, related_name="+"
    )
    words = models.TextField(max_length=2_000)
    # Points from which on it pays, and the money at 100 points; between them in proportion to the points.
    least = models.FloatField()
    full = models.DecimalField(max_digits=12, decimal_places=2)
    set_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["department_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department"], nulls_distinct=False, name="one_bonus_rule_a_department"
            ),
            models.CheckConstraint(
                name="a_bonus_begins_between_0_and_100", condition=Q(least__gte=0) & Q(least__lte=100)
            ),
            models.CheckConstraint(name="a_bonus_is_not_negative", condition=Q(full__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.full} at 100 points, from {self.least:g} on"

    @property
    def bonus(self) -> Bonus:
        return Bonus(self.words, self.least, self.full)


class StatementQuerySet(models.QuerySet["Statement"]):
    def with_acts(self) -> "StatementQuerySet":
        return self.select_related("department", "drafted_by").prefetch_related("acts__by")

    def of_departments(self, departments: list[int]) -> "StatementQuerySet":
        return self.filter(department__in=departments)


class Statement(models.Model):
    """The incentive statement of one department and quarter, kept as it was reckoned: what was done, the score, the
    guards and what it would pay. What became of it are its acts. After a withdrawal there may be another edition."""

    department = models.ForeignKey("helpdesk.Department", models.PROTECT, related_name="+")
    quarter = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    score = models.FloatField(null=True)
    # As `apps.evaluation.incentive` has them: deeds with the contacts charged, parts of the score, guards.
    inputs = models.JSONField()
    parts = models.JSONField()
    guards = models.JSONField()
    # The rule as it stood; empty without one.
    words = models.TextField(blank=True)
    least = models.FloatField(null=True)
    full = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    would_pay = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # SHA-256 over all of it.
    digest = models.CharField(max_length=64)
    drafted_by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()

    objects: ClassVar = StatementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-quarter", "department__name", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "quarter", "edition"], name="one_statement_a_department_and_quarter"
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="statements_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.department}, {self.name}"

    # Properties; all but the first few read `acts`, so fetch them by `with_acts`.

    @property
    def name(self) -> str:
        return f"{self.quarter.year} Q{(self.quarter.month + 2) // 3}"

    @property
    def told_parts(self) -> list[Part]:
        return [Part(**part) for part in self.read_parts]

    @property
    def read_parts(self) -> list[dict[str, Any]]:
        return read_kept(self.parts)

    @property
    def read_guards(self) -> list[dict[str, Any]]:
        return read_kept(self.guards)

    @property
    def settled(self) -> "dict[str, StatementAct]":
        """Broken guards that a person has settled."""
        return {act.guard: act for act in self.acts.all() if act.act == StatementAct.Act.SETTLED}

    @property
    def broken(self) -> list[dict[str, Any]]:
        """Broken guards that nobody has settled: as long as there is one, nothing is paid."""
        settled = self.settled
        return [
            row for row in self.read_guards if row["state"] == State.BROKEN and row["guard"] not in settled
        ]

    @property
    def pays(self) -> Any:
        """None without a rule; nothing once it is withdrawn or while a broken guard is not settled."""
        if self.would_pay is None:
            return None
        return self.would_pay * 0 if self.broken or self.state == "withdrawn" else self.would_pay

    @property
    def state(self) -> str:
        """“draft”, “issued” or “withdrawn”."""
        done = {act.act for act in self.acts.all()}
        return next((act for act in ("withdrawn", "issued") if act in done), "draft")

    @property
    def state_label(self) -> Marked:
        return _("Draft") if self.state == "draft" else StatementAct.Act(self.state).label

    @property
    def guard_rows(self) -> list[dict[str, Any]]:
        """Each guard with who settled it, for pages."""
        settled = self.settled
        return [row | {"settled": settled.get(row["guard"])} for row in self.read_guards]


class StatementAct(models.Model):
    """What a person did about a statement: issued it, settled a broken guard, or withdrew it, and why."""

    class Act(models.TextChoices):
        SETTLED = "settled", _("Guard settled")
        ISSUED = "issued", _("Issued")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="acts")
    act = models.CharField(max_length=9, choices=Act.choices)
    guard = models.CharField(
        max_length=12, choices=[(guard.value, guard.value) for guard in Guard], blank=True
    )
    reason = models.TextField(blank=True)
    by = models.ForeignKey("helpdesk.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "act", "guard"], name="an_act_on_a_statement_once"),
            models.CheckConstraint(
                name="settled_and_withdrawn_with_a_reason", condition=Q(act="issued") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="a_guard_is_settled_by_name",
                condition=Q(act="settled") & ~Q(guard="") | ~Q(act="settled") & Q(guard=""),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="statement_acts_stay", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.guard}".strip()
